"""Which notices a party answers in one go: some by their numbers, or all that wait up to one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from openhns.notices.inbox import received_notices, waiting_notices
from openhns.parties.models import Party

AT_ONCE: Final = 250
_MOST_BOXES: Final = 1_000
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Numbers of notices that left for the party, ascending."""

    numbers: tuple[int, ...]

    @property
    def ranges(self) -> list[Range]:
        """The same as ranges, first and last number of each."""
        return as_ranges(self.numbers)

    @property
    def words(self) -> str:
        return ", ".join(str(a) if a == b else f"{a}\N{EN DASH}{b}" for a, b in self.ranges)


def as_ranges(numbers: Iterable[int]) -> list[Range]:
    """Return ascending numbers as ranges without gaps."""
    ranges: list[Range] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = ranges[-1][0], number
        else:
            ranges.append((number, number))
    return ranges


def chosen_notices(party: Party, boxes: Sequence[str], up_to: str) -> Chosen:
    """Return what was chosen; what is no number, or never left for the party, is left out."""
    if _NUMBER.fullmatch(up_to):
        found = waiting_notices(party).filter(number__lte=int(up_to))
    else:
        wanted = [int(text) for text in boxes[:_MOST_BOXES] if _NUMBER.fullmatch(text)]
        found = received_notices(party).filter(number__in=wanted)
    return Chosen(tuple(found.order_by("number").values_list("number", flat=True)))


def numbers_in(body: Mapping[str, object]) -> list[int] | None:
    """Return the numbers that a page's script asks for; None where they are none or too many."""
    numbers = body.get("numbers")
    if not isinstance(numbers, list) or not 0 < len(numbers) <= AT_ONCE:
        return None
    return numbers if all(type(number) is int and number > 0 for number in numbers) else None

"""How well areas hide a place, said to organisations: measured over the register, and blunted.

An organisation must not learn from the measure whether another's site stands near its own. It is
therefore one figure for the whole register, to the next ten, kept for an hour, and not said at
all while few areas hold anything. In a large register a page does not wait for it. Counted is what
reviewers cleared: else whoever submits could put a place of their own beside each that they ask
about, and watch the figure.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from openhns.mechanism.models import Mechanism
from openhns.mechanism.state import RememberedFor
from openhns.notices.exposure import register_cells
from openhns.registry.models import Version

FEWEST_CELLS: Final = 50
_STEP: Final = 10
_shares: Final[RememberedFor[int | None]] = RememberedFor(timedelta(hours=1), most=64)


@dataclass(frozen=True, slots=True)
class Share:
    """How many in a hundred cells hold one site alone, to the next ten.

    `percent` is None where it is not to be said, and where it is not `measured` yet.
    """

    percent: int | None
    measured: bool = True


def share_of_single_cells(mechanism: Mechanism, *, large: bool) -> Share:
    """Return the share over the register, at most an hour old unless a newer one is under way.

    Where the register is `large` this never waits.
    """
    found = _shares.soon(mechanism.id, mechanism.id, lambda: _measured(mechanism), large=large)
    return Share(found.value, measured=found.made_at is not None)


def _measured(mechanism: Mechanism) -> int | None:
    in_cell = Counter(register_cells(mechanism, (Version.Status.CLEARED,)).values())
    if len(in_cell) < FEWEST_CELLS:
        return None
    single = sum(count == 1 for count in in_cell.values())
    return round(100 * single / len(in_cell) / _STEP) * _STEP

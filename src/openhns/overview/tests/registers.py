"""Random registers and their histories, with and without one site, for tests of what is told."""

import hashlib
import random
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from openhns.overview.publication.bands import Draw
from openhns.overview.publication.tables import Answered, Counts, Tables, make_tables

PARTIES = (UUID(int=1), UUID(int=2))
EDITIONS = 8


@dataclass(frozen=True, slots=True)
class Place:
    """A site: from and until which edition it is in force, whom it is told to, what came of it."""

    opens: int
    closes: int
    told: frozenset[UUID]
    acknowledged_at: int | None
    waited_days: int
    grade: str
    late: bool
    returned: bool
    notices: int


Register = tuple[Place, ...]


def random_place(rng: random.Random, opens: int) -> Place:
    answered = rng.random() < 0.7
    return Place(
        opens=opens,
        closes=rng.choice([EDITIONS, EDITIONS, rng.randint(opens + 1, EDITIONS + 1)]),
        told=frozenset(rng.sample(PARTIES, rng.randint(0, len(PARTIES)))),
        acknowledged_at=rng.randint(opens, EDITIONS) if answered else None,
        waited_days=rng.randint(0, 20),
        grade=rng.choice("ABCD"),
        late=rng.random() < 0.1,
        returned=rng.random() < 0.2,
        notices=rng.randint(1, 12),
    )


def random_register(rng: random.Random) -> Register:
    """Return a register that begins with any number of sites and then grows by fits and starts."""
    opens = [0] * rng.choice([10, 250, 405, 800, 1_500, rng.randint(0, 2_000)])
    for edition in range(1, EDITIONS):
        opens += [edition] * rng.choice([0, 1, rng.randint(0, 20), rng.randint(0, 300)])
    return tuple(random_place(rng, edition) for edition in opens)


def neighbour(rng: random.Random, register: Register) -> Register:
    """Return the register with one site more, or one that closes at another time, or not told."""
    if not register or rng.random() < 0.5:
        return (*register, random_place(rng, rng.randrange(EDITIONS)))
    changed = rng.choice(register)
    rest = list(register)
    rest.remove(changed)
    later = replace(changed, closes=rng.randint(changed.opens + 1, EDITIONS + 1))
    silent = replace(changed, told=frozenset(), acknowledged_at=None, notices=0)
    return (*rest, rng.choice([later, silent]))


def counts_in(register: Register, edition: int) -> Counts:
    """Count a register as an edition counts it."""
    counts = Counts(parties={party: Answered() for party in PARTIES})
    for place in register:
        if place.opens > edition:
            continue
        counts.sites += place.closes > edition
        counts.submitted += 1
        counts.late += place.late
        counts.returned += place.returned
        counts.notices += min(10, place.notices) if place.told else 0
        for party in place.told:
            _count_answer(counts.parties[party], place, edition)
    return counts


def _count_answer(answered: Answered, place: Place, edition: int) -> None:
    answered.told += 1
    if place.acknowledged_at is not None and place.acknowledged_at <= edition:
        answered.acknowledged += 1
        answered.within_a_day += place.waited_days < 1
        answered.within_a_week += place.waited_days < 7
        answered.proof_a += place.grade <= "A"
        answered.proof_b += place.grade <= "B"
        answered.proof_c += place.grade <= "C"


def history(register: Register) -> list[Counts]:
    return [counts_in(register, edition) for edition in range(EDITIONS)]


def published(counted: list[Counts], key: int) -> list[Tables]:
    """Return the tables of all editions under one secret key."""
    made: list[Tables] = []
    for number, counts in enumerate(counted, start=1):
        made.append(make_tables(counts, made[-1] if made else {}, number, draws(key)))
    return made


def draws(key: int):  # type: ignore[no-untyped-def]  # noqa: ANN201 - a function of functions.
    def draw_for(table: str, row: str) -> Draw:
        def draw(label: str) -> Fraction:
            hashed = hashlib.sha256(f"{key}|{table}|{row}|{label}".encode()).digest()
            return Fraction(int.from_bytes(hashed[:8]), 2**64)

        return draw

    return draw_for

"""How well areas hide a place, said to organisations: measured over the register, and blunted.

An organisation must not learn from the measure whether another's site stands near its own. It is
therefore one figure for the whole register, to the next ten, kept for an hour, and not said at
all while few areas hold anything. Counted is what reviewers cleared: else whoever submits could
put a place of their own beside each that they ask about, and watch the figure.
"""

from collections import Counter
from time import monotonic
from typing import Final
from uuid import UUID

from openhns.mechanism.models import Mechanism
from openhns.notices.exposure import register_cells
from openhns.registry.models import Version

FEWEST_CELLS: Final = 50
_STEP: Final = 10
_KEPT_S: Final = 3_600.0
_shares: dict[UUID, tuple[float, int | None]] = {}


def share_of_single_cells(mechanism: Mechanism) -> int | None:
    """Return how many in a hundred cells of the register hold one site alone, to the next ten."""
    found = _shares.get(mechanism.id)
    if found is None or monotonic() - found[0] >= _KEPT_S:
        found = monotonic(), _measured(mechanism)
        _shares[mechanism.id] = found
    return found[1]


def _measured(mechanism: Mechanism) -> int | None:
    in_cell = Counter(register_cells(mechanism, (Version.Status.CLEARED,)).values())
    if len(in_cell) < FEWEST_CELLS:
        return None
    single = sum(count == 1 for count in in_cell.values())
    return round(100 * single / len(in_cell) / _STEP) * _STEP

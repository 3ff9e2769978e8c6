"""How well areas hide a place, said to organisations: measured over the register, and blunted.

An organisation must not learn from the measure whether another's site stands near its own. It is
therefore one figure for the whole register, to the next ten, kept for an hour, and not said at
all while few areas hold anything. In a large register a page does not wait for it. Counted is what
reviewers cleared: else whoever submits could put a place of their own beside each that they ask
about, and watch the figure.
"""

from collections import Counter
from dataclasses import dataclass
from time import monotonic
from typing import Final
from uuid import UUID

import structlog

from openhns.mechanism.counting import count_soon
from openhns.mechanism.models import Mechanism
from openhns.notices.exposure import register_cells
from openhns.registry.models import Version

FEWEST_CELLS: Final = 50
_STEP: Final = 10
_KEPT_S: Final = 3_600.0
_shares: dict[UUID, tuple[float, int | None]] = {}
_measuring: set[UUID] = set()
log = structlog.get_logger(__name__)


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
    found = _shares.get(mechanism.id)
    if found is not None and monotonic() - found[0] < _KEPT_S:
        return Share(found[1])
    if not large:
        return Share(_measure(mechanism))
    if mechanism.id not in _measuring:
        _measure_soon(mechanism)
    return Share(None, measured=False) if found is None else Share(found[1])


def _measure_soon(mechanism: Mechanism) -> None:
    _measuring.add(mechanism.id)
    try:
        count_soon(lambda: _measure_beside(mechanism))
    except RuntimeError:  # No thread can be started now.
        _measuring.discard(mechanism.id)


def _measure_beside(mechanism: Mechanism) -> None:
    try:
        _measure(mechanism)
    except Exception as error:  # noqa: BLE001 - the next page that asks begins anew.
        log.warning("measuring_failed", code=str(getattr(error, "code", type(error).__name__)))
    finally:
        _measuring.discard(mechanism.id)


def _measure(mechanism: Mechanism) -> int | None:
    percent = _measured(mechanism)
    _shares[mechanism.id] = monotonic(), percent
    return percent


def _measured(mechanism: Mechanism) -> int | None:
    in_cell = Counter(register_cells(mechanism, (Version.Status.CLEARED,)).values())
    if len(in_cell) < FEWEST_CELLS:
        return None
    single = sum(count == 1 for count in in_cell.values())
    return round(100 * single / len(in_cell) / _STEP) * _STEP

"""Due work of this room. Each may be called twice and then finds its own work done."""

from typing import Any
from uuid import UUID

from openhns.mechanism.errands import run
from openhns.mechanism.models import Errand
from openhns.registry.actions import do_clear_passing
from openhns.registry.reviewing import cleared_unchecked, waiting_unchecked


def do_clear_passing_work(errand_id: UUID) -> None:
    """Clear what every check passes, for the person who ordered it."""
    run(errand_id, _clear_passing)


def _clear_passing(errand: Errand) -> dict[str, Any]:
    unchecked = waiting_unchecked(errand.mechanism)
    done = do_clear_passing(errand.mechanism, acting_user=errand.ordered_by)
    return {
        "cleared": done.cleared,
        "held": dict(done.held),
        "waiting_for_second_person": done.waiting_for_second_person,
        "not_checked": cleared_unchecked(unchecked),
    }

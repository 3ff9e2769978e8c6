"""Errands: what takes too long for a page is done as due work; a page says how far it is."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.jobs.actions import enqueue
from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Errand, Mechanism, Person

Outcome = dict[str, Any]
REFUSED = "refused"


def do_order(
    kind: str,
    key: UUID,
    options: Mapping[str, Any] | None = None,
    *,
    mechanism: Mechanism,
    acting_user: Person,
) -> Errand:
    """Order an errand under the key of its form; the same key again is the same errand.

    Raise NotFound where the key was another's, or ordered something else.
    `kind` is the name of due work, whose handler gets the errand's id and calls `run`. Whether
    the person may do it is decided by the action, when it is done.
    """
    with transaction.atomic():
        order = {
            "mechanism": mechanism,
            "kind": kind,
            "ordered_by": acting_user,
            "options": dict(options or {}),
        }
        defaults = order | {"ordered_at": timezone.now()}
        errand, new = Errand.objects.get_or_create(id=key, defaults=defaults)
        if any(getattr(errand, name) != wanted for name, wanted in order.items()):
            raise NotFound
        if new:
            enqueue(kind, errand.id)
    return errand


def run(errand_id: UUID, act: Callable[[Errand], Outcome]) -> None:
    """Do an errand unless it has ended. A refusal of ours ends it too; any other fault is retried.

    Killed half way it is done again, so `act` must find its own work done.
    """
    errand = Errand.objects.select_related("mechanism", "ordered_by").get(id=errand_id)
    if errand.ended_at is not None:
        return
    Errand.objects.filter(id=errand_id, begun_at=None).update(begun_at=timezone.now())
    try:
        outcome = act(errand)
    except Exception as error:
        code = getattr(error, "code", None)
        if not isinstance(code, str):
            raise
        outcome = {REFUSED: code}
    Errand.objects.filter(id=errand_id).update(ended_at=timezone.now(), outcome=outcome)


def find_errand(mechanism: Mechanism, kind: str, errand_id: UUID) -> Errand:
    """Return an errand of a mechanism; raise NotFound."""
    own = Errand.objects.select_related("ordered_by")
    found = own.filter(mechanism=mechanism, kind=kind, id=errand_id).first()
    if found is None:
        raise NotFound
    return found

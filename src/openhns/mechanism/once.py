"""One form sent twice is one act: its key was made when the page was shown."""

from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.utils import timezone

from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Person, Sending

Row = TypeVar("Row", bound=models.Model)


def once(key: UUID | None, person: Person | None, model: type[Row], act: Callable[[], Row]) -> Row:
    """Do an act under a key in one transaction, or return the row that it made before.

    Without a key it is simply done. A key of somebody else's finds nothing.
    """
    if key is None:
        return act()
    try:
        with transaction.atomic():
            return _earlier(key, person, model) or _first(key, person, act)
    except IntegrityError:  # The same form, sent at the same moment, may have been first.
        found = _earlier(key, person, model)
        if found is None:
            raise
        return found


def _earlier(key: UUID, person: Person | None, model: type[Row]) -> Row | None:
    sending = Sending.objects.filter(id=key).first()
    if sending is None:
        return None
    if sending.person_id != (person.pk if person else None):
        raise NotFound
    found = model._default_manager.filter(pk=sending.subject_id).first()
    if found is None:
        raise NotFound
    return found


def _first(key: UUID, person: Person | None, act: Callable[[], Row]) -> Row:
    made = act()
    Sending.objects.create(id=key, person=person, subject_id=made.pk, sent_at=timezone.now())
    return made

"""Tokens for programs: one role of one person, for a time, shown once."""

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.errors import NotAllowed, NotFound, RoleEnded
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import ApiToken, Mechanism, Person, Role
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.models import INSTALLATION
from openhns.vault.rings import ring_of

LIFE: Final = timedelta(days=90)
PREFIX: Final = "openhns_"
_TOKEN_BYTES: Final = 32
_PURPOSE: Final = "api-token"


def token_hash(token: str) -> bytes:
    return ring_of(INSTALLATION).keyed_hash(_PURPOSE, token)


def do_make_token(role: Role, *, acting_user: Person) -> tuple[ApiToken, str]:
    """Make a token for one's own role, or as administrator for anybody's; return it once.

    Raise RoleEnded, NotAllowed.
    """
    _require_own_or_administrator(role, acting_user)
    if role.ended_at is not None:
        raise RoleEnded("That role has ended already.")
    token = PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
    now = timezone.now()
    with transaction.atomic():
        row = ApiToken(role=role, token_hash=token_hash(token), made_at=now, expires_at=now + LIFE)
        row.save(force_insert=True)
        _write(row, MechanismEvent.TOKEN_MADE)
    return row, token


def do_revoke_token(row: ApiToken, *, acting_user: Person) -> ApiToken:
    """End a token now; raise NotFound if it has ended."""
    _require_own_or_administrator(row.role, acting_user)
    with transaction.atomic():
        current = ApiToken.objects.select_for_update().get(id=row.id)
        if current.revoked_at is not None:
            raise NotFound
        _revoke(current)
    return current


def _revoke(row: ApiToken) -> None:
    row.revoked_at = timezone.now()
    row.save(update_fields=["revoked_at"])
    _write(row, MechanismEvent.TOKEN_REVOKED)


def do_revoke_tokens(person: Person, *, mechanism: Mechanism, acting_user: Person) -> int:
    """End all tokens of a person's roles in a mechanism, as administrator; return how many."""
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    with transaction.atomic():
        return _revoke_all(open_tokens(person).filter(role__mechanism=mechanism))


def end_tokens(person: Person) -> int:
    """End all tokens of a person within the change of a password, which may have been stolen."""
    with transaction.atomic():
        return _revoke_all(open_tokens(person))


def open_tokens(person: Person) -> QuerySet[ApiToken]:
    """Return the tokens of a person that nobody has revoked yet, of all mechanisms."""
    return ApiToken.objects.filter(
        role__person=person, revoked_at=None, expires_at__gt=timezone.now()
    ).order_by("made_at", "id")


def _revoke_all(rows: QuerySet[ApiToken]) -> int:
    locked = list(rows.select_for_update(of=("self",)).select_related("role__person"))
    for row in locked:
        _revoke(row)
    return len(locked)


def _require_own_or_administrator(role: Role, person: Person) -> None:
    if role.person_id == person.id and person.is_active:
        return
    try:
        require_role(person, role.mechanism, Role.Name.ADMINISTRATOR)
    except NotAllowed:
        raise NotFound from None


def _write(row: ApiToken, name: MechanismEvent) -> None:
    body = {"role": str(row.role.id), "person": row.role.person.handle}
    event = NewEvent(name, "token", row.id, body, rows=[row])
    write_event(find_log(row.role.mechanism_id), event)

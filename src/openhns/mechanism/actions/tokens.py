"""Tokens for programs: one role of one person, for a time, shown once."""

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.errors import NotAllowed, NotFound, RoleEnded
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import ApiToken, Person, Role
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
        current.revoked_at = timezone.now()
        current.save(update_fields=["revoked_at"])
        _write(current, MechanismEvent.TOKEN_REVOKED)
    return current


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

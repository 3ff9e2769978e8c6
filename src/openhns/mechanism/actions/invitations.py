"""Invitations: the one way to an account with which somebody can sign in."""

import secrets
from datetime import timedelta
from typing import Final

from allauth.mfa.models import Authenticator
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.actions.resets import still_stands, use_agreement
from openhns.mechanism.actions.tokens import end_tokens
from openhns.mechanism.errors import InvitationUnusable, PersonInvalid
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Invitation, Mechanism, Person, Role
from openhns.mechanism.sign_in.passwords import store_password
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.models import INSTALLATION
from openhns.vault.rings import ring_of

LIFE: Final = timedelta(days=7)
_TOKEN_BYTES: Final = 24
_PURPOSE: Final = "invitation"


def _token_hash(token: str) -> bytes:
    return ring_of(INSTALLATION).keyed_hash(_PURPOSE, token)


def do_invite(
    person: Person, *, mechanism: Mechanism, acting_user: Person
) -> tuple[Invitation, str]:
    """Make a new invitation, and return it with its token, which stands nowhere else.

    Older invitations of the person end. Raise PersonInvalid for the local administrator, and
    InvitationElsewhere, SecondPersonNeeded where this administrator alone may not.
    """
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    if person.local or not person.is_active:
        raise PersonInvalid("This person cannot sign in.")
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    now = timezone.now()
    with transaction.atomic():
        used = use_agreement(mechanism, person, acting_user)
        ended = _end_open(person)
        row = Invitation(
            mechanism=mechanism,
            person=person,
            token_hash=_token_hash(token),
            invited_at=now,
            expires_at=now + LIFE,
        )
        row.save(force_insert=True)
        body = {"person": person.handle}
        event = NewEvent(
            MechanismEvent.PERSON_INVITED, "invitation", row.id, body, rows=[row, *ended, *used]
        )
        write_event(find_log(mechanism.id), event)
    return row, token


def _end_open(person: Person) -> list[Invitation]:
    open_now = person.invitations.filter(accepted_at=None, withdrawn_at=None)
    ended = list(open_now.select_for_update())
    for row in ended:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
    return ended


def do_withdraw_invitation(invitation: Invitation, *, acting_user: Person) -> Invitation:
    """End an invitation that waits; raise InvitationUnusable if it does not."""
    require_role(acting_user, invitation.mechanism, Role.Name.ADMINISTRATOR)
    with transaction.atomic():
        row = Invitation.objects.select_for_update().get(id=invitation.id)
        if row.accepted_at is not None or row.withdrawn_at is not None:
            raise InvitationUnusable("This invitation is used or withdrawn.")
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])
        body = {"person": row.person.handle}
        event = NewEvent(
            MechanismEvent.INVITATION_WITHDRAWN, "invitation", row.id, body, rows=[row]
        )
        write_event(find_log(row.mechanism_id), event)
    return row


def find_invitation(token: str) -> Invitation:
    """Return the invitation of a token that can still be used; raise InvitationUnusable."""
    found = Invitation.objects.filter(
        token_hash=_token_hash(token),
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=timezone.now(),
        person__is_active=True,
    ).select_related("person", "mechanism")
    row = found.first()
    if row is None or not still_stands(row):
        raise InvitationUnusable("This invitation is used, withdrawn, too old, or never was.")
    return row


def do_accept_invitation(token: str, password: str) -> Person:
    """Set the invited person's password; the invitation is used by it.

    Second factors that the person had are gone with the old password: they may be lost, and whoever
    must have one sets up another before any page opens. Tokens end too, for whoever stole the
    account may have made some.
    Raise InvitationUnusable, or Django's ValidationError for a password that is too weak.
    """
    with transaction.atomic():
        row = find_invitation(token)
        locked = Invitation.objects.select_for_update().get(id=row.id)
        if locked.accepted_at is not None:
            raise InvitationUnusable("This invitation is used, withdrawn, too old, or never was.")
        validate_password(password, locked.person)
        store_password(locked.person, password)
        Authenticator.objects.filter(user=locked.person).delete()
        end_tokens(locked.person)
        locked.accepted_at = timezone.now()
        locked.save(update_fields=["accepted_at"])
        body = {"person": locked.person.handle}
        event = NewEvent(
            MechanismEvent.INVITATION_ACCEPTED, "invitation", locked.id, body, rows=[locked]
        )
        write_event(find_log(locked.mechanism_id), event)
    return locked.person

"""Who may let an account begin anew: with it goes whatever the person's roles can do.

A new invitation takes the old password and second factors away, so whoever holds its link becomes
that person. Where a policy asks for two persons, no administrator alone does that.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from openhns.mechanism.actions.persons import two_are_needed
from openhns.mechanism.errors import InvitationElsewhere, SecondPersonNeeded
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import (
    Invitation,
    Mechanism,
    PasswordHash,
    Person,
    Proposal,
    Role,
)
from openhns.record.models import Event


def reset_needs_second(mechanism: Mechanism, person: Person) -> bool:
    """Whether the person signs in already, with any role, and the policy asks for two persons."""
    held = Role.objects.filter(person=person, mechanism=mechanism, ended_at=None)
    signs_in = PasswordHash.objects.filter(id=person.id).exists()
    return signs_in and held.exists() and two_are_needed(mechanism)


def still_stands(invitation: Invitation) -> bool:
    """Whether what let the person be invited lets the link be used now.

    A role that was given since then, here or elsewhere, makes the link worth more than was agreed
    to; and so does a policy that was changed since to ask for two.
    """
    mechanism, person = invitation.mechanism, invitation.person
    given = Role.objects.filter(person=person, ended_at=None, granted_at__gt=invitation.invited_at)
    if given.exclude(mechanism=mechanism).exists():
        return False
    if not reset_needs_second(mechanism, person):
        return True
    return not given.exists() and not _policy_changed_since(mechanism, invitation.invited_at)


def _policy_changed_since(mechanism: Mechanism, moment: datetime) -> bool:
    return Event.objects.filter(
        subject_id=mechanism.id, name=MechanismEvent.POLICY_CHANGED, happened_at__gt=moment
    ).exists()


def agreed_reset(mechanism: Mechanism, person: Person, asked_by: Person) -> Proposal | None:
    """Return the agreement, still fresh, by which this administrator may invite the person anew."""
    agreed = Proposal.objects.filter(
        mechanism=mechanism,
        kind=Proposal.Kind.RESET,
        state=Proposal.State.AGREED,
        proposed_by=asked_by,
        expires_at__gt=timezone.now(),
    ).order_by("-proposed_at")
    return next((row for row in agreed if row.content["what"]["person"] == str(person.id)), None)


def use_agreement(mechanism: Mechanism, person: Person, acting_user: Person) -> list[Proposal]:
    """Require what lets this person be invited, and use it up; return the rows changed.

    Whoever holds the installation may always. Raise InvitationElsewhere, SecondPersonNeeded.
    """
    if acting_user.local:
        return []
    held = Role.objects.filter(person=person, ended_at=None)
    if held.exclude(mechanism=mechanism).exists():
        raise InvitationElsewhere("This person holds a role in another mechanism too.")
    if not reset_needs_second(mechanism, person):
        return []
    agreed = agreed_reset(mechanism, person, acting_user)
    if agreed is None:
        raise SecondPersonNeeded("Under this policy two administrators let an account begin anew.")
    agreed.expires_at = timezone.now() - timedelta(microseconds=1)
    agreed.save(update_fields=["expires_at"])
    return [agreed]

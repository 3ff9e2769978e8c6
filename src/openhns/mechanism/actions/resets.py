"""Who may let an account begin anew: with it goes whatever the person's roles can do.

A new invitation takes the old password and second factors away, so whoever holds its link becomes
that person. Where a policy asks for two persons, no administrator alone does that.
"""

from datetime import timedelta

from django.utils import timezone

from openhns.mechanism.actions.persons import role_needs_second
from openhns.mechanism.errors import InvitationElsewhere, SecondPersonNeeded
from openhns.mechanism.models import Mechanism, PasswordHash, Person, Proposal, Role


def reset_needs_second(mechanism: Mechanism, person: Person) -> bool:
    """Whether the person signs in already, with a role that no administrator gives alone."""
    held = Role.objects.filter(person=person, mechanism=mechanism, ended_at=None)
    names = set(held.values_list("name", flat=True))
    signs_in = PasswordHash.objects.filter(id=person.id).exists()
    return signs_in and any(role_needs_second(mechanism, name) for name in names)


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

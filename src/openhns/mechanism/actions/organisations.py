"""An organisation applies, is decided on by one or two persons, is suspended, applies again."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import (
    OPERATOR,
    find_organisation,
    has_role,
    organisation_hash,
    require_any_role,
    require_role,
    vetted_organisation,
)
from openhns.mechanism.errors import (
    AlreadyDecided,
    NotAllowed,
    NotFound,
    OrganisationExists,
    OrganisationInvalid,
    OrganisationNotOpen,
)
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Mechanism, Organisation, Person, Role, VettingDecision
from openhns.mechanism.people import OPERATOR_ROLES, is_member
from openhns.mechanism.policy import policy_of
from openhns.mechanism.uniqueness import unique_or
from openhns.record.models import AuditedRow
from openhns.record.writing import NewEvent, find_log, write_event

_LONGEST: Final = 300
_MAY_APPLY_AGAIN: Final = frozenset({Organisation.Status.REFUSED, Organisation.Status.SUSPENDED})


def do_apply(
    name: str,
    contact: Mapping[str, str] | None = None,
    aliases: Sequence[str] = (),
    *,
    mechanism: Mechanism,
    acting_user: Person,
) -> Organisation:
    """Record that an organisation asks to take part, for the first time or again.

    Anybody with an account may apply; after a refusal or suspension one applies again.
    Raises OrganisationInvalid, OrganisationExists.
    """
    content = _content(name, contact, aliases)
    if not acting_user.is_active:
        raise NotAllowed("This account is closed.")
    with transaction.atomic():
        organisation = _earlier(mechanism, name) or _new(mechanism, name)
        organisation.status = Organisation.Status.APPLIED
        organisation.applied_at = timezone.now()
        organisation.seal_content(content)
        with unique_or(OrganisationExists("An organisation of that name applied just now.")):
            organisation.save()
        body = {"application": organisation.application, "by": acting_user.handle}
        ours = any(has_role(acting_user, mechanism, role) for role in OPERATOR_ROLES)
        actor = OPERATOR if ours else "organisation"
        _write(organisation, MechanismEvent.ORGANISATION_APPLIED, body, (), actor)
    return organisation


def _content(
    name: str, contact: Mapping[str, str] | None, aliases: Sequence[str]
) -> dict[str, object]:
    texts = [name, *aliases, *(contact or {}).values()]
    if not name.strip():
        raise OrganisationInvalid("An organisation has a name.")
    if any(len(text) > _LONGEST or not text.isprintable() for text in texts):
        raise OrganisationInvalid("A name or contact is too long or holds control characters.")
    content: dict[str, object] = {"name": " ".join(name.split())}
    content |= {"aliases": list(aliases)} if aliases else {}
    return content | ({"contact": dict(contact)} if contact else {})


def _new(mechanism: Mechanism, name: str) -> Organisation:
    return Organisation(
        id=uuid4(),
        scope=mechanism.id,
        mechanism=mechanism,
        name_hash=organisation_hash(mechanism, name),
    )


def _earlier(mechanism: Mechanism, name: str) -> Organisation | None:
    """Return the refused or suspended organisation of that name, its next application counted."""
    found = (
        Organisation.objects.select_for_update()
        .filter(mechanism=mechanism, name_hash=organisation_hash(mechanism, name))
        .first()
    )
    if found is None:
        return None
    if found.status not in _MAY_APPLY_AGAIN:
        raise OrganisationExists(
            f"An organisation of that name is known here already; its status is {found.status}."
        )
    found.application += 1
    return found


def do_decide_on_organisation(
    organisation: Organisation,
    favourable: bool,  # noqa: FBT001 - the second thing that a decision is.
    reason: str = "",
    *,
    acting_user: Person,
) -> Organisation:
    """Record one person's decision; vetted when the policy's number of persons agreed.

    A refusal by any one is a refusal. Nobody decides on an organisation that they belong to,
    nor twice on one application. Raises NotAllowed, AlreadyDecided, OrganisationNotOpen.
    """
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(id=organisation.id)
        require_role(acting_user, current.mechanism, Role.Name.REVIEWER)
        _require_undecided(current, acting_user)
        decision = _decision(current, acting_user, reason, favourable=favourable)
        current.status = _status_after(current, favourable=favourable)
        current.save(update_fields=["status"])
        body = {
            "application": current.application,
            "by": acting_user.handle,
            "favourable": favourable,
            "status": str(current.status),
        }
        _write(current, MechanismEvent.ORGANISATION_DECIDED, body, (decision,))
    return current


def _require_undecided(organisation: Organisation, person: Person) -> None:
    if is_member(person, organisation.id):
        raise NotAllowed("Nobody decides on an organisation that they belong to.")
    own = organisation.vetting_decisions.filter(application=organisation.application, person=person)
    if own.exists():
        raise AlreadyDecided(
            "That person has decided on this application already; under this policy the next "
            "decision is another person's (--as USER)."
        )
    if organisation.status != Organisation.Status.APPLIED:
        raise OrganisationNotOpen(
            f"The organisation's status is {organisation.status}: only one that has applied is "
            "decided on."
        )


def _decision(
    organisation: Organisation, person: Person, reason: str, *, favourable: bool
) -> VettingDecision:
    decision = VettingDecision(
        scope=organisation.scope,
        organisation=organisation,
        person=person,
        application=organisation.application,
        favourable=favourable,
        decided_at=timezone.now(),
    )
    decision.seal_content({"reason": reason})
    with unique_or(AlreadyDecided("That person has decided on this application already.")):
        decision.save(force_insert=True)
    return decision


def _status_after(organisation: Organisation, *, favourable: bool) -> Organisation.Status:
    if not favourable:
        return Organisation.Status.REFUSED
    agreed = organisation.vetting_decisions.filter(
        application=organisation.application, favourable=True
    ).count()
    enough = agreed >= policy_of(organisation.mechanism).persons_to_vet
    return Organisation.Status.VETTED if enough else Organisation.Status.APPLIED


def do_suspend(organisation: Organisation, reason: str, *, acting_user: Person) -> Organisation:
    """Suspend a vetted organisation at once; it may apply again."""
    with transaction.atomic():
        current = Organisation.objects.select_for_update().get(id=organisation.id)
        roles = (Role.Name.ADMINISTRATOR, Role.Name.REVIEWER)
        require_any_role(acting_user, current.mechanism, roles)
        if current.status != Organisation.Status.VETTED:
            raise OrganisationNotOpen(
                f"The organisation's status is {current.status}: only a vetted one is suspended."
            )
        current.status = Organisation.Status.SUSPENDED
        current.seal_content(current.content | {"suspended_because": reason})
        current.save(update_fields=["status", "sealed"])
        _write(current, MechanismEvent.ORGANISATION_SUSPENDED, {"by": acting_user.handle})
    return current


def do_admit(name: str, *, mechanism: Mechanism, acting_user: Person) -> Organisation:
    """Return the vetted organisation of that name, on whose behalf the operator acts.

    Where one person suffices, an unknown one is entered and vetted in one go; under any other
    policy it must have been vetted. Raises NotFound, OrganisationNotVetted.
    """
    with transaction.atomic():
        try:
            return vetted_organisation(find_organisation(mechanism, name))
        except NotFound:
            if not (acting_user.local and policy_of(mechanism).one_person_suffices):
                raise
        entered = do_apply(name, mechanism=mechanism, acting_user=acting_user)
        why = "Entered by the operator, who acts on its behalf."
        return do_decide_on_organisation(
            entered, favourable=True, reason=why, acting_user=acting_user
        )


def _write(
    organisation: Organisation,
    name: MechanismEvent,
    body: Mapping[str, object],
    more: Sequence[AuditedRow] = (),
    actor: str = OPERATOR,
) -> None:
    rows = [organisation, *more]
    event = NewEvent(name, "organisation", organisation.id, body, rows=rows, actor=actor)
    write_event(find_log(organisation.mechanism_id), event)

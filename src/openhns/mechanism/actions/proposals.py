"""What takes two persons: one asks, another agrees on a screen of their own, or declines.

The second person's act carries it out; an export and an account's new start wait for whoever asked.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import (
    NotFound,
    record_exact_read,
    require_any_role,
    require_role,
)
from openhns.mechanism.actions.persons import checked_role, do_grant_role
from openhns.mechanism.actions.setting_up import do_change_policy
from openhns.mechanism.errors import (
    ExportNotAgreed,
    OwnProposal,
    ProposalInvalid,
    ProposalNotOpen,
    ProposalStale,
)
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.exports import Exported, exporter_named, write_export
from openhns.mechanism.models import Mechanism, Organisation, Person, Proposal, Role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.mechanism.policy import Policy, policy_of
from openhns.record.writing import NewEvent, find_log, write_event

WAITS: Final = timedelta(days=7)
TAKEN_WITHIN: Final = timedelta(hours=24)
_LONGEST: Final = 2_000
_TAKEN_LATER: Final = frozenset({Proposal.Kind.EXPORT, Proposal.Kind.RESET})


def do_propose_role(
    person: Person,
    name: Role.Name | str,
    organisation: Organisation | None = None,
    party_id: UUID | None = None,
    why: str = "",
    *,
    mechanism: Mechanism,
    acting_user: Person,
) -> Proposal:
    """Ask that a person be given a role; raise RoleInvalid, ProposalInvalid."""
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    what = {
        "person": str(person.id),
        "role": str(checked_role(name, mechanism, organisation, party_id)),
        "organisation": str(organisation.id) if organisation else None,
        "party": str(party_id) if party_id else None,
    }
    return _propose(Proposal.Kind.ROLE, what, why, mechanism, acting_user)


def do_propose_policy(
    policy: Policy, why: str, *, mechanism: Mechanism, acting_user: Person
) -> Proposal:
    """Ask that the policy be changed."""
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    what = {"before": policy_of(mechanism).to_json(), "policy": policy.to_json()}
    return _propose(Proposal.Kind.POLICY, what, why, mechanism, acting_user)


def do_propose_reset(
    person: Person, why: str, *, mechanism: Mechanism, acting_user: Person
) -> Proposal:
    """Ask that a person who signs in already may be invited anew."""
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    what = {"person": str(person.id)}
    return _propose(Proposal.Kind.RESET, what, why, mechanism, acting_user)


def do_request_export(
    name: str, why: str, *, mechanism: Mechanism, acting_user: Person
) -> Proposal:
    """Ask for a file that leaves the operator, under any policy; raise ExportUnknown."""
    require_any_role(acting_user, mechanism, OPERATOR_ROLES)
    what = {"export": exporter_named(name).name}
    return _propose(Proposal.Kind.EXPORT, what, why, mechanism, acting_user)


def _propose(
    kind: Proposal.Kind, what: Mapping[str, Any], why: str, mechanism: Mechanism, person: Person
) -> Proposal:
    if not why.strip() or len(why) > _LONGEST:
        raise ProposalInvalid(f"Say why, in at most {_LONGEST} letters.")
    now = timezone.now()
    row = Proposal(
        scope=mechanism.id,
        mechanism=mechanism,
        kind=kind,
        proposed_by=person,
        proposed_at=now,
        expires_at=now + WAITS,
    )
    row.seal_content({"what": dict(what), "why": why.strip()})
    with transaction.atomic():
        row.save(force_insert=True)
        _write(row, MechanismEvent.PROPOSAL_MADE, person)
    return row


def do_agree(proposal: Proposal, *, acting_user: Person) -> Proposal:
    """Agree as the second person. A role or policy takes effect at once, others wait a day.

    Raise OwnProposal, ProposalNotOpen, ProposalStale, and what the act itself raises.
    """
    with transaction.atomic():
        row = _open(proposal, acting_user)
        if row.proposed_by_id == acting_user.id:
            raise OwnProposal("Whoever asked does not agree as well.")
        _carry_out(row, acting_user)
        if row.kind in _TAKEN_LATER:
            row.expires_at = timezone.now() + TAKEN_WITHIN
        return _answered(row, Proposal.State.AGREED, MechanismEvent.PROPOSAL_AGREED, acting_user)


def do_decline(proposal: Proposal, because: str, *, acting_user: Person) -> Proposal:
    """Decline as the second person, with a reason; raise ProposalInvalid without one."""
    if not because.strip() or len(because) > _LONGEST:
        raise ProposalInvalid(f"Say why not, in at most {_LONGEST} letters.")
    with transaction.atomic():
        row = _open(proposal, acting_user)
        if row.proposed_by_id == acting_user.id:
            raise OwnProposal("Whoever asked takes it back instead.")
        row.seal_content(row.content | {"because": because.strip()})
        state = Proposal.State.DECLINED
        return _answered(row, state, MechanismEvent.PROPOSAL_DECLINED, acting_user)


def do_take_back(proposal: Proposal, *, acting_user: Person) -> Proposal:
    """Ask no longer, as whoever asked; raise NotFound for others."""
    with transaction.atomic():
        row = _open(proposal, acting_user)
        if row.proposed_by_id != acting_user.id:
            raise NotFound
        state = Proposal.State.TAKEN_BACK
        return _answered(row, state, MechanismEvent.PROPOSAL_TAKEN_BACK, acting_user)


def do_take_export(proposal: Proposal, *, acting_user: Person) -> Exported:
    """Write the file for whoever asked for it, within the hours after another agreed.

    Each taking is journalled with its row count and hash. Raise NotFound, ExportNotAgreed.
    """
    with transaction.atomic():
        row = Proposal.objects.select_for_update().get(id=proposal.id)
        _require_answerer(row, acting_user)
        if row.kind != Proposal.Kind.EXPORT or row.proposed_by_id != acting_user.id:
            raise NotFound
        if row.state != Proposal.State.AGREED or row.expires_at <= timezone.now():
            raise ExportNotAgreed("A second person has not agreed, or did so too long ago.")
        written = write_export(row.content["what"]["export"], row.mechanism)
        if written.listings:
            purpose = f"export {row.content['what']['export']}"
            record_exact_read(acting_user, row.mechanism, purpose, written.listings)
        body = {"count": written.rows, "sha256": written.sha256}
        _write(row, MechanismEvent.EXPORT_TAKEN, acting_user, body)
    return written


def _open(proposal: Proposal, person: Person) -> Proposal:
    row = Proposal.objects.select_for_update().get(id=proposal.id)
    _require_answerer(row, person)
    if row.state != Proposal.State.WAITING or row.expires_at <= timezone.now():
        raise ProposalNotOpen("This is answered already, taken back, or too old.")
    return row


def _require_answerer(row: Proposal, person: Person) -> None:
    """Require an administrator, or for an export anybody of the operator's."""
    if row.kind == Proposal.Kind.EXPORT:
        require_any_role(person, row.mechanism, OPERATOR_ROLES)
    else:
        require_role(person, row.mechanism, Role.Name.ADMINISTRATOR)


def _carry_out(row: Proposal, second: Person) -> None:
    what = row.content["what"]
    if row.kind == Proposal.Kind.ROLE:
        _grant(row, what, second)
    elif row.kind == Proposal.Kind.POLICY:
        if policy_of(row.mechanism).to_json() != what["before"]:
            raise ProposalStale("The policy changed since this change of it was asked for.")
        do_change_policy(
            row.mechanism,
            Policy.from_json(what["policy"]),
            acting_user=row.proposed_by,
            seconded_by=second,
        )
    else:
        _require_answerer(row, row.proposed_by)


def _grant(row: Proposal, what: Mapping[str, Any], second: Person) -> Role:
    own = Organisation.objects.filter(mechanism_id=row.mechanism_id)
    return do_grant_role(
        Person.objects.get(id=what["person"]),
        row.mechanism,
        what["role"],
        own.get(id=what["organisation"]) if what["organisation"] else None,
        UUID(what["party"]) if what["party"] else None,
        acting_user=row.proposed_by,
        seconded_by=second,
    )


def _answered(
    row: Proposal, state: Proposal.State, event: MechanismEvent, person: Person
) -> Proposal:
    row.state, row.answered_by, row.answered_at = state, person, timezone.now()
    row.save()
    _write(row, event, person)
    return row


def _write(
    row: Proposal, name: MechanismEvent, person: Person, more: Mapping[str, Any] | None = None
) -> None:
    body = {"kind": str(row.kind), "by": person.handle, **(more or {})}
    event = NewEvent(name, "proposal", row.id, body, rows=[row])
    write_event(find_log(row.mechanism_id), event)

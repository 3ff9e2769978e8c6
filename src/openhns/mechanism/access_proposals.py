"""Reading what waits for a second person, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from openhns.mechanism.access import NotFound, has_any_role, has_role
from openhns.mechanism.directory import party_names
from openhns.mechanism.exports import known_exporters
from openhns.mechanism.models import Mechanism, Organisation, Person, Proposal, Role
from openhns.mechanism.people import OPERATOR_ROLES
from openhns.mechanism.words import (
    FIGURES,
    PROPOSAL_KINDS,
    PROPOSAL_STATES,
    PROPOSAL_TONES,
    ROLES,
    label,
)


@dataclass(frozen=True, slots=True)
class Line:
    """One fact of what was asked for: its name and its words."""

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal as a screen shows it."""

    row: Proposal
    lines: Sequence[Line]
    viewer: Person

    @property
    def kind(self) -> str:
        return label(PROPOSAL_KINDS, self.row.kind)

    @property
    def state(self) -> str:
        return "expired" if self.waiting_in_vain else str(self.row.state)

    @property
    def waiting_in_vain(self) -> bool:
        late = self.row.expires_at <= timezone.now()
        return late and self.row.state == Proposal.State.WAITING

    @property
    def words(self) -> str:
        return label(PROPOSAL_STATES, self.state)

    @property
    def tone(self) -> str:
        return PROPOSAL_TONES.get(self.state, "")

    @property
    def own(self) -> bool:
        return self.row.proposed_by_id == self.viewer.id

    @property
    def open(self) -> bool:
        return self.state == Proposal.State.WAITING

    @property
    def can_be_taken(self) -> bool:
        """Whether it is an export that this viewer may take now."""
        agreed = self.row.kind == Proposal.Kind.EXPORT and self.row.state == Proposal.State.AGREED
        return self.own and agreed and self.row.expires_at > timezone.now()


def proposals_visible_to(
    person: Person, mechanism: Mechanism, *kinds: Proposal.Kind
) -> QuerySet[Proposal]:
    """Return proposals of these kinds, the newest first.

    Exports are for the operator's people, the others for administrators.
    """
    seen = Q(kind=Proposal.Kind.EXPORT) if _of_operator(person, mechanism) else Q(pk=None)
    if has_role(person, mechanism, Role.Name.ADMINISTRATOR):
        seen |= ~Q(kind=Proposal.Kind.EXPORT)
    here = Proposal.objects.filter(seen, mechanism=mechanism, kind__in=kinds)
    return here.select_related("proposed_by", "answered_by").order_by("-proposed_at", "id")


def _of_operator(person: Person, mechanism: Mechanism) -> bool:
    return has_any_role(person, mechanism, OPERATOR_ROLES)


def access_proposal(person: Person, mechanism: Mechanism, proposal_id: UUID) -> Proposal:
    """Return a proposal that the person may answer or has made; raise NotFound."""
    found = proposals_visible_to(person, mechanism, *Proposal.Kind).filter(id=proposal_id).first()
    if found is None:
        raise NotFound
    return found


def waiting(mechanism: Mechanism, *kinds: Proposal.Kind) -> int:
    """Count what waits for a second person."""
    return Proposal.objects.filter(
        mechanism=mechanism,
        kind__in=kinds,
        state=Proposal.State.WAITING,
        expires_at__gt=timezone.now(),
    ).count()


def asked(rows: Sequence[Proposal], viewer: Person, mechanism: Mechanism) -> list[Asked]:
    """Return proposals in words, with a fixed number of queries."""
    names = _Names(rows, mechanism)
    return [Asked(row, names.lines(row), viewer) for row in rows]


class _Names:
    """Puts names to the identifiers that proposals hold."""

    def __init__(self, rows: Sequence[Proposal], mechanism: Mechanism) -> None:
        contents = [row.content["what"] for row in rows]
        people = {what["person"] for what in contents if what.get("person")}
        own = {what["organisation"] for what in contents if what.get("organisation")}
        self._people = {str(each.id): each for each in Person.objects.filter(id__in=people)}
        found = Organisation.objects.filter(id__in=own, mechanism=mechanism)
        self._organisations = {str(each.id): str(each.content["name"]) for each in found}
        self._parties = {str(each): name for each, name in party_names(mechanism).items()}

    def lines(self, row: Proposal) -> list[Line]:
        what = row.content["what"]
        if row.kind == Proposal.Kind.ROLE:
            return self._role(what)
        if row.kind == Proposal.Kind.POLICY:
            return policy_changes(what["before"], what["policy"])
        if row.kind == Proposal.Kind.RESET:
            return [self._person(what)]
        exporter = known_exporters().get(what["export"])
        return [Line(_("File"), str(exporter.title) if exporter else what["export"])]

    def _person(self, what: dict[str, str]) -> Line:
        person = self._people[what["person"]]
        return Line(_("Person"), f"{person.shown_name} ({person.handle})")

    def _role(self, what: dict[str, str]) -> list[Line]:
        lines = [
            self._person(what),
            Line(_("Role"), label(ROLES, what["role"])),
        ]
        if what.get("organisation"):
            lines.append(Line(_("Organisation"), self._organisations[what["organisation"]]))
        if what.get("party"):
            lines.append(Line(_("Party"), self._parties.get(what["party"], "")))
        return lines


def policy_changes(before: dict[str, object], after: dict[str, object]) -> list[Line]:
    """Return the figures that differ: what held, and what is asked for."""
    changed = [name for name in after if before.get(name) != after[name]]
    return [
        Line(label(FIGURES, name), f"{figure(before.get(name))} → {figure(after[name])}")
        for name in changed
    ]


def figure(value: object) -> str:
    """Return a policy's figure as words."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str("-" if value is None else value)

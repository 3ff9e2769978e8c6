"""A mechanism in which something of every kind is there, for the table of who may see what."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.test import Client
from django.utils import timezone

from openhns.incidents.actions import Own, Report, do_certify, do_report
from openhns.incidents.tests.building import GAO_TEXT, STRUCK
from openhns.mechanism.actions import (
    do_add_person,
    do_grant_role,
    do_invite,
    do_make_token,
    do_propose_role,
    do_receive_application,
    do_request_export,
    do_write_note,
)
from openhns.mechanism.errands import do_order
from openhns.mechanism.models import Organisation, Person, Role
from openhns.mechanism.visits import MEMBERS
from openhns.notices.actions import do_query
from openhns.notices.actions.answering import do_record_letter
from openhns.notices.actions.objecting import do_object
from openhns.notices.due import TRANSMIT
from openhns.notices.evidence import Upload
from openhns.notices.models import Notice, Receipt
from openhns.notices.tests.building import add_listing, notices_of, site_facts, transmit
from openhns.overview.actions import draft_edition
from openhns.overview.publication.calendar import next_edition
from openhns.registry.due import CLEAR_PASSING
from openhns.testing_world import (
    World,
    make_organisation,
    make_party_key,
    make_world,
    visitor,
)
from tests.pages import Address

EDITIONS = (
    "overview-edition",
    "overview-edition-json",
    "overview-edition-figures",
    "overview-edition-incidents",
)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody at a browser; `own` says whether the samples are of their organisation or party."""

    name: str
    client: Client
    role: Role.Name | None = None
    own: bool = True

    def belongs(self, address: Address) -> bool:
        """Whether the page's roles, and whose page it is, let this viewer in."""
        if address.page.open:
            return True
        if self.role is None or self.role not in address.page.roles:
            return False
        of_organisation = self.role in MEMBERS and "organisation" in address.arguments
        of_party = self.role == Role.Name.LIAISON and "party" in address.arguments
        return self.own or not (of_organisation or of_party)


@dataclass(slots=True)
class Furnished:
    """A world, its people by role, and one sample for each argument that an address takes.

    `special` are the samples of single addresses, where one word means several kinds of thing.
    """

    world: World
    people: dict[Role.Name, Person]
    samples: dict[str, Any]
    special: dict[tuple[str, str], Any] = field(default_factory=dict)

    def arguments(self, address: Address) -> dict[str, Any]:
        """Return an address's arguments; an argument of an unknown name has to be entered here."""
        found = {name: self.sample(address, name) for name in address.arguments}
        return {"mechanism": self.world.mechanism.slug, **found}

    def sample(self, address: Address, name: str) -> Any:
        key = (address.name, name)
        assert key in self.special or name in self.samples, (
            f"{address.name} takes {name!r}: give it a sample in tests/access_world.py"
        )
        return self.special.get(key, self.samples.get(name))


def _person(world: World, name: str) -> Person:
    return do_add_person(name, mechanism=world.mechanism, acting_user=world.administrator)


def _give(world: World, person: Person, role: Role.Name, **whose: Any) -> Role:
    return do_grant_role(person, world.mechanism, role, acting_user=world.administrator, **whose)


def _whose(role: Role.Name, organisation: Organisation, party: UUID) -> dict[str, Any]:
    if role in MEMBERS:
        return {"organisation": organisation}
    return {"party_id": party} if role == Role.Name.LIAISON else {}


def furnished(slug: str) -> Furnished:
    """Make a world in which something of every kind is there."""
    world = make_world(slug=slug)
    people = {}
    for role in Role.Name:
        people[role] = _person(world, f"The {role}")
        _give(world, people[role], role, **_whose(role, world.organisation, world.parties[0].id))
    found = Furnished(world, people, {})
    _of_the_mechanism(found)
    _of_the_register(found)
    _of_the_parties(found)
    _of_attacks(found)
    return found


def _of_the_mechanism(here: Furnished) -> None:
    world, root = here.world, here.world.administrator
    mechanism = world.mechanism
    administrator = here.people[Role.Name.ADMINISTRATOR]
    invitation, _ = do_invite(world.outsider, mechanism=mechanism, acting_user=root)
    held = Role.objects.get(person=here.people[Role.Name.REPORTER])
    token, _ = do_make_token(held, acting_user=here.people[Role.Name.REPORTER])
    given = {"name": "Clinics", "person": "A", "email": "a@x.org", "phone": "1", "about": "x"}
    asked = do_propose_role(
        world.alice, Role.Name.AUDITOR, why="x", mechanism=mechanism, acting_user=world.bob
    )
    export = do_request_export("sites", "x", mechanism=mechanism, acting_user=administrator)
    note = do_write_note({"en": "x"}, mechanism=mechanism, acting_user=world.bob)
    here.samples |= {
        "organisation": world.organisation.id,
        "party": world.parties[0].id,
        "person": world.alice.id,
        "invitation": invitation.id,
        "role": held.id,
        "token": token.id,
        "application": do_receive_application(given, mechanism=mechanism).id,
        "proposal": asked.id,
        "note": note.id,
        "day": f"{timezone.now():%Y-%m-%d}",
    }
    here.special["mechanism-export-take", "proposal"] = export.id
    for address, kind in (("registry-clearing", CLEAR_PASSING), ("notices-transmitting", TRANSMIT)):
        errand = do_order(kind, uuid4(), mechanism=mechanism, acting_user=world.bob)
        here.special[address, "errand"] = errand.id


def _of_the_register(here: Furnished) -> None:
    world = here.world
    grades = dict.fromkeys(world.parties, "exact")
    site = add_listing(world, site_facts("Hospital of Gao"), grades)
    transmit(world)
    here.samples |= {
        "kind": "site",
        "listing": site.id,
        "version": site.versions.get().id,
    }


def _of_the_parties(here: Furnished) -> None:
    world, party = here.world, here.world.parties[0]
    notice: Notice = notices_of(party)[0]
    do_record_letter(party, [notice.id], Upload("letter.pdf", b"%PDF-1.4"), acting_user=world.bob)
    _, key = make_party_key(party, world.administrator, "B")
    here.samples |= {
        "number": notice.number,
        "receipt": Receipt.objects.get(scope=world.mechanism.id, grade="C").id,
        "objection": do_object(notice, "Used by fighters.", acting_user=world.bob).id,
        "query": do_query(notice, "Which gate?", acting_user=world.bob).receipts[0].id,
        "kid": key.kid,
    }


def _of_attacks(here: Furnished) -> None:
    world = here.world
    said = Report("The ward was hit.", "Our staff", STRUCK, STRUCK, GAO_TEXT, 20)
    reported = do_report(
        said, mechanism=world.mechanism, acting_user=world.alice, own=Own(world.organisation)
    )
    certificate = do_certify(
        reported.incident, acting_user=world.bob, organisation=world.organisation
    )
    here.samples |= {"incident": reported.incident.id, "certificate": certificate.id}
    edition = draft_edition(world.mechanism, next_edition(world.mechanism, None))
    edition.save(force_insert=True)
    here.special |= {(name, "day"): edition.day.isoformat() for name in EDITIONS}


def viewers(here: Furnished, elsewhere: Furnished) -> list[Viewer]:
    """Return somebody of each role here, of the same roles for others, and of no role."""
    return [
        *(Viewer(str(role), visitor(person), role) for role, person in here.people.items()),
        *_of_others(here),
        Viewer("every role elsewhere", visitor(_with_every_role(elsewhere))),
        Viewer("outsider", visitor(here.world.outsider)),
        Viewer("nobody", Client()),
    ]


def _with_every_role(elsewhere: Furnished) -> Person:
    """Return somebody who holds each role in the other mechanism, and none in this one."""
    world = elsewhere.world
    person = _person(world, "Of every role elsewhere")
    for role in Role.Name:
        _give(world, person, role, **_whose(role, world.organisation, world.parties[0].id))
    return person


def _of_others(here: Furnished) -> list[Viewer]:
    """Return the roles of another organisation and another party in the same mechanism."""
    world = here.world
    other = make_organisation(world.mechanism, "Another organisation", world.bob)
    found = []
    for role in (*sorted(MEMBERS), Role.Name.LIAISON):
        person = _person(world, f"{role} of another")
        _give(world, person, role, **_whose(role, other, world.parties[1].id))
        found.append(Viewer(f"{role} of another", visitor(person), role, own=False))
    return found

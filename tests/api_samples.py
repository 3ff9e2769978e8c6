"""A valid request for each operation of the HTTP API, in the world where everything is there."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from openhns.incidents.actions import do_certify
from openhns.incidents.models import Incident
from openhns.mechanism.models import Role
from openhns.notices.answers import Answer, delivered_to, sign_answer
from openhns.notices.objections import Objecting, sign_objection
from openhns.project.tests.calling import SITE, Program, program_of
from openhns.registry.actions import do_submit
from openhns.testing_world import make_party_key
from tests.access_world import Furnished, furnished


@dataclass(frozen=True, slots=True)
class Request:
    """What a program asks for."""

    method: str
    path: str
    body: Any = None

    def by(self, program: Program, key: str = "") -> Any:
        return program.call(self.method, self.path, self.body, key or uuid4().hex)


@dataclass(frozen=True, slots=True)
class Called:
    """The furnished world, a program of each role, and what the operations are called with."""

    here: Furnished
    programs: dict[Role.Name, Program]
    signed: dict[str, str]

    def sample(self, name: str) -> Any:
        return self.here.samples[name]

    def request(self, name: str) -> Request:
        """Return a valid request of an operation; a new operation has to be entered here."""
        return REQUESTS[name](self)

    def waiting_version(self) -> UUID:
        """Return a version that waits to be signed and cleared."""
        world, facts = self.here.world, {**SITE, "name": f"Clinic {uuid4().hex}"}
        made = do_submit(facts, {}, organisation=world.organisation, acting_user=world.alice)
        return made.version.id


def called() -> Called:
    """Furnish a world for the HTTP API."""
    here = furnished("here")
    programs = {role: program_of(person, role) for role, person in here.people.items()}
    incident = Incident.objects.get(id=here.samples["incident"])
    do_certify(incident, acting_user=here.world.bob)
    return Called(here, programs, _signed(here))


def _signed(here: Furnished) -> dict[str, str]:
    party = here.world.parties[0]
    private, key = make_party_key(party, here.world.administrator)
    delivered, now = next(delivered_to(party)), timezone.now()
    said = Objecting(grounds="Used by fighters.", made_by="General staff")
    return {
        "receipt": sign_answer(private, key.kid, delivered, Answer(echelon="Corps"), now),
        "objection": sign_objection(private, key.kid, delivered, said, now),
    }


def _about(part: str, argument: str, rest: str = "") -> Callable[[Called], str]:
    return lambda here: f"/{part}/{here.sample(argument)}{rest}"


def _get(path: Callable[[Called], str]) -> Callable[[Called], Request]:
    return lambda here: Request("GET", path(here))


def _post(path: Callable[[Called], str], body: Any = None) -> Callable[[Called], Request]:
    return lambda here: Request("POST", path(here), body)


def _at(path: str) -> Callable[[Called], str]:
    return lambda _: path


def _consent(here: Called) -> Request:
    party = here.here.world.parties[0].name
    path = f"/listings/{here.sample('listing')}/consents"
    return Request("POST", path, {"party": party, "grade": "exact"})


def _revocation(here: Called) -> Request:
    return Request("DELETE", f"/listings/{here.sample('listing')}/consents/{here.sample('party')}")


def _signature(here: Called) -> Request:
    return Request("POST", f"/versions/{here.waiting_version()}/signature")


def _decision(here: Called) -> Request:
    body = {"word": "clear", "reason": "Known."}
    return Request("POST", f"/versions/{here.waiting_version()}/decisions", body)


_ATTACK = {"words": "The ward burned.", "source": "A nurse", "end": "2026-03-10T14:05Z"}
REQUESTS: dict[str, Callable[[Called], Request]] = {
    "me": _get(_at("/me")),
    "list_listings": _get(_at("/listings")),
    "read_listing": _get(_about("listings", "listing")),
    "submit": _post(_at("/listings"), {"facts": SITE}),
    "amend": _post(_about("listings", "listing", "/amendments"), {"facts": {"name": "Gao"}}),
    "remove": _post(_about("listings", "listing", "/removal"), {"reason": "Closed."}),
    "give_consent": _consent,
    "revoke_consent": _revocation,
    "sign": _signature,
    "decide": _decision,
    "list_notices": _get(_at("/notices")),
    "read_notice": _get(_about("notices", "number")),
    "record_receipts": lambda here: Request(
        "POST", "/receipts", {"receipts": [here.signed["receipt"]]}
    ),
    "object_to": lambda here: Request("POST", "/objections", {"jws": here.signed["objection"]}),
    "transmit": _post(_at("/transmissions"), {}),
    "list_incidents": _get(_at("/incidents")),
    "report": _post(_at("/incidents"), _ATTACK),
    "certify": _post(_about("incidents", "incident", "/certificate")),
    "hand_out_certificate": _get(_about("incidents", "incident", "/certificate")),
}

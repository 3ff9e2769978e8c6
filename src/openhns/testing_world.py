"""A small world for tests of several rooms; nothing in the product imports it.

A test that makes a world asks for the fixtures `data_folder` and a database:

    @pytest.mark.django_db(transaction=True)
    def test_a_promise(data_folder: Path) -> None:
        world = make_world()
"""

import pickle
import shutil
from collections.abc import Callable, Hashable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from openhns.mechanism.access_journal import forget_days
from openhns.mechanism.actions import (
    do_add_person,
    do_apply,
    do_decide_on_organisation,
    do_grant_role,
    do_set_up,
)
from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES, local_administrator
from openhns.mechanism.state import Remembered
from openhns.parties.actions import do_add_party, do_register_key
from openhns.parties.models import Party, PartyKey
from openhns.parties.possession import prove_possession
from openhns.project.data_folder import prepare_data_folder
from openhns.record.writing import find_log
from openhns.testing_once import once_in_run
from openhns.testing_snapshot import Snapshot, filled_tables, put_back, take_snapshot
from openhns.vault import rings
from openhns.vault.actions import ensure_master_key

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class World:
    """One mechanism with parties, a vetted organisation and its people.

    Alice is reporter and approver of the organisation, Bob holds every role of the operator,
    the outsider none at all. Where a policy asks for two, `second_approver` is of Alice's
    organisation and `second_operator` is Bob's colleague.
    """

    mechanism: Mechanism
    parties: tuple[Party, ...]
    organisation: Organisation
    alice: Person
    bob: Person
    outsider: Person
    second_approver: Person
    second_operator: Person
    administrator: Person


def visitor(person: Person) -> Client:
    """Return a browser in which the person is signed in, with the second factor behind them."""
    client = Client()
    fresh = Person.objects.get(pk=person.pk)  # A person's roles are read once for each instance.
    client.force_login(fresh, backend="openhns.mechanism.sign_in.backend.SealedBackend")
    session = client.session
    session["second_factor_seen"] = True
    session.save()
    return client


def make_world(
    policy: str = "one-person",
    countries: Sequence[str] = ("MLI",),
    parties: Sequence[str] = ("Party A", "Party B"),
    slug: str | None = None,
    organisation: str = "Ministry of Health",
) -> World:
    """Set up a mechanism in this test's data folder and database."""
    return kept(_make_world, policy, tuple(countries), tuple(parties), slug, organisation)


def kept(make: Callable[..., Kind], *given: Hashable) -> Kind:
    """Return what `make(*given)` makes in an installation that is still empty.

    The first process of a test run that asks for it makes it by the actions; from then on the same
    is put back everywhere, row by row and file by file, which takes a tenth of the time.
    """
    if filled_tables() or any(Path(settings.OPENHNS_DATA).rglob("*.key")):
        return make(*given)
    kind = (make, *given)
    if kind not in _MADE:
        asked = f"{make.__module__}.{make.__qualname__}{given!r}"
        with once_in_run(sha256(asked.encode()).hexdigest()[:16]) as (folder, filled):
            if not filled:
                made = make(*given)
                _Made.keep(folder, made)
            _MADE[kind] = _Made.read(folder)
        if not filled:
            return made
    return cast("Kind", _MADE[kind].put_back())


@dataclass(frozen=True, slots=True)
class _Made:
    """Something as it was made: its objects, its rows, and the folder of its keys and files."""

    made: Any
    rows: Snapshot
    data: Path

    @classmethod
    def keep(cls, folder: Path, made: object) -> None:
        shutil.copytree(settings.OPENHNS_DATA, folder / "data")
        (folder / "made").write_bytes(pickle.dumps((made, take_snapshot())))

    @classmethod
    def read(cls, folder: Path) -> "_Made":
        # What is read was written in this run.
        made, rows = pickle.loads((folder / "made").read_bytes())  # noqa: S301
        return cls(made, rows, folder / "data")

    def put_back(self) -> Any:
        shutil.copytree(self.data, settings.OPENHNS_DATA, dirs_exist_ok=True)
        put_back(self.rows)
        rings.forget()
        Remembered.forget_all()
        forget_days()
        return deepcopy(self.made)


_MADE: dict[Hashable, _Made] = {}


def _make_world(
    policy: str,
    countries: Sequence[str],
    parties: Sequence[str],
    slug: str | None,
    organisation: str,
) -> World:
    prepare_installation()
    root = local_administrator()
    with transaction.atomic():
        name = slug or f"world-{uuid4().hex[:12]}"
        mechanism = do_set_up(name, countries, policy_name=policy, acting_user=root)
        bob, colleague = _operators(mechanism, root)
        vetted = make_organisation(mechanism, organisation, bob, colleague)
        return World(
            mechanism=mechanism,
            parties=tuple(do_add_party(mechanism, item, acting_user=root) for item in parties),
            organisation=vetted,
            alice=make_member(vetted, "Alice", root),
            bob=bob,
            outsider=do_add_person("Outsider", mechanism=mechanism, acting_user=root),
            second_approver=make_member(vetted, "Second approver", root),
            second_operator=colleague,
            administrator=root,
        )


def prepare_installation() -> None:
    """Prepare the folder and master key; forget the keys of the test before."""
    prepare_data_folder(Path(settings.OPENHNS_DATA))
    ensure_master_key()
    rings.forget()


def _operators(mechanism: Mechanism, root: Person) -> tuple[Person, Person]:
    bob, colleague = (
        do_add_person(name, mechanism=mechanism, acting_user=root)
        for name in ("Bob", "Bob's colleague")
    )
    for role in sorted(OPERATOR_ROLES):
        do_grant_role(bob, mechanism, role, acting_user=root, seconded_by=bob)
        do_grant_role(colleague, mechanism, role, acting_user=root, seconded_by=bob)
    return bob, colleague


def make_organisation(mechanism: Mechanism, name: str, *reviewers: Person) -> Organisation:
    """Let an organisation apply and be vetted by as many reviewers as the policy asks for."""
    organisation = do_apply(name, mechanism=mechanism, acting_user=reviewers[0])
    for reviewer in reviewers:
        if organisation.status == Organisation.Status.APPLIED:
            organisation = do_decide_on_organisation(
                organisation, favourable=True, reason="Known.", acting_user=reviewer
            )
    return organisation


def make_member(organisation: Organisation, name: str, root: Person) -> Person:
    """Make a person who is reporter and approver of an organisation."""
    mechanism = organisation.mechanism
    person = do_add_person(name, mechanism=mechanism, acting_user=root)
    second = _another_administrator(mechanism, root)
    for role in (Role.Name.REPORTER, Role.Name.APPROVER):
        do_grant_role(person, mechanism, role, organisation, acting_user=root, seconded_by=second)
    return person


def make_liaison(party: Party, root: Person, name: str = "Liaison") -> Person:
    """Make a person who answers for a party."""
    mechanism = party.mechanism
    person = do_add_person(name, mechanism=mechanism, acting_user=root)
    second = _another_administrator(mechanism, root)
    do_grant_role(
        person,
        mechanism,
        Role.Name.LIAISON,
        party_id=party.id,
        acting_user=root,
        seconded_by=second,
    )
    return person


def _another_administrator(mechanism: Mechanism, root: Person) -> Person | None:
    held = Role.objects.filter(mechanism=mechanism, name=Role.Name.ADMINISTRATOR, ended_at=None)
    other = held.exclude(person=root).select_related("person").first()
    return None if other is None else other.person


def make_party_key(
    party: Party, root: Person, grade: str = "A"
) -> tuple[Ed25519PrivateKey, PartyKey]:
    """Make a key, prove its possession and register it."""
    private = Ed25519PrivateKey.generate()
    origin = find_log(party.mechanism_id).origin
    proof = prove_possession(private, origin, str(party.id), timezone.now())
    public = private.public_key().public_bytes_raw()
    return private, do_register_key(party, public, proof, grade, acting_user=root)

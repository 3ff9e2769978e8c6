"""The pages of a party's keys, through HTTP: what its liaison may do, and nobody else."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openhns.parties.fingerprint import digit_groups, word_rows
from openhns.parties.models import PartyKey
from openhns.parties.possession import prove_possession
from openhns.proofs import jws
from openhns.record.models import Event
from openhns.record.writing import find_log
from openhns.testing_world import World, make_liaison, make_party_key, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


@pytest.fixture
def client(world: World) -> Client:
    return visitor(make_liaison(world.parties[0], world.administrator))


def path(world: World, name: str, party: int = 0, **more: Any) -> str:
    names = {"mechanism": world.mechanism.slug, "party": world.parties[party].id}
    return reverse(name, kwargs=names | more)


def made(world: World, party: int = 0, **more: Any) -> dict[str, Any]:
    """Return what a page sends of a key that it made."""
    private = Ed25519PrivateKey.generate()
    origin = find_log(world.mechanism.id).origin
    party_id = str(world.parties[party].id)
    proof = prove_possession(private, origin, party_id, timezone.now())
    public = private.public_key().public_bytes_raw()
    return {"x": jws.encode(public), "possession": proof, "replaces": None} | more


def register(client: Client, world: World, body: dict[str, Any], party: int = 0) -> Any:
    address = path(world, "parties-key-register", party)
    return client.post(address, body, content_type="application/json")


def test_a_key_of_the_page_is_registered_with_grade_b_and_shown_in_groups(
    world: World, client: Client
) -> None:
    answer = register(client, world, made(world))
    assert answer.json()["grade"] == "B"
    key = PartyKey.objects.get()
    page = client.get(path(world, "parties-keys")).content.decode()
    assert digit_groups(key.kid) in page
    assert all(" ".join(words) in page for words in word_rows(key.kid))
    assert "The key is registered" in page
    assert "Grade B" in page


def test_what_does_not_hold_is_refused_in_words(world: World, client: Client) -> None:
    good = made(world)
    cases = [
        (good | {"x": made(world)["x"]}, "party_key_possession_not_proven"),
        (made(world, party=1), "party_key_possession_not_proven"),
        (good | {"x": "not base64url!"}, "party_key_invalid"),
        (good | {"x": jws.encode(bytes(32))}, "party_key_invalid"),
        ({}, "body_malformed"),
        (good | {"possession": 5}, "body_malformed"),
    ]
    for body, code in cases:
        answer = register(client, world, body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
        assert answer.json()["error"]["words"]
    assert not PartyKey.objects.exists()
    assert not Event.objects.filter(name="party-key:registered").exists()


def test_a_new_key_takes_the_old_ones_place(world: World, client: Client) -> None:
    register(client, world, made(world))
    old = PartyKey.objects.get()
    answer = register(client, world, made(world, replaces=old.kid))
    assert answer.status_code == 200
    old.refresh_from_db()
    assert old.revoked_at is not None
    _, others = make_party_key(world.parties[1], world.administrator)
    assert register(client, world, made(world, replaces=others.kid)).status_code == 404
    others.refresh_from_db()
    assert others.revoked_at is None


def test_a_key_is_revoked_by_post_and_by_nothing_else(world: World, client: Client) -> None:
    _, key = make_party_key(world.parties[0], world.administrator)
    address = path(world, "parties-key-revoke", kid=key.kid)
    assert "nothing that this key signs counts" in client.get(address).content.decode()
    assert PartyKey.objects.filter(revoked_at=None).exists()
    assert client.post(address).status_code == 302
    key.refresh_from_db()
    assert key.revoked_at is not None
    again = client.post(address, follow=True).content.decode()
    assert "was revoked" in again


def test_another_partys_keys_are_not_there(world: World, client: Client) -> None:
    _, key = make_party_key(world.parties[1], world.administrator)
    assert client.get(path(world, "parties-keys", 1)).status_code == 404
    assert register(client, world, made(world, party=1), party=1).status_code == 404
    for party in (0, 1):
        address = path(world, "parties-key-revoke", party, kid=key.kid)
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    key.refresh_from_db()
    assert key.revoked_at is None

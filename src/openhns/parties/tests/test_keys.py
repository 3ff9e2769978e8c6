from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from openhns.mechanism.errors import NotAllowed
from openhns.parties.access import keys_of, usable_key
from openhns.parties.actions import do_register_key, do_revoke_key, do_rotate_key
from openhns.parties.errors import (
    KeyInvalid,
    KeyNotFound,
    KeyRevoked,
    KeyTaken,
    PossessionNotProven,
    RevocationDatedBack,
)
from openhns.parties.models import PartyKey
from openhns.parties.possession import TYP, prove_possession
from openhns.proofs import jws
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.record.writing import find_log
from openhns.testing_world import World, make_liaison, make_party_key, make_world

pytestmark = pytest.mark.django_db(transaction=True)
SMALL_ORDER = bytes([1]) + bytes(31)
NOT_A_POINT = bytes([2]) + bytes(31)


def proof(world: World, private: Ed25519PrivateKey, /, **changed: Any) -> str:
    payload = {
        "v": 1,
        "log": find_log(world.mechanism.id).origin,
        "party": str(world.parties[0].id),
        "key": jws.jwk(private.public_key().public_bytes_raw()),
        "signed_at": "2026-01-01T00:00:00Z",
    }
    return jws.sign(private, TYP, payload | changed)


def register(world: World, key: Ed25519PrivateKey, text: str, party: int = 0) -> PartyKey:
    raw = key.public_key().public_bytes_raw()
    return do_register_key(world.parties[party], raw, text, acting_user=world.bob)


def test_a_key_is_registered_in_public_with_its_proof(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    private, key = make_party_key(world.parties[0], world.bob)
    event = Event.objects.get(name="party-key:registered")
    body = parse(event.canonical)["body"]
    raw = private.public_key().public_bytes_raw()
    assert event.public
    assert body["key"] == jws.jwk(raw)
    assert body["kid"] == key.kid == jws.thumbprint(raw)
    assert (body["party"], body["grade"]) == (str(world.parties[0].id), "A")
    jws.verify(body["possession"], raw, TYP)
    assert usable_key(world.parties[0], key.kid, timezone.now()) == key


@pytest.mark.parametrize(
    "changed",
    [
        {"log": "elsewhere/log"},
        {"party": "00000000-0000-0000-0000-000000000000"},
        {"v": 2},
        {"key": jws.jwk(bytes(32))},
        {"signed_at": "yesterday"},
        {"signed_at": "2026-01-01T00:00:00"},
        {"signed_at": 5},
        {"more": 1},
    ],
)
def test_a_proof_for_another_log_party_or_key_is_refused(
    data_folder: Path, changed: dict[str, Any]
) -> None:
    del data_folder
    world, key = make_world(), Ed25519PrivateKey.generate()
    with pytest.raises(PossessionNotProven):
        register(world, key, proof(world, key, **changed))
    assert not PartyKey.objects.exists()


def test_a_proof_by_another_key_or_of_another_type_is_refused(data_folder: Path) -> None:
    del data_folder
    world, key, other = make_world(), Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    with pytest.raises(PossessionNotProven):
        register(world, key, proof(world, other))
    payload = jws.read(proof(world, key)).payload
    with pytest.raises(PossessionNotProven):
        register(world, key, jws.sign(key, "openhns-receipt", payload))
    with pytest.raises(PossessionNotProven):
        register(world, key, "no.jws")


@pytest.mark.parametrize("raw", [SMALL_ORDER, NOT_A_POINT, bytes(31), b"\xff" * 32])
def test_a_key_that_no_strict_verifier_accepts_is_refused(data_folder: Path, raw: bytes) -> None:
    del data_folder
    world, key = make_world(), Ed25519PrivateKey.generate()
    with pytest.raises(KeyInvalid):
        do_register_key(world.parties[0], raw, proof(world, key), acting_user=world.bob)


def test_another_partys_key_is_refused(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    private, _ = make_party_key(world.parties[0], world.bob)
    second = proof(world, private, party=str(world.parties[1].id))
    with pytest.raises(KeyTaken, match="another party's"):
        register(world, private, second, party=1)
    assert keys_of(world.parties[1]) == []


def test_a_revoked_key_never_comes_back(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    private, key = make_party_key(world.parties[0], world.bob)
    do_revoke_key(key, acting_user=world.bob)
    with pytest.raises(KeyRevoked):
        register(world, private, proof(world, private))


def test_the_same_key_of_the_same_party_again_changes_nothing(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    private, key = make_party_key(world.parties[0], world.bob)
    assert register(world, private, proof(world, private)) == key
    assert Event.objects.filter(name="party-key:registered").count() == 1


def test_a_revoked_key_counts_until_the_time_it_was_revoked_from(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party = world.parties[0]
    _, key = make_party_key(party, world.bob)
    stolen = timezone.now() - timedelta(days=3)
    do_revoke_key(key, stolen, acting_user=world.bob)
    assert usable_key(party, key.kid, stolen - timedelta(seconds=1)) == key
    with pytest.raises(KeyRevoked):
        usable_key(party, key.kid, stolen)
    event = Event.objects.get(name="party-key:revoked")
    assert event.public
    assert parse(event.canonical)["body"]["from"].startswith(stolen.strftime("%Y-%m-%dT%H:%M"))


def test_a_revocation_moves_back_in_time_and_never_forward(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    _, key = make_party_key(world.parties[0], world.bob)
    now = timezone.now()
    do_revoke_key(key, now, acting_user=world.bob)
    with pytest.raises(KeyRevoked):
        do_revoke_key(key, now + timedelta(days=1), acting_user=world.bob)
    earlier = now - timedelta(days=2)
    assert do_revoke_key(key, earlier, acting_user=world.bob).revoked_at == earlier


def test_a_key_is_usable_for_its_own_party_alone(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    _, key = make_party_key(world.parties[0], world.bob)
    with pytest.raises(KeyNotFound):
        usable_key(world.parties[1], key.kid, timezone.now())


def test_only_the_operator_registers_and_revokes(data_folder: Path) -> None:
    del data_folder
    world, private = make_world(), Ed25519PrivateKey.generate()
    party = world.parties[0]
    origin = find_log(world.mechanism.id).origin
    text = prove_possession(private, origin, str(party.id), timezone.now())
    raw = private.public_key().public_bytes_raw()
    with pytest.raises(NotAllowed):
        do_register_key(party, raw, text, acting_user=world.alice)
    key = do_register_key(party, raw, text, "B", acting_user=world.bob)
    assert key.grade == "B"
    with pytest.raises(NotAllowed):
        do_revoke_key(key, acting_user=world.outsider)
    with pytest.raises(KeyInvalid):
        do_register_key(party, raw, text, "C", acting_user=world.bob)


def test_a_liaison_registers_keys_of_grade_b_for_their_own_party_alone(data_folder: Path) -> None:
    del data_folder
    world, private = make_world(), Ed25519PrivateKey.generate()
    party, other = world.parties
    liaison = make_liaison(party, world.administrator)
    raw, text = private.public_key().public_bytes_raw(), proof(world, private)
    with pytest.raises(KeyInvalid):
        do_register_key(party, raw, text, "A", acting_user=liaison)
    with pytest.raises(NotAllowed):
        do_register_key(other, raw, text, "B", acting_user=liaison)
    key = do_register_key(party, raw, text, "B", acting_user=liaison)
    event = Event.objects.get(name="party-key:registered")
    assert parse(event.canonical)["actor"] == "party"
    _, others = make_party_key(other, world.bob)
    with pytest.raises(NotAllowed):
        do_revoke_key(others, acting_user=liaison)
    do_revoke_key(key, acting_user=liaison)
    with pytest.raises(KeyRevoked):
        usable_key(party, key.kid, timezone.now())


def test_a_liaison_revokes_from_now_on_and_takes_back_nothing(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    _, key = make_party_key(world.parties[0], world.bob)
    liaison = make_liaison(world.parties[0], world.administrator)
    with pytest.raises(RevocationDatedBack):
        do_revoke_key(key, timezone.now() - timedelta(days=1), acting_user=liaison)
    before = timezone.now()
    moment = do_revoke_key(key, acting_user=liaison).revoked_at
    assert moment is not None
    assert moment >= before


def test_a_rotation_sent_twice_is_done_once(data_folder: Path) -> None:
    del data_folder
    world, private = make_world(), Ed25519PrivateKey.generate()
    party = world.parties[0]
    liaison = make_liaison(party, world.administrator)
    _, old = make_party_key(party, world.bob, "B")
    raw, text = private.public_key().public_bytes_raw(), proof(world, private)
    new = do_rotate_key(old, raw, text, acting_user=liaison)
    assert do_rotate_key(old, raw, text, acting_user=liaison) == new
    old.refresh_from_db()
    assert old.revoked_at is not None
    assert usable_key(party, new.kid, timezone.now()).grade == "B"
    assert Event.objects.filter(name="party-key:revoked").count() == 1


def test_a_rotation_that_fails_leaves_the_old_key_as_it_was(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    party = world.parties[0]
    private, old = make_party_key(party, world.bob, "B")
    raw = private.public_key().public_bytes_raw()
    with pytest.raises(KeyInvalid):
        do_rotate_key(old, raw, proof(world, private), acting_user=world.bob)
    old.refresh_from_db()
    assert old.revoked_at is None

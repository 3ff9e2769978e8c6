from dataclasses import replace
from pathlib import Path

import pytest

from openhns.mechanism import signing
from openhns.mechanism.access import find_mechanism
from openhns.mechanism.actions import do_change_policy, do_set_up
from openhns.mechanism.errors import (
    MechanismExists,
    MechanismInvalid,
    MechanismNotNamed,
    NoMechanism,
    NotAllowed,
    SecondPersonNeeded,
    SigningKeyUnusable,
)
from openhns.mechanism.models import Mechanism
from openhns.mechanism.people import local_administrator
from openhns.mechanism.policy import ONE_PERSON, TWO_PERSON, policy_of
from openhns.proofs import jws
from openhns.proofs.canonical import parse
from openhns.record.models import Event, Log
from openhns.testing_world import make_world, prepare_installation

pytestmark = pytest.mark.django_db(transaction=True)


def test_setting_up_publishes_policy_and_notice_key(data_folder: Path) -> None:
    del data_folder
    prepare_installation()
    mechanism = do_set_up("mali", ["MLI"], acting_user=local_administrator())

    event = Event.objects.get(name="mechanism:set-up")
    body = parse(event.canonical)["body"]
    private, kid = signing.notice_key(mechanism)
    assert event.public
    assert body["policy"] == ONE_PERSON.to_json()
    assert body["key"] == jws.jwk(private.public_key().public_bytes_raw())
    assert body["kid"] == kid == mechanism.notice_kid
    assert Log.objects.get(id=mechanism.id).origin == "openhns.localhost/mali"


def test_a_slug_is_set_up_once(data_folder: Path) -> None:
    del data_folder
    prepare_installation()
    root = local_administrator()
    do_set_up("mali", ["MLI"], acting_user=root)
    with pytest.raises(MechanismExists):
        do_set_up("mali", ["NER"], acting_user=root)
    assert Mechanism.objects.count() == 1


@pytest.mark.parametrize(
    ("slug", "country", "language", "origin"),
    [
        ("Mali", "MLI", "fr", None),
        ("-mali", "MLI", "fr", None),
        ("m" * 51, "MLI", "fr", None),
        ("mali", "ML", "fr", None),
        ("mali", "MLI", "French", None),
        ("mali", "MLI", "fr", "has blank/mali"),
        ("mali", "MLI", "fr", "plus+/mali"),
    ],
)
def test_a_misshapen_fact_is_refused_and_leaves_nothing(
    data_folder: Path, slug: str, country: str, language: str, origin: str | None
) -> None:
    prepare_installation()
    with pytest.raises(MechanismInvalid):
        do_set_up(slug, [country], [language], origin=origin, acting_user=local_administrator())
    assert not Mechanism.objects.exists()
    assert [path.name for path in (data_folder / "keys").iterdir()] == ["master.key"]


def test_only_the_one_mechanism_need_not_be_named(data_folder: Path) -> None:
    del data_folder
    prepare_installation()
    with pytest.raises(NoMechanism):
        find_mechanism()
    root = local_administrator()
    mali = do_set_up("mali", acting_user=root)
    assert find_mechanism() == mali
    do_set_up("niger", acting_user=root)
    with pytest.raises(MechanismNotNamed):
        find_mechanism()
    assert find_mechanism("mali") == mali
    with pytest.raises(NoMechanism):
        find_mechanism("chad")


def test_a_missing_or_foreign_notice_key_signs_nothing(data_folder: Path) -> None:
    del data_folder
    world, other = make_world(), make_world()
    path = signing.key_path(world.mechanism.id)
    path.write_bytes(signing.key_path(other.mechanism.id).read_bytes())
    with pytest.raises(SigningKeyUnusable, match="not the one"):
        signing.notice_key(world.mechanism)
    path.write_bytes(b"not a key")
    with pytest.raises(SigningKeyUnusable, match="cannot be read"):
        signing.notice_key(world.mechanism)
    path.unlink()
    with pytest.raises(SigningKeyUnusable, match="cannot be read"):
        signing.notice_key(world.mechanism)


def test_nobody_weakens_a_policy_of_two_persons_alone(data_folder: Path) -> None:
    del data_folder
    world = make_world("two-person")
    for second in (None, world.bob, world.outsider):
        with pytest.raises(SecondPersonNeeded):
            do_change_policy(world.mechanism, ONE_PERSON, acting_user=world.bob, seconded_by=second)
    changed = do_change_policy(
        world.mechanism, ONE_PERSON, acting_user=world.bob, seconded_by=world.second_operator
    )
    assert policy_of(changed) == ONE_PERSON


def test_a_change_of_policy_is_public_and_reaches_the_sequencer(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    policy = replace(TWO_PERSON, smallest_tick=16)
    do_change_policy(world.mechanism, policy, acting_user=world.bob)
    event = Event.objects.get(name="policy:changed")
    body = parse(event.canonical)["body"]
    assert event.public
    assert (body["before"], body["policy"]) == (ONE_PERSON.to_json(), policy.to_json())
    assert Log.objects.get(id=world.mechanism.id).smallest_tick == 16
    with pytest.raises(NotAllowed):
        do_change_policy(world.mechanism, ONE_PERSON, acting_user=world.alice)


def test_the_policy_that_holds_already_is_no_change_and_no_event(data_folder: Path) -> None:
    del data_folder
    world = make_world()
    held, before = policy_of(world.mechanism), Event.objects.count()
    assert policy_of(do_change_policy(world.mechanism, held, acting_user=world.bob)) == held
    assert Event.objects.count() == before

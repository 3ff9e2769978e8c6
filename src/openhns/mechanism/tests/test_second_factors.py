"""What guards an account, and what the database alone cannot do to it."""

import json
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.webauthn.forms import LoginWebAuthnForm
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from openhns.mechanism.actions import do_add_person, do_forget_expired, do_grant_role
from openhns.mechanism.models import Person, Role, Sending, SignInSecret, SignInSession
from openhns.mechanism.people import ORGANISATION_ROLES
from openhns.mechanism.sign_in.passkeys import next_name, require_sealed, seal_passkey
from openhns.mechanism.sign_in.passwords import store_password
from openhns.testing_world import World, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "nine blue lanterns"
TOTP = "/account/second-factor/totp/"
SET_UP = "/account/second-factor/"
MUST = (
    Role.Name.REVIEWER,
    Role.Name.TRANSMITTER,
    Role.Name.ADMINISTRATOR,
    Role.Name.LIAISON,
    Role.Name.AUDITOR,
)
NEED_NOT = (Role.Name.REPORTER, Role.Name.APPROVER)
CREDENTIAL = {"id": "x", "response": {}, "clientExtensionResults": {"credProps": {"rk": True}}}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def sign_in(person: Person, **changes: str) -> tuple[Client, Any]:
    client = Client()
    fields = {"login": person.handle, "password": PASSWORD} | changes
    return client, client.post("/account/login/", fields)


def with_app(person: Person) -> Client:
    """Sign somebody in and set up an app for codes."""
    store_password(person, PASSWORD)
    client, _ = sign_in(person)
    client.get(f"{TOTP}activate/")
    secret = str(client.session["mfa.totp.secret"])
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post(f"{TOTP}activate/", {"code": code}).status_code == 302
    return client


def passkey(person: Person) -> Authenticator:
    return Authenticator.objects.create(
        user=person,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": next_name(person), "credential": CREDENTIAL},
    )


def test_the_form_asks_for_address_or_user_name_and_promises_no_reset_by_mail() -> None:
    page = Client().get("/account/login/").content.decode()
    assert "E-mail address or user name" in page
    assert "placeholder" not in page
    assert "Forgot" not in page


def test_an_address_of_any_length_signs_in_in_any_case(world: World) -> None:
    address = "a.rather.long.address.of.alice@clinics-without-walls.example.org"
    person = do_add_person(
        "Alice", address, mechanism=world.mechanism, acting_user=world.administrator
    )
    store_password(person, PASSWORD)
    _, answer = sign_in(person, login=f" {address.upper()} ")
    assert answer.status_code == 302


def test_guessing_stops_after_five_tries_however_the_name_is_written(world: World) -> None:
    store_password(world.alice, PASSWORD)
    for number in range(5):
        name = world.alice.handle.upper() if number % 2 else f" {world.alice.handle}"
        sign_in(world.alice, login=name, password="wrong guess")
    _, answer = sign_in(world.alice)
    assert answer.status_code == 200
    assert "Too many tries" in answer.content.decode()
    store_password(world.second_approver, PASSWORD)
    assert sign_in(world.second_approver)[1].status_code == 302


def test_codes_cannot_be_guessed_either(world: World) -> None:
    with_app(world.bob)
    client, _ = sign_in(world.bob)
    for _ in range(5):
        client.post("/account/second-factor/authenticate/", {"code": "000000"})
    answer = client.post("/account/second-factor/authenticate/", {"code": "000000"})
    assert "Too many tries" in answer.content.decode()


def test_many_visits_from_one_address_are_answered_with_a_page_of_ours(world: World) -> None:
    client = Client()
    for _ in range(30):
        client.post("/account/login/", {})
    answer = client.post("/account/login/", {})
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()
    assert world.mechanism.slug


def test_the_secret_goes_with_its_second_factor(world: World) -> None:
    client = with_app(world.alice)
    assert SignInSecret.objects.count() == 2  # Of the app and of the recovery codes.
    client.post("/account/second-factor/recovery-codes/generate/")
    assert SignInSecret.objects.count() == 2
    assert client.post(f"{TOTP}deactivate/").status_code == 302
    assert SignInSecret.objects.count() == 0


def only(world: World, role: Role.Name) -> Person:
    """Return somebody who holds this role and no other, with a password."""
    root = world.administrator
    person = do_add_person("Only", mechanism=world.mechanism, acting_user=root)
    whose: dict[str, Any] = {}
    if role in ORGANISATION_ROLES:
        whose["organisation"] = world.organisation
    if role == Role.Name.LIAISON:
        whose["party_id"] = world.parties[0].id
    do_grant_role(person, world.mechanism, role, acting_user=root, seconded_by=world.bob, **whose)
    store_password(person, PASSWORD)
    return person


def first_page(client: Client) -> str:
    """Return where somebody's home leads, or the home itself."""
    answer = client.get("/home/")
    assert answer.status_code in {200, 302}
    return str(answer.headers.get("Location", "/home/"))


def test_of_every_role_it_is_said_whether_it_must_have_a_second_factor() -> None:
    assert set(MUST) | set(NEED_NOT) == set(Role.Name)
    assert not set(MUST) & set(NEED_NOT)


@pytest.mark.parametrize("role", MUST)
def test_whoever_holds_this_role_sets_up_a_second_factor_first(
    world: World, role: Role.Name
) -> None:
    person = only(world, role)
    client, answer = sign_in(person)
    assert answer.status_code == 302
    here = f"/{world.mechanism.slug}/tokens/"
    for path in ("/home/", here, f"/{world.mechanism.slug}/desk/", "/api/v1/me"):
        assert client.get(path).headers.get("Location") == SET_UP, path
        assert client.post(path).headers.get("Location") == SET_UP, path
    client = with_app(person)
    assert first_page(client) != SET_UP
    assert client.get(here).status_code == 200


@pytest.mark.parametrize("role", NEED_NOT)
def test_an_organisations_people_need_no_second_factor(world: World, role: Role.Name) -> None:
    client, _ = sign_in(only(world, role))
    first = first_page(client)
    assert first not in {SET_UP, "/account/login/"}
    assert client.get(first).status_code == 200
    assert client.get(f"/{world.mechanism.slug}/tokens/").status_code == 200


def test_who_is_given_such_a_role_later_is_stopped_at_the_next_page(world: World) -> None:
    person = only(world, Role.Name.REPORTER)
    client, _ = sign_in(person)
    assert first_page(client) != SET_UP
    do_grant_role(
        person,
        world.mechanism,
        Role.Name.AUDITOR,
        acting_user=world.administrator,
        seconded_by=world.bob,
    )
    client, _ = sign_in(person)  # The session ended with the change of roles.
    assert first_page(client) == SET_UP


def test_who_must_have_a_second_factor_cannot_remove_the_last_one(world: World) -> None:
    client = with_app(world.bob)
    assert "Add a passkey first" in client.get(f"{TOTP}deactivate/").content.decode()
    client.post(f"{TOTP}deactivate/")
    assert Authenticator.objects.filter(user=world.bob, type="totp").exists()


def test_the_secret_is_shown_left_to_right_in_an_arabic_page(world: World) -> None:
    store_password(world.alice, PASSWORD)
    client, _ = sign_in(world.alice)
    client.cookies["openhns_language"] = "ar"
    page = client.get(f"{TOTP}activate/").content.decode()
    secret = str(client.session["mfa.totp.secret"])
    assert 'dir="rtl"' in page
    assert f'<bdi dir="ltr" class="ltr">{secret}</bdi>' in page
    assert "style=" not in page


def test_passkeys_are_numbered_and_never_named(world: World) -> None:
    store_password(world.alice, PASSWORD)
    client, _ = sign_in(world.alice)
    assert 'name="name"' not in client.get("/account/second-factor/webauthn/add/").content.decode()
    first, second = passkey(world.alice), passkey(world.alice)
    assert (first.data["name"], second.data["name"]) == ("1", "2")
    first.delete()
    assert next_name(world.alice) == "3"
    edit = f"/account/second-factor/webauthn/keys/{second.pk}/edit/"
    assert client.get(edit).status_code == client.post(edit, {"name": "Ali"}).status_code == 404
    page = client.get("/account/second-factor/webauthn/").content.decode()
    assert "Passkey 2" in page


def test_a_passkey_put_into_the_database_by_hand_opens_nothing(world: World) -> None:
    planted = passkey(world.bob)
    with pytest.raises(ValidationError):
        require_sealed(planted)
    own = passkey(world.outsider)
    seal_passkey(own)
    require_sealed(own)
    own.user_id = world.bob.id  # The thief's own passkey, moved to the operator's account.
    with pytest.raises(ValidationError):
        require_sealed(own)
    planted.data = own.data | {"credential": CREDENTIAL | {"id": "y"}}
    with pytest.raises(ValidationError):
        require_sealed(planted)


def test_every_form_that_takes_a_passkey_asks_whether_it_is_sealed() -> None:
    from openhns.mechanism.sign_in import forms  # noqa: PLC0415

    for name in ("PasskeyForm", "PasskeyAloneForm", "PasskeyAgainForm"):
        assert getattr(forms, name).clean_credential is not LoginWebAuthnForm.clean_credential
        assert "_Sealed" in str(getattr(forms, name).__mro__)


def test_a_new_password_keeps_this_visit_and_ends_the_others(world: World) -> None:
    store_password(world.alice, PASSWORD)
    here, _ = sign_in(world.alice)
    elsewhere, _ = sign_in(world.alice)
    new = {"oldpassword": PASSWORD, "password1": "ten red kettles", "password2": "ten red kettles"}
    assert here.post("/account/password/", new).status_code == 302
    assert here.get("/home/").status_code != 404
    assert elsewhere.get("/home/").status_code == 404


def test_the_page_of_nothing_leads_a_stranger_to_signing_in_and_back(world: World) -> None:
    for path in (f"/{world.mechanism.slug}/people/", f"/no-such-place/{uuid4()}/"):
        page = Client().get(path).content.decode()
        assert f'/account/login/?next={path.replace("/", "%2F")}"' in page
    assert "/account/login/" not in visitor(world.alice).get("/no-such-place/").content.decode()
    store_password(world.alice, PASSWORD)
    _, answer = sign_in(world.alice, next="/somewhere/else/")
    assert answer.headers["Location"] == "/somewhere/else/"
    _, answer = sign_in(world.alice, next="https://evil.example.org/")
    assert "evil" not in answer.headers["Location"]


def test_what_served_its_time_is_deleted(world: World) -> None:
    visitor(world.alice)
    now = timezone.now()
    Sending.objects.create(id=uuid4(), subject_id=uuid4(), sent_at=now - timedelta(days=31))
    Sending.objects.create(id=uuid4(), subject_id=uuid4(), sent_at=now)
    assert do_forget_expired() == 1
    SignInSession.objects.update(expires_at=now - timedelta(seconds=1))
    assert do_forget_expired() > 0
    assert not SignInSession.objects.exists()
    assert Sending.objects.count() == 1


def test_what_the_library_keeps_of_a_passkey_holds_no_name(world: World) -> None:
    kept = json.dumps(passkey(world.alice).data)
    assert "Alice" not in kept
    assert world.alice.handle not in kept

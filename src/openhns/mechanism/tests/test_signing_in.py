"""Who signs in, and how: through the pages, as a browser would."""

import time
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.utils import timezone

from openhns.mechanism.actions import do_end_role, do_grant_role, do_invite
from openhns.mechanism.models import Invitation, Person, Role, SignInSecret, SignInSession
from openhns.mechanism.people import local_administrator
from openhns.mechanism.sign_in.passwords import store_password
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "nine blue lanterns"


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def _invite(world: World, person: Person) -> str:
    _, token = do_invite(person, mechanism=world.mechanism, acting_user=world.administrator)
    return token


def _code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def test_an_invited_person_chooses_a_password_and_is_signed_in(world: World) -> None:
    client = Client()
    address = f"/welcome/{_invite(world, world.alice)}/"
    assert client.get(address).status_code == 200
    assert not Invitation.objects.filter(accepted_at__isnull=False).exists()
    answer = client.post(address, {"password": PASSWORD, "again": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/home/").status_code in {200, 302}


def test_an_invitation_serves_once_and_not_for_ever(world: World) -> None:
    address = f"/welcome/{_invite(world, world.alice)}/"
    Client().post(address, {"password": PASSWORD, "again": PASSWORD})
    assert Client().get(address).status_code == 410
    late = f"/welcome/{_invite(world, world.alice)}/"
    Invitation.objects.filter(accepted_at=None).update(expires_at=timezone.now() - timedelta(1))
    assert Client().get(late).status_code == 410
    assert Client().get("/welcome/made-up/").status_code == 410


def test_a_weak_password_is_refused_and_says_why(world: World) -> None:
    address = f"/welcome/{_invite(world, world.alice)}/"
    answer = Client().post(address, {"password": "password1234", "again": "password1234"})
    assert answer.status_code == 200
    assert "too common" in answer.content.decode()
    assert not world.alice.check_password("password1234")


def test_the_password_signs_in_by_handle_and_another_does_not(world: World) -> None:
    store_password(world.alice, PASSWORD)
    wrong = {"login": world.alice.handle, "password": "not the password"}
    assert Client().post("/account/login/", wrong).status_code == 200
    client = Client()
    right = {"login": world.alice.handle, "password": PASSWORD}
    assert client.post("/account/login/", right).status_code == 302
    assert client.get("/home/").status_code in {200, 302}


def test_nobody_signs_up(world: World) -> None:
    assert Client().get("/account/sign-up/").status_code == 404
    assert Client().get("/account/e-mail/").status_code == 404
    assert world.mechanism.slug


def test_an_operator_without_a_second_factor_gets_no_further_than_setting_one_up(
    world: World,
) -> None:
    store_password(world.bob, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.bob.handle, "password": PASSWORD})
    assert client.get("/home/").headers["Location"] == "/account/second-factor/"
    client.get("/account/second-factor/totp/activate/")
    secret = str(client.session["mfa.totp.secret"])
    client.post("/account/second-factor/totp/activate/", {"code": _code(secret)})
    assert client.get("/home/").headers.get("Location") != "/account/second-factor/"


def test_a_second_factor_is_asked_for_at_the_next_sign_in(world: World) -> None:
    store_password(world.bob, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.bob.handle, "password": PASSWORD})
    client.get("/account/second-factor/totp/activate/")
    secret = str(client.session["mfa.totp.secret"])
    client.post("/account/second-factor/totp/activate/", {"code": _code(secret)})
    again = Client()
    answer = again.post("/account/login/", {"login": world.bob.handle, "password": PASSWORD})
    assert answer.headers["Location"].startswith("/account/second-factor/authenticate/")
    assert again.get("/home/").status_code == 404


def test_what_the_database_keeps_of_a_second_factor_is_not_its_secret(world: World) -> None:
    store_password(world.bob, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.bob.handle, "password": PASSWORD})
    client.get("/account/second-factor/totp/activate/")
    secret = str(client.session["mfa.totp.secret"])
    client.post("/account/second-factor/totp/activate/", {"code": _code(secret)})
    kept = Authenticator.objects.get(user=world.bob, type="totp").data
    assert secret not in str(kept)
    assert SignInSecret.objects.get(id=kept["secret"]).content["secret"] == secret


def test_sessions_end_when_a_role_changes(world: World) -> None:
    store_password(world.alice, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.alice.handle, "password": PASSWORD})
    assert client.get("/home/").status_code in {200, 302}
    role = Role.objects.filter(person=world.alice, ended_at=None).first()
    assert role is not None
    do_end_role(role, acting_user=world.administrator)
    assert client.get("/home/").status_code == 404


def test_sessions_end_when_a_role_is_given(world: World) -> None:
    store_password(world.outsider, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.outsider.handle, "password": PASSWORD})
    assert client.get("/home/").status_code == 200
    do_grant_role(
        world.outsider, world.mechanism, Role.Name.AUDITOR, acting_user=local_administrator()
    )
    assert client.get("/home/").status_code == 404


def test_a_session_row_gives_away_neither_content_nor_cookie(world: World) -> None:
    store_password(world.alice, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.alice.handle, "password": PASSWORD})
    cookie = client.cookies["openhns_session"].value
    row = SignInSession.objects.get()
    assert cookie.encode() not in bytes(row.sealed)
    assert cookie not in str(row.id)
    assert world.alice.handle.encode() not in bytes(row.sealed)


def test_a_password_put_into_the_database_by_hand_opens_nothing(world: World) -> None:
    store_password(world.outsider, PASSWORD)
    world.alice.set_password(PASSWORD)  # As whoever holds the database alone could write it.
    world.alice.save(update_fields=["password"])
    assert not world.alice.check_password(PASSWORD)


def test_a_session_ends_twelve_hours_after_its_sign_in_whatever_is_done_in_it(world: World) -> None:
    store_password(world.alice, PASSWORD)
    client = Client()
    client.post("/account/login/", {"login": world.alice.handle, "password": PASSWORD})
    session = client.session
    session["signed_in_at"] -= 12 * 3600 - 60
    session.save()
    page = f"/{world.mechanism.slug}/tokens/"
    assert client.get(page).status_code == 200
    end = SignInSession.objects.get().expires_at
    assert end < timezone.now() + timedelta(minutes=2)
    session = client.session
    session["signed_in_at"] -= 120
    session.save()
    assert client.get(page).status_code == 404
    client.post("/account/login/", {"login": world.alice.handle, "password": PASSWORD})
    assert client.get(page).status_code == 200

"""A token for a program ends with the account that it could outlive."""

import time
from pathlib import Path

import pytest
from django.test import Client

from openhns.mechanism.actions import do_invite, do_make_token
from openhns.mechanism.models import ApiToken, Person, Role
from openhns.mechanism.sign_in.passwords import store_password
from openhns.mechanism.tests.screens import bob, key_on, outsider, path, said, send, text_of
from openhns.record.models import Event
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db(transaction=True)
OLD, NEW = "nine blue lanterns", "ten red kettles"


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def token_of(person: Person) -> str:
    role = Role.objects.get(person=person, name=Role.Name.REPORTER)
    return do_make_token(role, acting_user=person)[1]


def is_let_in(token: str) -> bool:
    answer = Client().get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in {200, 401}
    return bool(answer.status_code == 200)


def revoked_events() -> int:
    return Event.objects.filter(name="token:revoked").count()


def signed_in(person: Person) -> Client:
    store_password(person, OLD)
    client = Client()
    client.post("/account/login/", {"login": person.handle, "password": OLD})
    return client


def test_an_account_that_begins_anew_leaves_no_token_behind(world: World) -> None:
    token = token_of(world.alice)
    _, link = do_invite(world.alice, mechanism=world.mechanism, acting_user=world.administrator)
    assert is_let_in(token)
    Client().post(f"/welcome/{link}/", {"password": NEW, "again": NEW})
    assert not is_let_in(token)
    assert revoked_events() == 1


def test_a_new_password_ends_one_s_tokens(world: World) -> None:
    client, token = signed_in(world.alice), token_of(world.alice)
    given = {"oldpassword": OLD, "password1": NEW, "password2": NEW}
    assert client.post("/account/password/", given).status_code == 302
    assert not is_let_in(token)
    assert revoked_events() == 1


def test_an_old_session_makes_no_token_until_the_password_comes_again(world: World) -> None:
    client, page = signed_in(world.alice), path(world, "tokens/")
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3_600}]
    session.save()
    role = Role.objects.get(person=world.alice, name=Role.Name.REPORTER)
    asked = client.post(page, {"role": str(role.id), "key": key_on(client, page)})
    assert asked.headers["Location"].startswith("/account/reauthenticate/")
    assert not ApiToken.objects.exists()
    shown = client.post(asked.headers["Location"], {"password": OLD}, follow=True)
    assert "shown this once" in said(shown)
    assert ApiToken.objects.count() == 1


def test_an_administrator_revokes_the_tokens_of_a_person(world: World) -> None:
    token, page = token_of(world.alice), path(world, f"people/{world.alice.id}/")
    assert outsider(world).post(f"{page}tokens/revoke/").status_code == 404
    assert "Revoke all tokens" in text_of(bob(world), page)
    done = said(send(bob(world), f"{page}tokens/revoke/"))
    assert "The person&#x27;s tokens count no longer." in done
    assert "Revoke all tokens" not in done
    assert not is_let_in(token)
    assert revoked_events() == 1

"""Walking the screens of this room as people do."""

import re
from typing import Any

from django.test import Client

from openhns.mechanism.actions import do_grant_role
from openhns.mechanism.models import Person, Role
from openhns.testing_world import World, visitor

KEY = re.compile(r'name="key" value="([0-9a-f-]{36})"')


def path(world: World, rest: str = "") -> str:
    return f"/{world.mechanism.slug}/{rest}"


def text_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, (address, answer.status_code)
    return answer.content.decode()


def key_on(client: Client, address: str) -> str:
    """Open a form's page and return the key that was made for it."""
    found = KEY.search(text_of(client, address))
    assert found is not None, address
    return found[1]


def send(client: Client, address: str, fields: dict[str, Any] | None = None) -> Any:
    """Send a form and follow to the page that comes next."""
    return client.post(address, fields or {}, follow=True)


def said(answer: Any) -> str:
    """Return the text of an answer's page, its spaces single."""
    return " ".join(answer.content.decode().split())


def give(world: World, person: Person, name: Role.Name, **whose: Any) -> Role:
    return do_grant_role(
        person,
        world.mechanism,
        name,
        acting_user=world.administrator,
        seconded_by=world.bob,
        **whose,
    )


def bob(world: World) -> Client:
    return visitor(world.bob)


def colleague(world: World) -> Client:
    return visitor(world.second_operator)


def outsider(world: World) -> Client:
    return visitor(world.outsider)

"""Programs that call the HTTP API with a token, for these tests."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.test import Client

from openhns.mechanism.actions import do_make_token
from openhns.mechanism.models import Person, Role

SITE = {
    "name": "Invented clinic",
    "type": "clinic",
    "latitude": "14.494301",
    "longitude": "-4.197950",
    "country": "MLI",
}


@dataclass(frozen=True, slots=True)
class Program:
    """A program with one token."""

    token: str

    def call(self, method: str, path: str, body: Any = None, key: str | None = None) -> Any:
        """Ask for an address; a body of text goes out as it stands."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        text = body if isinstance(body, str) else json.dumps(body)
        return Client().generic(
            method,
            f"/api/v1{path}",
            b"" if body is None else text,
            content_type="application/json",
            headers=headers,
        )


def program_of(person: Person, name: Role.Name) -> Program:
    role = Role.objects.get(person=person, name=name, ended_at=None)
    return Program(do_make_token(role, acting_user=person)[1])


def problem_of(answer: HttpResponse) -> dict[str, Any]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = json.loads(answer.content)
    assert found["status"] == answer.status_code
    return found

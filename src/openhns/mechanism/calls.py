"""The doors of the HTTP API: who calls, in which one role, and what a refusal looks like.

A token stands for one role of one person. Whatever else that person may do does not count here,
nor anywhere below. What is absent and what is forbidden give one and the same problem, before
anything of the request is read.
"""

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Schema
from ninja.operation import Operation
from ninja.security import HttpBearer
from ninja.utils import contribute_operation_callback
from pydantic import Field

from openhns.mechanism.access import NotFound
from openhns.mechanism.actions.tokens import token_hash
from openhns.mechanism.models import ApiToken, Mechanism, Organisation, Person, Role

PROBLEM_TYPE: Final = "application/problem+json"
LONGEST_KEY: Final = 200
MOST_ROWS: Final = 200
_LONGEST_CURSOR: Final = 2_000
# Each role x operation, for the test of the access table: operation's name to roles.
OPERATIONS: dict[str, frozenset[Role.Name]] = {}


class Problem(Schema):
    """A refusal, as RFC 9457 has it; `code` is stable and made for programs."""

    type: str
    title: str
    status: int
    detail: str
    code: str


PROBLEMS: Final[Mapping[int, type[Problem]]] = dict.fromkeys(
    (400, 401, 404, 409, 413, 422), Problem
)


class PageIn(Schema):
    """Which page of a list that goes on from a cursor."""

    cursor: str = Field("", max_length=_LONGEST_CURSOR)
    limit: int = Field(50, ge=1, le=MOST_ROWS)


class CursorInvalid(Exception):
    """A cursor is not one that was handed out."""

    code = "cursor_invalid"


class KeyReused(Exception):
    """An idempotency key came again with another request."""

    code = "idempotency_key_reused"


class KeyMissing(Exception):
    """A request that makes something new has no idempotency key."""

    code = "idempotency_key_missing"


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that acts for one person in one role."""

    person: Person
    role: Role

    @property
    def mechanism(self) -> Mechanism:
        return self.role.mechanism

    @property
    def organisation(self) -> Organisation:
        """The organisation of the role; raise NotFound if it is none of an organisation."""
        if self.role.organisation is None:
            raise NotFound
        return self.role.organisation

    @property
    def party_id(self) -> UUID:
        """The party of the role; raise NotFound if it is no liaison's."""
        if self.role.party_id is None:
            raise NotFound
        return self.role.party_id


class TokenAuth(HttpBearer):
    """`Authorization: Bearer TOKEN`; a token that counts no longer is none.

    Raises NotFound unless the token's own role is one of these. By default nobody comes in.
    """

    def __init__(self, *names: Role.Name) -> None:
        super().__init__()
        self.names = frozenset(names)

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        del request
        caller = _caller(token)
        if caller is not None and caller.role.name not in self.names:
            raise NotFound
        return caller


def _caller(token: str) -> Caller | None:
    found = ApiToken.objects.filter(
        token_hash=token_hash(token),
        revoked_at=None,
        expires_at__gt=timezone.now(),
        role__ended_at=None,
        role__person__is_active=True,
    ).select_related("role__person", "role__mechanism", "role__organisation")
    row = found.first()
    if row is None:
        return None
    person = row.role.person
    person.only_role = row.role
    return Caller(person, row.role)


def open_to(*names: Role.Name) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Open an operation to the tokens of these roles, and to nobody else."""

    def opened(operation: Callable[..., Any]) -> Callable[..., Any]:
        OPERATIONS[operation.__name__] = frozenset(names)
        contribute_operation_callback(operation, partial(_put_door, TokenAuth(*names)))
        return operation

    return opened


def _put_door(door: TokenAuth, operation: Operation) -> None:
    operation.auth_param = door
    operation.auth_callbacks = [door]


def caller_of(request: HttpRequest) -> Caller:
    """Return who calls, as the operation's door let them in."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller


def idempotency_key(request: HttpRequest) -> str:
    """Return the header `Idempotency-Key`; raise KeyMissing."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isprintable():
        raise KeyMissing(
            f"Give the header Idempotency-Key, 1 to {LONGEST_KEY} printable characters, and the "
            "same one when the same request is sent again."
        )
    return key


def sending_key(caller: Caller, operation: str, key: str) -> UUID:
    """Return the key for `once`: the program's own, within its person, mechanism and operation."""
    said = [str(caller.mechanism.id), str(caller.person.id), operation, key]
    return uuid5(NAMESPACE_URL, json.dumps(said))


def problem(status: int, code: str, detail: str) -> HttpResponse:
    """Answer with a problem (RFC 9457)."""
    titles = {400: "Bad request", 401: "Not signed in", 404: "Not found", 413: "Too large"}
    body = {
        "type": f"urn:openhns:problem:{code}",
        "title": titles.get(status, "Refused"),
        "status": status,
        "detail": detail,
        "code": code,
    }
    text = json.dumps(body, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=PROBLEM_TYPE)


def rows_after(
    rows: QuerySet[Any], moment_field: str, cursor: str, limit: int
) -> tuple[list[Any], str | None]:
    """Return one page, oldest first, and the cursor of the next; raise CursorInvalid."""
    if cursor:
        moment, row_id = _position(cursor)
        later = Q(**{f"{moment_field}__gt": moment})
        rows = rows.filter(later | Q(**{moment_field: moment, "id__gt": row_id}))
    found = list(rows.order_by(moment_field, "id")[: limit + 1])
    if len(found) <= limit:
        return found, None
    last = found[limit - 1]
    return found[:limit], _cursor(getattr(last, moment_field), last.id)


def _cursor(moment: datetime, row_id: UUID) -> str:
    return base64.urlsafe_b64encode(f"{moment.isoformat()} {row_id}".encode()).decode()


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        moment, _, row_id = base64.urlsafe_b64decode(cursor.encode()).decode().partition(" ")
        at = datetime.fromisoformat(moment)
        found = at.astimezone(UTC), UUID(row_id)
    except (ValueError, OverflowError, binascii.Error):
        raise CursorInvalid("Take the cursor from the answer before, as it stands.") from None
    if at.tzinfo is None:
        raise CursorInvalid("Take the cursor from the answer before, as it stands.")
    return found

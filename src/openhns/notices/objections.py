"""A party's signed objection: its form, how a party's tool signs one, how it is judged.

The payload is canonical JSON of: v, log, mechanism, party, notice, number, notice_sha256,
grounds, warning, time_limit (null where none is set), made_by (who makes it, in the party's own
words), head (as in a receipt) and made_at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openhns.notices.answers import Delivered, Judge, Judged, Shape, notice_named
from openhns.notices.errors import ReceiptRefused
from openhns.proofs import jws
from openhns.record.rows import timestamp

OBJECTION_TYPE: Final = "openhns-objection"
_VERSION: Final = 1
_SHAPE: Final[Shape] = {
    "v": int,
    "log": str,
    "mechanism": str,
    "party": str,
    "notice": str,
    "number": int,
    "notice_sha256": str,
    "grounds": str,
    "warning": bool,
    "time_limit": (str, type(None)),
    "made_by": str,
    "head": (dict, type(None)),
    "made_at": str,
}


@dataclass(frozen=True, slots=True)
class Objecting:
    """What a party objects, before it is signed."""

    grounds: str
    warning: bool = False
    time_limit: datetime | None = None
    made_by: str = ""
    head: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class JudgedObjection:
    """An objection whose key, signature and form hold; its notice is not yet looked up."""

    signed: Judged
    time_limit: datetime | None

    @property
    def notice_id(self) -> UUID:
        return self.signed.notice_id


def sign_objection(
    key: Ed25519PrivateKey, kid: str, delivered: Delivered, said: Objecting, moment: datetime
) -> str:
    """Return the objection's JWS, as the party's own tool makes it."""
    notice = delivered.payload
    payload = {
        "v": _VERSION,
        "log": notice["log"],
        "mechanism": notice["mechanism"],
        "party": notice["party"]["id"],
        "notice": notice["id"],
        "number": notice["number"],
        "notice_sha256": delivered.sha256,
        "grounds": said.grounds,
        "warning": said.warning,
        "time_limit": None if said.time_limit is None else timestamp(said.time_limit),
        "made_by": said.made_by,
        "head": said.head,
        "made_at": timestamp(moment),
    }
    return jws.sign_as(key, kid, OBJECTION_TYPE, payload)


def judge_objection(judge: Judge, text: str) -> JudgedObjection:
    """Return an objection that holds; raise ReceiptRefused, or KeyRevoked of the parties."""
    key, payload = judge.opened(text, OBJECTION_TYPE, {_VERSION: _SHAPE})
    made = judge.time(payload["made_at"])
    signed = Judged(text, key, payload, made, notice_named(payload))
    return JudgedObjection(signed, _limit(payload["time_limit"]))


def _limit(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        limit = datetime.fromisoformat(text)
    except ValueError:
        limit = None
    if limit is None or limit.tzinfo is None or timestamp(limit) != text:
        raise ReceiptRefused("An objection's time limit is not RFC 3339 with microseconds in UTC.")
    return limit

"""A party's signed answer: a receipt's form, how a party's tool signs one, how it is judged."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openhns.mechanism.models import Mechanism
from openhns.notices.channels.mailbox import transport
from openhns.notices.errors import (
    NoticeForged,
    QueryOfMany,
    QuestionMissing,
    ReceiptForAnother,
    ReceiptKeyOfAnother,
    ReceiptKeyUnknown,
    ReceiptMismatch,
    ReceiptRefused,
    ReceiptTimeImpossible,
)
from openhns.notices.models import Notice, Receipt, Transmission
from openhns.notices.notice_text import NOTICE_TYPE
from openhns.notices.questions import require_question
from openhns.parties.access import can_be_stored, usable_key
from openhns.parties.models import Party, PartyKey
from openhns.proofs import jws
from openhns.proofs.canonical import parse
from openhns.record.models import Event
from openhns.record.openings import head_for
from openhns.record.rows import timestamp
from openhns.record.writing import find_log

RECEIPT_TYPE: Final = "openhns-receipt"
LONGEST_ECHELON: Final = 200
LONGEST_RECEIPT: Final = 65_536  # Characters of a JWS; a true one has a few thousand.
_VERSION: Final = 1
_QUERY_VERSION: Final = 2
_CLOCKS_DIFFER: Final = timedelta(minutes=10)
Shape = Mapping[str, type | tuple[type, ...]]
_SHAPE: Final[Shape] = {
    "v": int,
    "log": str,
    "mechanism": str,
    "party": str,
    "notice": str,
    "number": int,
    "notice_sha256": str,
    "answer": str,
    "bulk": bool,
    "machine": bool,
    "echelon": str,
    "head": (dict, type(None)),
    "answered_at": str,
}
_SHAPES: Final = {_VERSION: _SHAPE, _QUERY_VERSION: {**_SHAPE, "question": str}}


@dataclass(frozen=True, slots=True)
class Delivered:
    """A notice as it lies in a mailbox, its signature checked."""

    payload: Mapping[str, Any]
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a party answers to one notice or to many, before it is signed."""

    word: str = Receipt.Answer.ACKNOWLEDGED
    echelon: str = ""
    bulk: bool = False
    machine: bool = False
    head: Mapping[str, Any] | None = None
    question: str = ""


def mechanism_public_key(mechanism: Mechanism) -> bytes:
    """Return the key of a mechanism's notices, as its first public event names it."""
    event = Event.objects.get(log_id=mechanism.id, subject_id=mechanism.id, name="mechanism:set-up")
    key = jws.decode(parse(event.canonical)["body"]["key"]["x"])
    if jws.thumbprint(key) != mechanism.notice_kid:
        raise NoticeForged("The mechanism's row names another key than its public event does.")
    return key


def delivered_to(party: Party) -> Iterator[Delivered]:
    """Yield every notice in a party's mailbox, by number; raise NoticeForged."""
    key = mechanism_public_key(party.mechanism)
    left = Transmission.objects.filter(party=party, status=Transmission.Status.TRANSMITTED)
    for transmission in left.order_by("first_number"):
        for notice_id, envelope in transport.read(transmission):
            yield checked(party, key, notice_id, envelope.notice)


def checked(party: Party, key: bytes, notice_id: UUID, text: str) -> Delivered:
    """Return a notice that the mechanism signed, for this party, under this identifier."""
    try:
        payload = jws.verify(text, key, NOTICE_TYPE)
    except jws.JwsError as error:
        raise NoticeForged(
            f"Notice {notice_id} in the mailbox was not signed by this mechanism: {error} "
            "Nothing was answered."
        ) from None
    if payload["id"] != str(notice_id) or payload["party"]["id"] != str(party.id):
        raise NoticeForged(f"Notice {notice_id} in the mailbox is another party's or another.")
    return Delivered(payload, hashlib.sha256(text.encode()).hexdigest())


def seen_head(party: Party) -> dict[str, Any] | None:
    """Return the newest head of the party's chain that it could see: `tick` and `hash`."""
    head = head_for(find_log(party.mechanism_id), party.id)
    return None if head is None else {"tick": head["tick"], "hash": head["hash"]}


def sign_answer(
    key: Ed25519PrivateKey, kid: str, delivered: Delivered, answer: Answer, moment: datetime
) -> str:
    """Return the receipt's JWS, as the party's own tool makes it."""
    return jws.sign_as(key, kid, RECEIPT_TYPE, receipt_payload(delivered, answer, moment))


def receipt_payload(delivered: Delivered, answer: Answer, moment: datetime) -> dict[str, Any]:
    """Return what a receipt says, before it is signed; a query says what it asks (version 2)."""
    notice = delivered.payload
    asks = answer.word == Receipt.Answer.QUERIED
    return {
        "v": _QUERY_VERSION if asks else _VERSION,
        **({"question": answer.question} if asks else {}),
        "log": notice["log"],
        "mechanism": notice["mechanism"],
        "party": notice["party"]["id"],
        "notice": notice["id"],
        "number": notice["number"],
        "notice_sha256": delivered.sha256,
        "answer": str(answer.word),
        "bulk": answer.bulk,
        "machine": answer.machine,
        "echelon": answer.echelon,
        "head": answer.head,
        "answered_at": timestamp(moment),
    }


@dataclass(frozen=True, slots=True)
class Judged:
    """A receipt whose key, signature and form hold; `notice_id` is not yet looked up."""

    text: str
    key: PartyKey
    payload: Mapping[str, Any]
    answered_at: datetime
    notice_id: UUID

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class Judge:
    """Judges receipts of one party; keys are looked up once."""

    def __init__(self, party: Party, origin: str, moment: datetime) -> None:
        self._party = party
        self._origin = origin
        self._moment = moment
        self._keys: dict[str, PartyKey] = {}

    def judge(self, text: str) -> Judged:
        """Return a receipt that holds; raise ReceiptRefused, or KeyRevoked of the parties.

        A key counts by the time at which its receipt is recorded: the time inside is the
        signer's own word, which a thief would choose before the theft.
        """
        key, payload = self.opened(text, RECEIPT_TYPE, _SHAPES)
        if payload["answer"] not in Receipt.Answer.values:
            raise ReceiptRefused("A receipt gives an answer that is none.")
        if len(payload["echelon"]) > LONGEST_ECHELON:
            raise ReceiptRefused("A receipt's echelon is too long.")
        _require_words_of_query(payload)
        answered = self.time(payload["answered_at"])
        return Judged(text, key, payload, answered, notice_named(payload))

    def opened(
        self, text: str, typ: str, shapes: Mapping[int, Shape]
    ) -> tuple[PartyKey, dict[str, Any]]:
        """Return who signed a text of the party's, and what: for this log, of a version's form."""
        try:
            key = self._key(jws.read(text).kid)
            payload = jws.verify(text, bytes(key.public_key), typ)
        except jws.JwsError as error:
            raise ReceiptRefused(f"A receipt does not hold: {error}") from None
        _require_shape(payload, shapes)
        self._require_addressed(payload)
        return key, payload

    def _key(self, kid: str) -> PartyKey:
        if kid not in self._keys:
            owner = PartyKey.objects.filter(kid=kid).first() if can_be_stored(kid) else None
            if owner is None:
                raise ReceiptKeyUnknown("A receipt is signed with a key that no party registered.")
            if owner.party_id != self._party.id:
                raise ReceiptKeyOfAnother(
                    f"A receipt is signed with another party's key than {self._party.name}'s."
                )
            self._keys[kid] = usable_key(self._party, kid, self._moment)
        return self._keys[kid]

    def _require_addressed(self, payload: Mapping[str, Any]) -> None:
        expected = {
            "log": self._origin,
            "mechanism": self._party.mechanism.slug,
            "party": str(self._party.id),
        }
        for member, value in expected.items():
            if payload[member] != value:
                raise ReceiptMismatch(f"A receipt speaks of another {member} than this one.")

    def time(self, text: str) -> datetime:
        """Return when the signer says to have signed; clocks may differ by some minutes."""
        try:
            answered = datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            raise ReceiptRefused("A receipt's time is not RFC 3339.") from None
        if answered > self._moment + _CLOCKS_DIFFER:
            raise ReceiptTimeImpossible("A receipt says that it was answered in the future.")
        return answered


def _require_shape(payload: Any, shapes: Mapping[int, Shape]) -> None:
    version = payload.get("v") if isinstance(payload, dict) else None
    shape = shapes.get(version) if type(version) is int else None
    if shape is None:
        raise ReceiptMismatch("A receipt speaks of another v than this one.")
    if payload.keys() != shape.keys():
        raise ReceiptRefused("A receipt has other members than a receipt has.")
    for member, kind in shape.items():
        if not isinstance(payload[member], kind) or (kind is int and payload[member] is True):
            raise ReceiptRefused(f"A receipt's {member} has not the form that it must have.")


def _require_words_of_query(payload: Mapping[str, Any]) -> None:
    """Require a query, and nothing else, to say what it asks, about one notice."""
    asks = payload["answer"] == Receipt.Answer.QUERIED
    if asks and "question" not in payload:
        raise QuestionMissing("A query says what is asked: it is signed as a receipt of version 2.")
    if asks and payload["bulk"]:
        raise QueryOfMany("A query is about one notice.")
    if asks:
        require_question(payload["question"])
    elif "question" in payload:
        raise ReceiptRefused("A receipt asks something, and its answer is another.")


def notice_named(payload: Mapping[str, Any]) -> UUID:
    try:
        return UUID(payload["notice"])
    except ValueError:
        raise ReceiptRefused("A receipt does not name a notice.") from None


def require_answers(judged: Judged, notice: Notice | None) -> Notice:
    """Return the notice if the receipt answers it; raise ReceiptForAnother, ReceiptMismatch."""
    return require_about(judged.payload, judged.answered_at, notice)


def require_about(payload: Mapping[str, Any], signed_at: datetime, notice: Notice | None) -> Notice:
    """Return the notice if a signed text names it, its number and its very words."""
    if notice is None:
        raise ReceiptForAnother(
            "A receipt answers a notice that was never transmitted to this party."
        )
    if payload["number"] != notice.number:
        raise ReceiptMismatch("A receipt names another number than its notice has.")
    if payload["notice_sha256"] != notice.jws_sha256:
        raise ReceiptMismatch("A receipt was signed over another text than was sent.")
    if signed_at < notice.prepared_at - _CLOCKS_DIFFER:
        raise ReceiptTimeImpossible("A receipt says that it was answered before its notice.")
    return notice

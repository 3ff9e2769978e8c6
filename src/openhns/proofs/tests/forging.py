"""A log, a mechanism and a party of our own, so that a hostile file is sound to its last step.

Whoever forges a file signs whatever he likes: changing a true file's bytes stops at inclusion,
and would never show what the later steps do.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openhns.proofs import jws
from openhns.proofs.canonical import canonical
from openhns.proofs.commitment import SALT_BYTES, public_entry, sealed_entry
from openhns.proofs.proof_file import Document, Entry, Kind, ProofFile, Role
from openhns.proofs.steps import NAMES, PUBLIC
from openhns.tlog.checkpoint import Checkpoint, sign_checkpoint
from openhns.tlog.merkle import leaf_hash, node_hash, subtree_root
from openhns.tlog.note import Signer
from openhns.tlog.proof import Proof

ORIGIN = "forger.example/log"
PARTY = "party-a"
PREPARED, LEFT, ANSWERED, LAST = (f"2026-03-0{day}T12:00:00.000000Z" for day in (1, 2, 4, 6))
SALT = bytes(SALT_BYTES)
_MECHANISM = Ed25519PrivateKey.from_private_bytes(b"m" * 32)
_PARTY = Ed25519PrivateKey.from_private_bytes(b"p" * 32)
SIGNER = Signer(ORIGIN, b"l" * 32)


def _public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass
class Forged:
    """What a forger may change before everything is hashed and signed anew.

    `texts` are signed payloads by name; a body that names `$notice` gets the hash of that one.
    """

    kind: Kind = Kind.INCIDENT
    subject: str = "incident-1"
    texts: dict[str, Any] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)

    def to_bytes(self) -> bytes:
        """Sign the texts, name their hashes in the events, and put these into a log."""
        keys = {"receipt": _PARTY}
        signed: dict[str, str] = {}
        for name, payload in self.texts.items():
            filled = _filled(payload, signed)
            signed[name] = jws.sign(keys.get(name, _MECHANISM), f"openhns-{name}", filled)
        roles = [Role(event["role"]) for event in self.events]
        written = [canonical(_filled(event["event"], signed)) for event in self.events]
        return ProofFile(
            kind=self.kind,
            subject=self.subject,
            log_key=str(SIGNER.key),
            entries=_logged(roles, written),
            documents=tuple(Document(Role(name), text) for name, text in signed.items()),
        ).to_bytes()

    def body(self, role: Role) -> dict[str, Any]:
        event = self.event(role)
        body: dict[str, Any] = event["body"]
        return body

    def event(self, role: Role) -> dict[str, Any]:
        found: dict[str, Any] = next(item for item in self.events if item["role"] == role)["event"]
        return found

    def without(self, *roles: Role) -> "Forged":
        self.events = [item for item in self.events if item["role"] not in roles]
        self.texts = {name: text for name, text in self.texts.items() if name not in roles}
        return self


def _filled(value: Any, signed: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(item, signed) for name, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, signed) for item in value]
    if isinstance(value, str) and value.startswith("$") and value[1:] in signed:
        return _sha256(signed[value[1:]])
    return value


def _logged(roles: list[Role], written: list[bytes]) -> tuple[Entry, ...]:
    salts = [None if role in PUBLIC else SALT for role in roles]
    entries = [
        public_entry(text) if salt is None else sealed_entry(salt, text)
        for text, salt in zip(written, salts, strict=True)
    ]
    width = 1 << max(0, len(entries) - 1).bit_length()
    leaves = [leaf_hash(entry) for entry in entries] + [leaf_hash(b"")] * (width - len(entries))
    note = sign_checkpoint(Checkpoint(ORIGIN, width, subtree_root(leaves)), [SIGNER])
    return tuple(
        Entry(role, text.decode(), salt, str(Proof(place, _path(leaves, place), note)))
        for place, (role, text, salt) in enumerate(zip(roles, written, salts, strict=True))
    )


def _path(leaves: list[bytes], place: int) -> tuple[bytes, ...]:
    path, level = [], leaves
    while len(level) > 1:
        path.append(level[place ^ 1])
        level = [node_hash(level[at], level[at + 1]) for at in range(0, len(level), 2)]
        place >>= 1
    return tuple(path)


def _event(role: Role, subject: str, time: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "role": str(role),
        "event": {
            "actor": "operator",
            "body": body,
            "event": NAMES[role],
            "id": f"event of {subject}",
            "log": ORIGIN,
            "subject": {"id": subject, "type": str(role)},
            "time": time,
            "v": 1,
        },
    }


def _notice() -> dict[str, Any]:
    return {
        "content": {"name": "Hospital"},
        "grade": "exact",
        "id": "notice-1",
        "issued": PREPARED,
        "kind": "alert",
        "legal": {"en": "Protected."},
        "log": ORIGIN,
        "mechanism": "mali",
        "number": 1,
        "party": {"id": PARTY, "name": "Party A"},
        "previous": None,
        "subject": {"kind": "site", "reference": "r-1"},
        "urgent": False,
        "v": 1,
        "valid": {"from": PREPARED, "until": None},
        "verification": {"status": "not verified by the operator"},
    }


def _receipt() -> dict[str, Any]:
    return {
        "answer": "acknowledged",
        "answered_at": ANSWERED,
        "bulk": False,
        "echelon": "brigade",
        "head": None,
        "log": ORIGIN,
        "machine": True,
        "mechanism": "mali",
        "notice": "notice-1",
        "notice_sha256": "$notice",
        "number": 1,
        "party": PARTY,
        "v": 1,
    }


def _certificate() -> dict[str, Any]:
    shared = {"answer": "acknowledged", "bulk": False}
    answers = [
        {"id": "receipt-1", "grade": "A", "machine": True, **shared},
        {"id": "receipt-2", "grade": "D", "machine": False, **shared},
    ]
    notice = {
        "answers": answers,
        "grade": "exact",
        "id": "notice-1",
        "jws_sha256": "$notice",
        "number": 1,
        "transmitted_at": LEFT,
    }
    party = {"id": PARTY, "held": [notice], "ended_before": [], "sent_later": []}
    return {
        "id": "certificate-1",
        "incident": "incident-1",
        "log": ORIGIN,
        "parties": [party],
        "v": 1,
    }


def _answer(receipt: str, grade: str, **facts: Any) -> dict[str, Any]:
    return {
        "answer": "acknowledged",
        "bulk": False,
        "document_sha256": None,
        "grade": grade,
        "jws_sha256": None,
        "kid": None,
        "machine": False,
        "notice": "notice-1",
        "number": 1,
        "receipt": receipt,
        **facts,
    }


def forged() -> Forged:
    """Return a sound proof of a certificate: one notice, a signed answer and a call."""
    key = {"key": jws.jwk(_public(_PARTY)), "party": PARTY}
    kid = jws.thumbprint(_public(_PARTY))
    claim = jws.sign(_PARTY, "openhns-key-possession", {**key, "log": ORIGIN, "v": 1})
    told = {"notice": "notice-1", "number": 1, "kind": "alert", "grade": "exact"}
    signed = _answer("receipt-1", "A", jws_sha256="$receipt", kid=kid, machine=True)
    certified = {"certificate": "certificate-1", "jws_sha256": "$certificate"}
    revoked = {**key, "kid": kid, "from": "2026-03-03T12:00:00.000000Z"}
    registered = {**key, "kid": kid, "grade": "A", "possession": claim}
    return Forged(
        texts={"notice": _notice(), "receipt": _receipt(), "certificate": _certificate()},
        events=[
            _event(Role.MECHANISM, "log", PREPARED, {"key": jws.jwk(_public(_MECHANISM))}),
            _event(Role.NOTICE, "notice-1", PREPARED, {**told, "jws_sha256": "$notice"}),
            _event(Role.TRANSMISSION, "left", LEFT, {"party": PARTY, "numbers": [1, 3]}),
            _event(Role.PARTY_KEY, "key-1", LEFT, registered),
            _event(Role.RECEIPT, "receipt-1", ANSWERED, signed),
            _event(Role.RECEIPT, "receipt-2", ANSWERED, _answer("receipt-2", "D")),
            _event(Role.CERTIFICATE, "incident-1", LAST, certified),
            _event(Role.KEY_REVOCATION, "key-1", LAST, revoked),
        ],
    )

"""Idempotency keys: the same request again gives the first result, another is an error."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any, Final

from openhns.mechanism.models import Organisation
from openhns.registry.checks.finding import Finding
from openhns.registry.errors import KeyInvalid, KeyReused
from openhns.registry.models import Version
from openhns.vault.rings import ring_of

LONGEST_KEY: Final = 200


@dataclass(frozen=True, slots=True)
class Key:
    """The keyed hash of a key, None where none was given, and that of what was asked under it."""

    hashed: bytes | None
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A version that was kept. `repeated` says that the idempotency key was used before."""

    version: Version
    findings: tuple[Finding, ...]
    repeated: bool = False


def key_of(organisation: Organisation, key: str | None, asked: Sequence[Any]) -> Key:
    """Return a key, which counts within its organisation, and what is `asked` under it (JSON)."""
    if key is None:
        return Key(None)
    if not key.strip() or len(key) > LONGEST_KEY:
        raise KeyInvalid(f"An idempotency key has 1 to {LONGEST_KEY} characters.")
    ring = ring_of(organisation.mechanism_id)
    text = json.dumps(asked, sort_keys=True)
    return Key(
        ring.keyed_hash("idempotency-key", f"{organisation.id}:{key}"),
        ring.keyed_hash("idempotency-content", text).hex(),
    )


def submitted_with(key: Key) -> Submitted | None:
    """Return what the key registered before, if anything; raise KeyReused if it was not this."""
    if key.hashed is None:
        return None
    version = Version.objects.filter(idempotency_key=key.hashed).first()
    if version is None:
        return None
    content = version.check_run.content
    if not compare_digest(content.get("asked", ""), key.asked):
        raise KeyReused(
            "This idempotency key was used before for other facts, and nothing was registered "
            "now: give every submission a key of its own, and the same one only to repeat it."
        )
    findings = tuple(map(Finding.from_json, content["findings"]))
    return Submitted(version, findings, repeated=True)

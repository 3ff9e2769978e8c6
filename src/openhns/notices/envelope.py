"""An envelope: a notice, the opening of its event and the proof that the log holds it.

v        1
notice   the JWS, as it was signed
opening  {"event", "salt", "log_proof"} as `record.openings` gives it, or null
proof    "enclosed", or "follows" for an urgent notice that did not wait for its tick

Its bytes are the canonical form of these members.
"""

from dataclasses import dataclass
from typing import Any, Final, Self

from openhns.proofs.canonical import CanonicalError, canonical, parse

_VERSION: Final = 1
_MEMBERS: Final = {"notice", "opening", "proof", "v"}


class EnvelopeMalformed(ValueError):
    """Bytes are not an envelope of a version that is known here."""

    code = "envelope_malformed"


@dataclass(frozen=True, slots=True)
class Envelope:
    """A notice as it is handed to its party; `opening` is None while the proof follows."""

    notice: str
    opening: dict[str, Any] | None

    def to_bytes(self) -> bytes:
        proof = "follows" if self.opening is None else "enclosed"
        members = {"v": _VERSION, "notice": self.notice, "opening": self.opening, "proof": proof}
        return canonical(members)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote; raise EnvelopeMalformed."""
        try:
            value = parse(data)
        except CanonicalError:
            raise EnvelopeMalformed("An envelope is not in canonical form.") from None
        if not isinstance(value, dict) or value.keys() != _MEMBERS or value["v"] != _VERSION:
            raise EnvelopeMalformed("An envelope has other members than this program knows.")
        if not isinstance(value["notice"], str):
            raise EnvelopeMalformed("An envelope holds no notice.")
        return cls(value["notice"], value["opening"])

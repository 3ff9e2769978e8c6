"""What can go wrong with a log; each error carries a stable code."""

from typing import ClassVar


class TlogError(Exception):
    """Whatever the log refuses; `code` is stable and safe to print or to store."""

    code: ClassVar[str] = "tlog_error"


class SignatureError(TlogError):
    """An Ed25519 signature does not verify under the strict rule."""

    code = "signature_invalid"


class PublicKeyError(SignatureError):
    """An Ed25519 public key is not the canonical encoding of a usable point."""

    code = "public_key_invalid"


class VerifierKeyError(TlogError):
    """A verifier key (vkey) is malformed, or of a type that is not supported here."""

    code = "verifier_key_invalid"


class NoteError(TlogError):
    """A text is not a signed note, or no known key signed it."""

    code = "note_invalid"


class CheckpointError(TlogError):
    """A note's text is not a checkpoint, or it is not one that may be accepted."""

    code = "checkpoint_invalid"


class CosignatureError(TlogError):
    """A witness's cosignature is malformed."""

    code = "cosignature_invalid"


class ProofError(TlogError):
    """A Merkle proof does not lead from what it starts with to the root."""

    code = "merkle_proof_invalid"


class ProofFormatError(TlogError):
    """A text is not a c2sp.org/tlog-proof@v1."""

    code = "proof_malformed"


class PolicyError(TlogError):
    """A text is not a c2sp.org/tlog-policy."""

    code = "policy_malformed"


class PolicyNotMet(TlogError):
    """A checkpoint is not signed and cosigned as the policy asks."""

    code = "policy_not_met"


class TileError(TlogError):
    """The log's folder cannot be used as it stands."""

    code = "tile_error"


class TileMissing(TileError):
    """A tile or an entry bundle that the log's size asks for is not in the folder."""

    code = "tile_missing"


class TileMalformed(TileError):
    """A tile or an entry bundle is not what its place and width ask for."""

    code = "tile_malformed"


class TileConflict(TileError):
    """The folder already holds other bytes where these would go: the log would fork."""

    code = "tile_conflict"


class TilesNotWritten(TileError):
    """The operating system refused a write; what was published before stays readable."""

    code = "tiles_not_written"


class EntryTooLarge(TileError):
    """An entry is longer than a bundle's uint16 length can say."""

    code = "entry_too_large"

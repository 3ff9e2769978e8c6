"""Which logs and witnesses a verifier trusts, and how many must agree (c2sp.org/tlog-policy).

Names are opaque octets ("Character set"); they are held as str with Python's surrogateescape,
which keeps different octets different.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from openhns.tlog.checkpoint import Checkpoint
from openhns.tlog.cosignature import CosignatureVerifier, timestamp_of
from openhns.tlog.errors import PolicyError, PolicyNotMet, TlogError
from openhns.tlog.note import NoteVerifier, OpenedNote, Verifier, VerifierKey, open_note

NO_QUORUM: Final = "none"
_LARGEST_POLICY = 1_000_000
_FORBIDDEN = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")
_THRESHOLD = re.compile(r"[1-9][0-9]{0,5}", re.ASCII)
_BLANKS = re.compile(r"[ \t]+")


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is trusted; its key's name is the origin of its checkpoints."""

    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness under the name that this policy gives it."""

    name: str
    key: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A group witnesses a checkpoint if at least `threshold` of its members do."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cosigned:
    """A witness of the policy and when it cosigned, as POSIX seconds."""

    witness: Witness
    timestamp: int


@dataclass(frozen=True, slots=True)
class Accepted:
    """A checkpoint that met a policy, the log key that signed it, and every witness known to it."""

    checkpoint: Checkpoint
    log: VerifierKey
    cosigned: tuple[Cosigned, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Logs, witnesses, groups (each after its members) and the quorum's name."""

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NO_QUORUM

    def __post_init__(self) -> None:
        _check_unique([log.key.public_key for log in self.logs], "two logs have one public key")
        keys = [witness.key.public_key for witness in self.witnesses]
        _check_unique(keys, "two witnesses have one public key")
        names = [witness.name for witness in self.witnesses]
        for group in self.groups:
            _check_group(group, names)
            names.append(group.name)
        _check_unique([*names, NO_QUORUM], "a name is defined twice, or is the predefined none")
        members = [member for group in self.groups for member in group.members]
        _check_unique(members, "a name is a member of groups more than once")
        if self.quorum not in {*names, NO_QUORUM}:
            raise PolicyError("the quorum is not a witness or group that is defined")

    @classmethod
    def parse(cls, raw: bytes | str) -> "Policy":
        """Read a policy file ("Policy file syntax and structure"); raises PolicyError."""
        octets = raw if isinstance(raw, bytes) else _octets(raw)
        if len(octets) > _LARGEST_POLICY or _FORBIDDEN.search(octets):
            raise PolicyError("the policy is too long or holds control characters")
        if not octets.endswith(b"\n"):
            raise PolicyError("the policy's last line does not end in a newline: it may be cut off")
        draft = _Draft()
        lines = octets.decode("utf-8", "surrogateescape")[:-1].split("\n")
        for number, line in enumerate(lines, start=1):
            try:
                draft.read(line.strip(" \t"))
            except TlogError as error:
                raise PolicyError(f"line {number} of the policy: {error}") from None
        return draft.policy()

    def __str__(self) -> str:
        lines = [_line("log", log.key, log.url) for log in self.logs]
        lines += [_line("witness", one.name, one.key, one.url) for one in self.witnesses]
        lines += [_line("group", one.name, one.threshold, *one.members) for one in self.groups]
        return "".join([*lines, _line("quorum", self.quorum)])

    def accept(self, raw: bytes | str) -> Accepted:
        """Return the checkpoint in a signed note if it is valid under this policy.

        "A checkpoint is considered valid if it is signed by any one of the listed logs, and it is
        cosigned by witnesses according to the defined quorum rule." Raises NoteError where the
        form or a known key's signature is wrong, CheckpointError where the text is no checkpoint,
        and PolicyNotMet where those who must have signed have not.
        """
        note = open_note(raw, self._verifiers())
        checkpoint = Checkpoint.parse(note.text)
        accepted = Accepted(checkpoint, self._log_of(note, checkpoint), self._cosigned(note))
        if not self.is_witnessed_by({one.witness.name for one in accepted.cosigned}):
            raise PolicyNotMet("the checkpoint lacks cosignatures that the policy's quorum asks")
        return accepted

    def is_witnessed_by(self, names: Collection[str]) -> bool:
        """Whether cosignatures of these witnesses make up the quorum."""
        met = {NO_QUORUM} | {one.name for one in self.witnesses if one.name in names}
        for group in self.groups:
            if sum(member in met for member in group.members) >= group.threshold:
                met.add(group.name)
        return self.quorum in met

    def _verifiers(self) -> list[NoteVerifier]:
        logs: list[NoteVerifier] = [Verifier(log.key) for log in self.logs]
        return logs + [CosignatureVerifier(witness.key) for witness in self.witnesses]

    def _log_of(self, note: OpenedNote, checkpoint: Checkpoint) -> VerifierKey:
        for log in self.logs:
            is_signed = any(signature.is_by(log.key) for signature in note.verified)
            if is_signed and log.key.name == checkpoint.origin:
                return log.key
        raise PolicyNotMet("the checkpoint is not signed by a log of the policy under its origin")

    def _cosigned(self, note: OpenedNote) -> tuple[Cosigned, ...]:
        return tuple(
            Cosigned(witness, timestamp_of(signature.payload))
            for witness in self.witnesses
            for signature in note.verified
            if signature.is_by(witness.key)
        )


@dataclass(slots=True)
class _Draft:
    """A policy while its lines are read; a line can refer only to names of lines before it."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None

    def read(self, line: str) -> None:
        if not line or line.startswith("#"):
            return
        keyword, *items = _BLANKS.split(line)
        match keyword, items:
            case "log", [vkey, *url] if len(url) <= 1:
                self.logs.append(Log(Verifier.parse(vkey).key, *url))
            case "witness", [name, vkey, *url] if len(url) <= 1:
                self.witnesses.append(Witness(name, CosignatureVerifier.parse(vkey).key, *url))
            case "group", [name, threshold, *members] if members:
                self._check_defined(members)
                self.groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
            case "quorum", [name] if self.quorum is None:
                self._check_defined({name} - {NO_QUORUM})
                self.quorum = name
            case _:
                raise PolicyError("this is not a log, witness, group or the one quorum line")

    def _check_defined(self, names: Collection[str]) -> None:
        defined = {one.name for one in self.witnesses} | {one.name for one in self.groups}
        if not defined.issuperset(names):
            raise PolicyError("it refers to a name that no line before it defines")

    def policy(self) -> Policy:
        if self.quorum is None:
            raise PolicyError("the policy has no quorum line; without witnesses: quorum none")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)


def _octets(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise PolicyError("the policy is not a text that stands for octets") from None


def _threshold(text: str, members: int) -> int:
    if text in {"any", "all"}:
        return 1 if text == "any" else members
    if not _THRESHOLD.fullmatch(text):
        raise PolicyError("a group's threshold is any, all or a decimal")
    return int(text)


def _check_group(group: Group, defined: Sequence[str]) -> None:
    if not 1 <= group.threshold <= len(group.members):
        raise PolicyError("a group's threshold lies between 1 and the number of its members")
    if not set(defined).issuperset(group.members):
        raise PolicyError("a group has a member that is not defined before it")


def _check_unique(values: Sequence[object], message: str) -> None:
    if len(set(values)) != len(values):
        raise PolicyError(message)


def _line(*items: object) -> str:
    return " ".join(str(item) for item in items if item is not None) + "\n"

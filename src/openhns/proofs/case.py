"""What the steps of one verification hand on to each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from openhns.proofs.opened import OpenedEvent
from openhns.proofs.proof_file import Document, ProofFile, Role
from openhns.proofs.verdict import StepFailed

if TYPE_CHECKING:
    from openhns.tlog.checkpoint import Checkpoint

GRADES: Final = {
    "A": "signed by the party's own tool",
    "B": "signed by a key in the mechanism's web page",
    "C": "an authenticated e-mail or a letter on the operator's file",
    "D": "a call or message that the operator logged",
}

OBJECTION_GRADES: Final = {
    **GRADES,
    "D": "not signed: typed in the mechanism's web page, or a call that the operator logged",
}


@dataclass(slots=True)
class KnownKey:
    """A party's key that stands in the log; `revoked_from` where the file shows a revocation."""

    party: str
    public_key: bytes
    grade: str
    revoked_from: str | None = None


@dataclass(frozen=True, slots=True)
class AnswerFacts:
    """One recorded answer.

    `echelon`, `answered_at` and, of a query, `question` are the words of a signed receipt, None
    where nothing is signed.
    `recorded_at` is the operator's clock.
    """

    id: str
    notice: str
    answer: str
    bulk: bool
    machine: bool
    grade: str
    recorded_at: str
    kid: str | None = None
    echelon: str | None = None
    answered_at: str | None = None
    key_revoked_from: str | None = None
    question: str | None = None

    @property
    def after_revocation(self) -> bool:
        return self.key_revoked_from is not None and self.recorded_at >= self.key_revoked_from

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "answer": self.answer,
            "answered_at": self.answered_at,
            "bulk": self.bulk,
            "echelon": self.echelon,
            "grade": self.grade,
            "id": self.id,
            "machine": self.machine,
            "proves": (OBJECTION_GRADES if self.answer == "queried" else GRADES)[self.grade],
            "recorded_at": self.recorded_at,
        }
        if self.question is not None:
            said["question"] = self.question
        if self.key_revoked_from is not None:
            said["key_revoked_from"] = self.key_revoked_from
            said["recorded_after_revocation"] = self.after_revocation
        return said


@dataclass(frozen=True, slots=True)
class ObjectionFacts:
    """One recorded objection.

    `grounds`, `made_by` and `made_at` are the words of a signed one, None where nothing is
    signed. `recorded_at` is the operator's clock.
    """

    id: str
    grade: str
    warning: bool
    time_limit: str | None
    recorded_at: str
    kid: str | None = None
    grounds: str | None = None
    made_by: str | None = None
    made_at: str | None = None
    key_revoked_from: str | None = None

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "grade": self.grade,
            "grounds": self.grounds,
            "id": self.id,
            "made_at": self.made_at,
            "made_by": self.made_by,
            "proves": OBJECTION_GRADES[self.grade],
            "recorded_at": self.recorded_at,
            "time_limit": self.time_limit,
            "warning": self.warning,
        }
        if self.key_revoked_from is not None:
            said["key_revoked_from"] = self.key_revoked_from
            said["recorded_after_revocation"] = self.recorded_at >= self.key_revoked_from
        return said


@dataclass(slots=True)
class NoticeFacts:
    """A notice as it was signed, and beside it what the log says became of it.

    `signed` holds the members of a notice's payload and no others: nothing in it can stand for
    an answer or a transmission.
    """

    signed: Mapping[str, Any]
    sha256: str
    answers: list[AnswerFacts] = field(default_factory=list)
    objections: list[ObjectionFacts] = field(default_factory=list)
    transmitted_at: str | None = None

    @property
    def id(self) -> str:
        return str(self.signed["id"])

    @property
    def number(self) -> int:
        return int(self.signed["number"])

    @property
    def party(self) -> str:
        return str(self.signed["party"]["id"])

    def as_json(self) -> dict[str, Any]:
        said = dict(self.signed) | {"sha256": self.sha256}
        if self.answers:
            said["answers"] = [answer.as_json() for answer in self.answers]
        if self.objections:
            said["objections"] = [objection.as_json() for objection in self.objections]
        if self.transmitted_at is not None:
            said["transmitted_at"] = self.transmitted_at
        return dict(sorted(said.items()))


class Case:
    """One proof file under verification; a step reads what earlier steps have established."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.file: ProofFile
        self.events: list[OpenedEvent] = []
        self.checkpoint: Checkpoint
        self.mechanism_key: bytes | None = None
        self.party_keys: dict[str, KnownKey] = {}
        self.notices: dict[str, NoticeFacts] = {}
        self.answers: dict[str, AnswerFacts] = {}
        self.facts: dict[str, Any] = {}
        self.fingerprints: dict[str, str] = {}

    def of_role(self, role: Role) -> list[OpenedEvent]:
        return [event for event in self.events if event.role == role]

    def the_one(self, role: Role) -> OpenedEvent:
        found = self.of_role(role)
        if len(found) != 1:
            raise StepFailed(f"The file holds {len(found)} entries for {role} and needs one.")
        return found[0]

    def documents(self, role: Role) -> list[Document]:
        return [document for document in self.file.documents if document.role == role]

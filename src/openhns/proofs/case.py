"""What the steps of one verification hand on to each other."""

from typing import TYPE_CHECKING, Any

from openhns.proofs.opened import OpenedEvent
from openhns.proofs.proof_file import Document, ProofFile, Role
from openhns.proofs.verdict import StepFailed

if TYPE_CHECKING:
    from openhns.tlog.checkpoint import Checkpoint


class Case:
    """One proof file under verification; a step reads what earlier steps have established."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.file: ProofFile
        self.events: list[OpenedEvent] = []
        self.checkpoint: Checkpoint
        self.mechanism_key: bytes | None = None
        self.party_keys: dict[str, tuple[str, bytes]] = {}
        self.notices: dict[str, dict[str, Any]] = {}
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

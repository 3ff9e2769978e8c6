"""From an identifier to a proof file; each reading of an exact place stands in the journal."""

from uuid import UUID

from openhns.incidents.models import Certificate
from openhns.incidents.proving import prove_certificate
from openhns.mechanism.access import record_exact_read, require_any_role
from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.notices.models import Notice, Receipt
from openhns.notices.proving import prove_notice, prove_receipt, prove_withdrawal
from openhns.parties.models import Party
from openhns.proofs.proof_file import ProofFile

_PROVERS = (Role.Name.TRANSMITTER, Role.Name.REVIEWER, Role.Name.AUDITOR)


def notice(subject: UUID, mechanism: Mechanism, person: Person) -> ProofFile:
    """Prove a notice of this mechanism."""
    found = _allowed(mechanism, person) and Notice.objects.filter(
        id=subject, party__mechanism=mechanism
    ).select_related("party", "transmission").first()  # fmt: skip
    if not found:
        raise NotFound
    _record(found, mechanism, person)
    return prove_notice(found)


def receipt(subject: UUID, mechanism: Mechanism, person: Person) -> ProofFile:
    """Prove one answer to a notice of this mechanism."""
    found = _allowed(mechanism, person) and Receipt.objects.filter(
        id=subject, notice__party__mechanism=mechanism
    ).select_related("notice__party", "notice__transmission", "key").first()  # fmt: skip
    if not found:
        raise NotFound
    _record(found.notice, mechanism, person)
    return prove_receipt(found)


def incident(subject: UUID, mechanism: Mechanism, person: Person) -> ProofFile:
    """Prove the newest status-at-strike certificate of an incident."""
    found = _allowed(mechanism, person) and Certificate.objects.filter(
        incident_id=subject, incident__mechanism=mechanism
    ).order_by("issued_at").last()  # fmt: skip
    if not found:
        raise NotFound
    return prove_certificate(found)


def withdrawal(subject: UUID, mechanism: Mechanism, person: Person) -> ProofFile:
    """Prove a party's withdrawal."""
    found = _allowed(mechanism, person) and mechanism.parties.filter(id=subject).first()
    if not isinstance(found, Party):
        raise NotFound
    return prove_withdrawal(found)


def _allowed(mechanism: Mechanism, person: Person) -> bool:
    return bool(require_any_role(person, mechanism, _PROVERS))


def _record(told: Notice, mechanism: Mechanism, person: Person) -> None:
    listings = [told.listing_id] if told.listing_id else []
    record_exact_read(person, mechanism, "prove", listings)

"""Make the proof file of a certificate: its text, and every notice and answer that it names."""

from typing import Any
from uuid import UUID

from openhns.incidents.models import Certificate
from openhns.notices.models import Notice, Receipt
from openhns.notices.proving import documents_for, entries_for, wanted_for
from openhns.proofs import jws
from openhns.proofs.proof_file import Document, Kind, ProofFile, Role
from openhns.record.writing import find_log


def prove_certificate(certificate: Certificate) -> ProofFile:
    """Return the proof of a certificate; it shows all that the certificate shows."""
    log = find_log(certificate.incident.mechanism_id)
    notices = _notices_named(jws.read(certificate.jws).payload)
    receipts = list(Receipt.objects.filter(notice__in=notices).select_related("key"))
    wanted = [(Role.MECHANISM, log.id), (Role.CERTIFICATE, certificate.incident_id)]
    return ProofFile(
        kind=Kind.INCIDENT,
        subject=str(certificate.incident_id),
        log_key=log.verifier_key,
        entries=entries_for(log, [*wanted, *wanted_for(notices, receipts)]),
        documents=(
            Document(Role.CERTIFICATE, certificate.jws),
            *documents_for(notices, receipts),
        ),
    )


def _notices_named(document: dict[str, Any]) -> list[Notice]:
    ids = {
        UUID(notice["id"])
        for party in document["parties"]
        for group in ("held", "ended_before", "sent_later")
        for notice in party.get(group, [])
    }
    found = Notice.objects.filter(id__in=ids).select_related("transmission", "party")
    return list(found.order_by("party_id", "number"))

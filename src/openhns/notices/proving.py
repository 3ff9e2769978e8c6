"""Make proof files of notices and receipts, for whoever may see them."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from openhns.notices.errors import ProofNotReady
from openhns.notices.models import Notice, Objection, Receipt
from openhns.parties.models import Party, PartyKey
from openhns.proofs.proof_file import Document, Entry, Kind, ProofFile, Role
from openhns.record.models import Event, Log
from openhns.record.openings import Opening, openings_of
from openhns.record.writing import find_log

_NAMES = {
    Role.MECHANISM: "mechanism:set-up",
    Role.NOTICE: "notice:prepared",
    Role.TRANSMISSION: "transmission:transmitted",
    Role.PARTY_KEY: "party-key:registered",
    Role.RECEIPT: "receipt:recorded",
    Role.CERTIFICATE: "certificate:issued",
    Role.PARTICIPATION: "participation:stated",
    Role.WITHDRAWAL: "party:withdrawn",
    Role.KEY_REVOCATION: "party-key:revoked",
    Role.OBJECTION: "objection:made",
}
Wanted = tuple[Role, UUID]


def prove_notice(notice: Notice) -> ProofFile:
    """Return the proof of a notice: its text, that it left, every answer and objection to it."""
    log = find_log(notice.scope)
    receipts = _receipts(notice)
    signed = [item.content["jws"] for item in _objections(notice) if "jws" in item.content]
    return ProofFile(
        kind=Kind.NOTICE,
        subject=str(notice.id),
        log_key=log.verifier_key,
        entries=entries_for(log, [(Role.MECHANISM, log.id), *_wanted_of(notice, receipts)]),
        documents=(
            *documents_for([notice], receipts),
            *(Document(Role.OBJECTION, text) for text in signed),
        ),
    )


def _receipts(notice: Notice) -> list[Receipt]:
    return list(notice.receipts.select_related("key").order_by("recorded_at"))


def _objections(notice: Notice) -> list[Objection]:
    return list(notice.objections.order_by("recorded_at"))


def _wanted_of(notice: Notice, receipts: Sequence[Receipt]) -> list[Wanted]:
    """Return the events of a notice, its answers and objections, and of the keys that signed."""
    objections = _objections(notice)
    kids = {item.content["kid"] for item in objections if "kid" in item.content}
    keys = list(PartyKey.objects.filter(kid__in=kids))
    wanted = wanted_for([notice], receipts)
    wanted += [(Role.PARTY_KEY, key.id) for key in keys]
    wanted += [(Role.OBJECTION, item.id) for item in objections]
    wanted += [(Role.KEY_REVOCATION, key.id) for key in keys if key.revoked_at is not None]
    return list(dict.fromkeys(wanted))


def is_proof_ready(notice: Notice) -> bool:
    """Whether the log has taken up all that the proof of a notice shows."""
    wanted = _wanted_of(notice, _receipts(notice))
    events = Event.objects.filter(
        subject_id__in=[subject for _, subject in wanted], name__in=list(_NAMES.values())
    )
    return not events.filter(log=notice.scope, leaf_index=None).exists()


def prove_receipt(receipt: Receipt) -> ProofFile:
    """Return the proof of one answer, with the notice that it answers."""
    return _prove(Kind.RECEIPT, receipt.id, [receipt.notice], [receipt])


def prove_withdrawal(party: Party) -> ProofFile:
    """Return the proof of a party's withdrawal: the public statement, and what it held."""
    log = find_log(party.mechanism_id)
    wanted = [(Role.PARTICIPATION, party.id), (Role.WITHDRAWAL, party.id)]
    return ProofFile(
        kind=Kind.WITHDRAWAL,
        subject=str(party.id),
        log_key=log.verifier_key,
        entries=entries_for(log, wanted),
        documents=(),
    )


def _prove(
    kind: Kind, subject: UUID, notices: Sequence[Notice], receipts: Sequence[Receipt]
) -> ProofFile:
    log = find_log(notices[0].party.mechanism_id)
    return ProofFile(
        kind=kind,
        subject=str(subject),
        log_key=log.verifier_key,
        entries=entries_for(log, [(Role.MECHANISM, log.id), *wanted_for(notices, receipts)]),
        documents=documents_for(notices, receipts),
    )


def wanted_for(notices: Iterable[Notice], receipts: Iterable[Receipt]) -> list[Wanted]:
    """Return which events prove these notices and answers, each event once."""
    notices, receipts = list(notices), list(receipts)
    wanted = [(Role.NOTICE, notice.id) for notice in notices]
    wanted += [(Role.TRANSMISSION, n.transmission_id) for n in notices if n.transmitted_at]
    wanted += [(Role.PARTY_KEY, receipt.key_id) for receipt in receipts if receipt.key_id]
    wanted += [(Role.RECEIPT, receipt.id) for receipt in receipts]
    wanted += [(Role.KEY_REVOCATION, key_id) for key_id in _revoked(receipts)]
    return list(dict.fromkeys(wanted))


def _revoked(receipts: Iterable[Receipt]) -> list[UUID]:
    """Return the keys of these answers that were revoked, as the database has it now."""
    keys = PartyKey.objects.filter(id__in={receipt.key_id for receipt in receipts})
    return list(keys.exclude(revoked_at=None).order_by("id").values_list("id", flat=True))


def documents_for(notices: Iterable[Notice], receipts: Iterable[Receipt]) -> tuple[Document, ...]:
    """Return the signed texts of notices, and of those answers that are signed."""
    texts = [Document(Role.NOTICE, notice.jws) for notice in notices]
    signed = [receipt.content["jws"] for receipt in receipts if receipt.key_id]
    return (*texts, *(Document(Role.RECEIPT, text) for text in signed))


def entries_for(log: Log, wanted: Sequence[Wanted]) -> tuple[Entry, ...]:
    """Return the opened events in the order asked for.

    Raises ProofNotReady where one of them does not stand in the published log yet.
    """
    events = [_event(log, role, subject) for role, subject in wanted]
    openings = openings_of(log, events)
    return tuple(_entry(role, opening) for (role, _), opening in zip(wanted, openings, strict=True))


def _event(log: Log, role: Role, subject: UUID) -> Event:
    found = Event.objects.filter(log=log, name=_NAMES[role], subject_id=subject)
    # Of several statements on one subject, the newest is what holds.
    event = found.order_by("seq").last()
    if event is None:
        raise ProofNotReady(f"The record holds no event {_NAMES[role]} for {subject}.")
    return event


def _entry(role: Role, opening: Opening | None) -> Entry:
    if opening is None:
        raise ProofNotReady("The proof follows: its events wait for the next tick of the log.")
    salt = opening["salt"]
    return Entry(
        role, opening["event"], bytes.fromhex(salt) if salt else None, opening["log_proof"]
    )

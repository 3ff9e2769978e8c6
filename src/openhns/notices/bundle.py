"""What a party holds, as a file that it can load: read from what was transmitted to it alone.

The registry is never looked at: a bundle cannot hold more than the party's notices said.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from openhns.formats.bundle import Stated
from openhns.formats.csv_out import write_csv
from openhns.formats.geojson_out import write_geojson
from openhns.mechanism.access import record_exact_read
from openhns.mechanism.models import Person
from openhns.notices.access import require_answerer, transmitted_to
from openhns.notices.channels.mailbox import transport
from openhns.notices.errors import MailboxDamaged
from openhns.notices.events import NoticesEvent
from openhns.notices.features import feature_of
from openhns.notices.legal import legal_text
from openhns.notices.models import Notice, Transmission
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.proofs.canonical import canonical
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.registry.models.consent import Grade

Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bundle:
    """What was written: the rows and hash that stand inside the file, and its own hash."""

    stated: Stated
    file_sha256: str
    by_grade: dict[str, int]


def do_bundle(
    party: Party,
    form: str,
    path: Path,
    as_of: datetime | None = None,
    *,
    acting_user: Person,
) -> Bundle:
    """Write what a party holds, now or at a time, as `form`; the reading of places is journaled.

    Raises MailboxDamaged, and the formats' FileUnwritableError; then no file is written.
    """
    require_answerer(acting_user, party)
    moment = as_of or timezone.now()
    held = held_payloads(party, moment)
    _journal(party, held, form, acting_user)
    features = [feature_of(payload) for payload in held]
    stated = _WRITERS[form](path, features, _facts(party, held, moment))
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    counts = {grade: sum(p["grade"] == grade for p in held) for grade in Grade.values}
    bundle = Bundle(stated, digest, {grade: n for grade, n in counts.items() if n})
    _record(party, bundle, form, moment, acting_user)
    return bundle


def held_payloads(party: Party, moment: datetime) -> list[Payload]:
    """Return the newest notice under each reference, cancelled ones left out, by number."""
    newest: dict[str, Payload] = {}
    for payload in transmitted_payloads(party, moment):
        key = _key(payload)
        if payload["kind"] == Notice.Kind.CANCEL:
            newest.pop(key, None)
        else:
            newest[key] = payload
    return sorted(newest.values(), key=lambda payload: int(payload["number"]))


def _key(payload: Payload) -> str:
    subject = payload["subject"]
    if subject["reference"] is not None:
        return str(subject["reference"])
    return canonical([subject["kind"], payload["content"]["district"]]).decode()


def transmitted_payloads(party: Party, moment: datetime) -> Iterator[Payload]:
    """Yield every notice as it lies in the party's mailbox, by number; raise MailboxDamaged."""
    rows = transmitted_to(party, moment).values_list("id", "jws_sha256")
    recorded: dict[UUID, str] = dict(rows)
    left = Transmission.objects.filter(
        party=party, status=Transmission.Status.TRANSMITTED, transmitted_at__lte=moment
    )
    for transmission in left.order_by("first_number"):
        for notice_id, envelope in transport.read(transmission):
            digest = recorded.pop(notice_id, None)
            if digest != hashlib.sha256(envelope.notice.encode()).hexdigest():
                raise _damaged(f"notice {notice_id} is not the one that the record names")
            yield jws.read(envelope.notice).payload
    if recorded:
        raise _damaged(f"{len(recorded)} notices that were transmitted are not in it")


def _damaged(what: str) -> MailboxDamaged:
    return MailboxDamaged(f"The mailbox is not as it was written: {what}. No bundle was written.")


def _journal(party: Party, held: list[Payload], form: str, person: Person) -> None:
    exact = {UUID(payload["id"]) for payload in held if payload["grade"] == Grade.EXACT}
    if not exact:
        return
    rows = transmitted_to(party).values_list("id", "listing_id")
    listings = [listing for notice, listing in rows if notice in exact and listing]
    record_exact_read(person, party.mechanism, f"bundle as {form}", listings)


def _facts(party: Party, held: list[Payload], moment: datetime) -> dict[str, Any]:
    return {
        "mechanism": party.mechanism.slug,
        "log": find_log(party.mechanism_id).origin,
        "party": party.name,
        "as_of": timestamp(moment),
        "newest_number": max((payload["number"] for payload in held), default=0),
        "legal": legal_text(party.mechanism.languages),
    }


def _write_geojson(path: Path, features: list[Payload], facts: dict[str, Any]) -> Stated:
    return write_geojson(path, features, facts=facts)


def _write_csv(path: Path, features: list[Payload], facts: dict[str, Any]) -> Stated:
    legal = {"legal": facts["legal"]["en"]}
    rows = [{**item, "properties": {**item["properties"], **legal}} for item in features]
    return write_csv(path, rows)


_WRITERS: Final[Mapping[str, Callable[[Path, list[Payload], dict[str, Any]], Stated]]] = {
    "geojson": _write_geojson,
    "csv": _write_csv,
}
FORMS: Final = tuple(_WRITERS)


def _record(party: Party, bundle: Bundle, form: str, moment: datetime, person: Person) -> None:
    body = {
        "party": str(party.id),
        "format": form,
        "as_of": timestamp(moment),
        "count": bundle.stated.count,
        "file_sha256": bundle.file_sha256,
        "by": person.handle,
    }
    with transaction.atomic():
        event = NewEvent(NoticesEvent.BUNDLE_MADE, "party", party.id, body)
        write_event(find_log(party.mechanism_id), event)

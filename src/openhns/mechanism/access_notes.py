"""Reading notes: the operator sees who has read them, an organisation its own copies."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import get_language, get_language_info

from openhns.mechanism.access import NotFound
from openhns.mechanism.models import Mechanism, Note, NoteDelivery, Organisation


@dataclass(frozen=True, slots=True)
class Text:
    """A note in one language: its code, its name for the reader, its direction."""

    code: str
    language: str
    direction: str
    text: str


def language_words(code: str) -> tuple[str, str]:
    """Return a language's name for the reader, and its direction; an unknown one by its code."""
    try:
        known = get_language_info(code)
    except KeyError:
        return code, "auto"
    return str(known["name_translated"]), "rtl" if known["bidi"] else "ltr"


def texts(written: dict[str, str]) -> list[Text]:
    """Return a note's texts, the reader's own language first."""
    own = (get_language() or "en").partition("-")[0]
    found = [Text(code, *language_words(code), text) for code, text in written.items()]
    return sorted(found, key=lambda each: (each.code.partition("-")[0] != own, each.code))


def notes_of(mechanism: Mechanism) -> QuerySet[Note]:
    """Return the operator's notes with how many got and read them, the newest first."""
    counted = Note.objects.filter(mechanism=mechanism).annotate(
        sent=Count("deliveries"),
        read=Count("deliveries", filter=Q(deliveries__read_at__isnull=False)),
    )
    return counted.order_by("-written_at", "id")


def access_note(mechanism: Mechanism, note_id: UUID) -> Note:
    found = notes_of(mechanism).filter(id=note_id).first()
    if found is None:
        raise NotFound
    return found


def deliveries_of(note: Note) -> QuerySet[NoteDelivery]:
    """Return who got a note: who has not read it first, then by when they did."""
    copies = note.deliveries.select_related("organisation")
    return copies.order_by(F("read_at").asc(nulls_first=True), "id")


def notes_to(organisation: Organisation) -> QuerySet[NoteDelivery]:
    """Return an organisation's copies: unread ones first, then the newest."""
    copies = NoteDelivery.objects.filter(organisation=organisation).select_related("note")
    unread_first = Q(read_at__isnull=False)
    return copies.annotate(is_read=unread_first).order_by("is_read", "-note__written_at", "id")


def access_delivery(organisation: Organisation, note_id: UUID) -> NoteDelivery:
    found = notes_to(organisation).filter(note_id=note_id).first()
    if found is None:
        raise NotFound
    return found

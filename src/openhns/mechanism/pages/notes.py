"""Notes: the operator writes to all organisations, and each reads its own copy."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openhns.mechanism.access_notes import (
    Text,
    access_delivery,
    access_note,
    deliveries_of,
    language_words,
    notes_of,
    notes_to,
    texts,
)
from openhns.mechanism.actions import do_read_note, do_write_note
from openhns.mechanism.models import Mechanism, Note, Organisation, Role
from openhns.mechanism.once import once
from openhns.mechanism.pages.forms import OnceForm
from openhns.mechanism.visits import MEMBERS, OPERATOR, Visit, page
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in

_WRITERS: Final = (Role.Name.TRANSMITTER, Role.Name.ADMINISTRATOR)
_LONGEST: Final = 20_000
_FIRST_LETTERS: Final = 90


class NoteForm(OnceForm):
    """The note in each of the mechanism's languages."""

    def __init__(self, mechanism: Mechanism, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.languages: list[str] = mechanism.languages
        for code in self.languages:
            name, direction = language_words(code)
            attributes = {"lang": code, "dir": direction, "rows": 8}
            self.fields[f"text_{code}"] = forms.CharField(
                label=name, max_length=_LONGEST, widget=forms.Textarea(attrs=attributes)
            )

    @property
    def written(self) -> dict[str, str]:
        return {code: self.cleaned_data[f"text_{code}"] for code in self.languages}

    def hide(self) -> None:
        """Carry what was written through the page that shows it."""
        for code in self.languages:
            self.fields[f"text_{code}"].widget = forms.HiddenInput()


def _beginning(note: Note) -> Text:
    """Return a note's first line in the reader's language, or the first that there is."""
    first = texts(note.content["text"])[0]
    line = " ".join(first.text.split())
    cut = line if len(line) <= _FIRST_LETTERS else line[:_FIRST_LETTERS] + "…"
    return Text(first.code, first.language, first.direction, cut)


@page(*OPERATOR)
def notes(visit: Visit) -> HttpResponse:
    """List the operator's notes and how many organisations have read each."""
    paged = page_of(visit.request, notes_of(visit.mechanism))
    rows = [{"note": note, "first": _beginning(note)} for note in paged.rows]
    named = {"paged": paged.of(rows), "may_write": visit.holds(*_WRITERS)}
    return render(visit.request, "mechanism/notes.html", named)


@page(*OPERATOR)
def note(visit: Visit, note: UUID) -> HttpResponse:
    """Show a note, and who has read it."""
    found = access_note(visit.mechanism, note)
    paged = page_of(visit.request, deliveries_of(found))
    named = {"note": found, "texts": texts(found.content["text"]), "paged": paged}
    return render(visit.request, "mechanism/note.html", named)


@page(*_WRITERS)
def write(visit: Visit) -> HttpResponse:
    """Write a note: first it is shown as it will be read, then it is sent."""
    form = NoteForm(visit.mechanism, visit.request.POST or None)
    act = visit.request.POST.get("act", "")
    if act in {"preview", "send"} and form.is_valid():
        if act == "preview":
            return _previewed(visit, form)
        sent = _sent(visit, form)
        if sent is not None:
            return redirect("mechanism-note", visit.mechanism.slug, sent.id)
    return render(visit.request, "mechanism/note_new.html", {"form": form})


def _previewed(visit: Visit, form: NoteForm) -> HttpResponse:
    form.hide()
    receivers = Organisation.objects.filter(
        mechanism=visit.mechanism, status=Organisation.Status.VETTED
    ).count()
    named = {"form": form, "texts": texts(form.written), "receivers": receivers}
    return render(visit.request, "mechanism/note_preview.html", named)


def _sent(visit: Visit, form: NoteForm) -> Note | None:
    with refusals_in(form):
        made = once(
            form.cleaned_data["key"],
            visit.person,
            Note,
            lambda: do_write_note(
                form.written, mechanism=visit.mechanism, acting_user=visit.person
            ),
        )
        count = made.deliveries.count()
        words = ngettext(
            "The note went to %(count)d organisation.",
            "The note went to %(count)d organisations.",
            count,
        )
        messages.success(visit.request, words % {"count": count})
        return made
    return None


@page(*MEMBERS)
def received(visit: Visit, organisation: UUID) -> HttpResponse:
    """List the notes to an organisation, unread ones first."""
    own = visit.organisation(organisation)
    paged = page_of(visit.request, notes_to(own))
    rows = [{"copy": copy, "first": _beginning(copy.note)} for copy in paged.rows]
    named = {"organisation": own, "paged": paged.of(rows)}
    return render(visit.request, "mechanism/notes_received.html", named)


@page(*MEMBERS)
def received_note(visit: Visit, organisation: UUID, note: UUID) -> HttpResponse:
    """Show a note to an organisation. Opening it records nothing."""
    own = visit.organisation(organisation)
    copy = access_delivery(own, note)
    named = {"organisation": own, "copy": copy, "texts": texts(copy.note.content["text"])}
    return render(visit.request, "mechanism/note_received.html", named)


@page(*MEMBERS)
def read(visit: Visit, organisation: UUID, note: UUID) -> HttpResponse:
    """Record that the organisation has read its copy."""
    own = visit.organisation(organisation)
    if visit.request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    do_read_note(access_delivery(own, note), acting_user=visit.person)
    messages.success(visit.request, _("The operator sees now that you have read it."))
    return redirect("mechanism-notes-received", visit.mechanism.slug, own.id)

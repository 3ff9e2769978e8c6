"""Answers by hand: a letter or an e-mail on file (grade C), or a call that is logged (grade D)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.actions import do_log_call, do_record_letter
from openhns.notices.actions.answering import LONGEST_WORDS, Recorded
from openhns.notices.answers import LONGEST_ECHELON
from openhns.notices.choosing import as_ranges
from openhns.notices.evidence import Upload
from openhns.notices.inbox import received_notices, waiting_notices
from openhns.notices.models import Notice, Receipt
from openhns.notices.pages.uploads import LARGEST_UPLOAD_MIB, LetterField
from openhns.notices.questions import LONGEST_QUESTION
from openhns.notices.words import ANSWERS, PROOFS
from openhns.parties.access import find_party
from openhns.parties.models import Party
from openhns.ui.moments import MomentField
from openhns.ui.refusals import refusals_in

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MOST_AT_ONCE: Final = 5_000
_NUMBER: Final = re.compile(r"[0-9]{1,15}")
_RANGE: Final = re.compile(r"([0-9]{1,15})(?:-([0-9]{1,15}))?")
_CHOSEN: Final = "chosen"
_UNTIL: Final = "until"


class AnswerForm(forms.Form):
    """Which notices an answer is to, and what it says; letters and calls add their own."""

    numbers = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20_000)
    which = forms.ChoiceField(
        label=gettext_lazy("Which notices it answers"), widget=forms.RadioSelect
    )
    until = MomentField(
        label=gettext_lazy("Sent up to"),
        help_text=gettext_lazy("Only for the choice of all notices up to a time."),
        required=False,
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("What it says"),
        choices=[(word, ANSWERS[word]) for word in Receipt.Answer.values],
        initial=Receipt.Answer.ACKNOWLEDGED,
    )
    echelon = forms.CharField(
        label=gettext_lazy("Which office or command answered"),
        help_text=gettext_lazy("How far it went below headquarters, as far as it is said."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        required=False,
        max_length=LONGEST_ECHELON,
    )

    def __init__(self, *args: Any, party: Party, **more: Any) -> None:
        super().__init__(*args, **more)
        self.party = party
        chosen = read_numbers(self["numbers"].value() or "")
        self.fields["which"].choices = list(_choices(chosen))  # type: ignore[attr-defined]
        self.fields["which"].initial = _CHOSEN if chosen else _UNTIL

    def clean(self) -> dict[str, Any]:
        """Find the notices: their identifiers stand under `notices`."""
        data = self.cleaned_data
        if data.get("which") == _UNTIL and "until" in data and data["until"] is None:
            self.add_error("until", _("Give the date and the time."))
        elif "which" in data and "until" in data:
            data["notices"] = list(_notices(self.party, data)[: MOST_AT_ONCE + 1])
            if not data["notices"]:
                self.add_error("which", _("No notice is among these that could be answered."))
            if len(data["notices"]) > MOST_AT_ONCE:
                self.add_error("which", _too_many())
        return data


def _too_many() -> str:
    words = _("These are more than %(most)s notices. Choose an earlier time, then go on.")
    return words % {"most": MOST_AT_ONCE}


def _choices(chosen: Sequence[int]) -> Sequence[tuple[str, str | Promise]]:
    every = (_UNTIL, _("All notices without an answer that were sent up to a time"))
    if not chosen:
        return (every,)
    words = ngettext(
        "The chosen notice: %(numbers)s", "The %(count)d chosen notices: %(numbers)s", len(chosen)
    ) % {"count": len(chosen), "numbers": numbers_text(chosen).replace("-", "\N{EN DASH}")}
    return ((_CHOSEN, words), every)


def _notices(party: Party, data: dict[str, Any]) -> QuerySet[Notice, UUID]:
    if data["which"] == _CHOSEN:
        found = received_notices(party).filter(number__in=read_numbers(data["numbers"]))
    else:
        found = waiting_notices(party).filter(transmission__transmitted_at__lte=data["until"])
    return found.order_by("number").values_list("id", flat=True)


def numbers_text(numbers: Sequence[int]) -> str:
    """Return numbers as they travel in the form: `3-7,9`."""
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in as_ranges(sorted(numbers)))


def read_numbers(text: str) -> list[int]:
    """Read what `numbers_text` wrote; what is no number or range is left out."""
    found: list[int] = []
    for piece in text.split(","):
        match = _RANGE.fullmatch(piece.strip())
        if match is None:
            continue
        first, last = int(match[1]), int(match[2] or match[1])
        found += range(first, min(last, first + MOST_AT_ONCE) + 1)
    return found[: MOST_AT_ONCE + 1]


class LetterForm(AnswerForm):
    """A letter or an authenticated e-mail that is put on file."""

    question = forms.CharField(
        label=gettext_lazy("What it asks"),
        help_text=gettext_lazy("Only where it queries a notice: the question, in its own words."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=LONGEST_QUESTION,
    )
    letter = LetterField()
    at = MomentField(label=gettext_lazy("When it was received"), required=False)


class CallForm(AnswerForm):
    """A call or message that the operator logs."""

    who = forms.CharField(
        label=gettext_lazy("Who called or wrote"),
        help_text=gettext_lazy("Name and office. It is sealed."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        max_length=500,
    )
    at = MomentField(label=gettext_lazy("When"))
    words = forms.CharField(
        label=gettext_lazy("What was said"),
        help_text=gettext_lazy("As close to the words as you can. It is sealed."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        max_length=LONGEST_WORDS,
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """One of the two ways to record an answer by hand."""

    form: type[AnswerForm]
    template: str
    grade: str


_LETTER: Final = _Way(LetterForm, "notices/letter.html", "C")
_CALL: Final = _Way(CallForm, "notices/call.html", "D")


@page(*OPERATOR)
def letter(visit: Visit, party: UUID) -> HttpResponse:
    """Put a letter on file as an answer."""
    return _by_hand(visit, party, _LETTER)


@page(*OPERATOR)
def call(visit: Visit, party: UUID) -> HttpResponse:
    """Log a call as an answer."""
    return _by_hand(visit, party, _CALL)


def _by_hand(visit: Visit, party_id: UUID, way: _Way) -> HttpResponse:
    party = find_party(visit.mechanism, str(party_id))
    request = visit.request
    boxes = [int(box) for box in request.GET.getlist("number") if _NUMBER.fullmatch(box)]
    initial = {"numbers": numbers_text(boxes[:MOST_AT_ONCE])}
    form = way.form(request.POST or None, request.FILES or None, party=party, initial=initial)
    if request.method == "POST" and form.is_valid():
        recorded = None
        with refusals_in(form):
            recorded = _recorded(visit, party, form)
        if recorded is not None:
            messages.success(request, _told(recorded))
            return redirect("notices-sent-to", visit.mechanism.slug, party.id)
    shown = {
        "party": party,
        "form": form,
        "grade": way.grade,
        "proves": PROOFS[way.grade],
        "largest": LARGEST_UPLOAD_MIB,
    }
    return render(request, way.template, shown)


def _recorded(visit: Visit, party: Party, form: AnswerForm) -> Recorded:
    data = form.cleaned_data
    if isinstance(form, LetterForm):
        return do_record_letter(
            party,
            data["notices"],
            _upload(data["letter"]),
            answer=data["answer"],
            received_at=data["at"],
            echelon=data["echelon"],
            question=data["question"],
            acting_user=visit.person,
        )
    return do_log_call(
        party,
        data["notices"],
        data["words"],
        data["who"],
        data["at"],
        answer=data["answer"],
        echelon=data["echelon"],
        acting_user=visit.person,
    )


def _upload(file: "UploadedFile[bytes]") -> Upload:
    return Upload(file.name or "letter", file.read())


def _told(recorded: Recorded) -> str:
    count = len(recorded.receipts)
    words = ngettext(
        "Recorded as the answer to %(count)d notice.",
        "Recorded as the answer to %(count)d notices.",
        count,
    ) % {"count": count}
    if not recorded.already:
        return words
    again = ngettext(
        "For %(count)d it had been recorded before.",
        "For %(count)d it had been recorded before.",
        recorded.already,
    ) % {"count": recorded.already}
    return f"{words} {again}"

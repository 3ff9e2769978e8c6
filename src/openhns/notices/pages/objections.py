"""Objections, for the operator's people: which ring, what each says, its answer; one recorded."""

from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.models import Role
from openhns.mechanism.people import shown_name_of
from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.access import status_of
from openhns.notices.actions import do_answer_objection, do_object
from openhns.notices.actions.objecting import LONGEST_TEXT, find_objection
from openhns.notices.answers import LONGEST_ECHELON
from openhns.notices.models import Objection
from openhns.notices.my_objections import time_left
from openhns.notices.sent import opened
from openhns.notices.shown import told_facts
from openhns.notices.words import KINDS, OBJECTION_PROOFS, PROOFS, STATUS_TONES, STATUSES
from openhns.parties.access import find_party
from openhns.registry.access import read_contents
from openhns.registry.actions.known import standing_version
from openhns.registry.words import GRADES, LISTING_STATUSES
from openhns.ui.moments import MomentField
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in

_LETTER: Final = "C"
_CALL: Final = "D"


@page(*OPERATOR)
def objections(visit: Visit) -> HttpResponse:
    """List objections: those without an answer first, warnings and near limits before others."""
    paged = page_of(visit.request, _ordered(visit))
    waiting = Objection.objects.filter(scope=visit.mechanism.id, answered_at=None).count()
    rows = [(row, time_left(row.time_limit)) for row in paged.rows]
    shown = {"paged": paged.of(rows), "waiting": waiting, "proofs": OBJECTION_PROOFS}
    return render(visit.request, "notices/objections.html", shown)


def _ordered(visit: Visit) -> QuerySet[Objection]:
    every = Objection.objects.filter(scope=visit.mechanism.id).select_related(
        "notice__party", "notice__listing__organisation"
    )
    return every.order_by(
        F("answered_at").desc(nulls_first=True),
        "-warning",
        F("time_limit").asc(nulls_last=True),
        "made_at",
        "id",
    )


class AnswerForm(forms.Form):
    """What a review of the objection found, and what is answered."""

    answer = forms.CharField(
        label=gettext_lazy("What the review found, and the answer"),
        help_text=gettext_lazy(
            "What was looked at, by whom, and what follows: it stays, is amended, or is removed. "
            "It ends the alarm. It reaches the party when you send it."
        ),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=LONGEST_TEXT,
    )


@page(*OPERATOR)
def objection(visit: Visit, objection: UUID) -> HttpResponse:
    """Show one objection with its notice and place; record the answer."""
    found = find_objection(visit.mechanism, objection)
    form = AnswerForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        with refusals_in(form):
            do_answer_objection(found, form.cleaned_data["answer"], acting_user=visit.person)
            messages.success(visit.request, _("The answer is recorded. The alarm has ended."))
            return redirect("notices-objection", visit.mechanism.slug, found.id)
        found = find_objection(visit.mechanism, objection)
    return render(visit.request, "notices/objection.html", _shown(visit, found, form))


def _shown(visit: Visit, found: Objection, form: AnswerForm) -> dict[str, Any]:
    notice = found.notice
    read = opened(visit.person, notice.party, notice.number)
    return {
        "objection": found,
        "content": found.content,
        "left": "" if found.answered_at else time_left(found.time_limit),
        "answered_by": shown_name_of(found.content.get("by")),
        "notice": notice,
        "facts": told_facts(read.payload["content"]),
        "status": status_of(notice),
        "form": form,
        "kinds": KINDS,
        "grades": GRADES,
        "proofs": OBJECTION_PROOFS,
        "statuses": STATUSES,
        "tones": STATUS_TONES,
        "listing_statuses": LISTING_STATUSES,
        **_place(visit, found),
    }


def _place(visit: Visit, found: Objection) -> dict[str, Any]:
    """Return the place as the register has it now; a district's count has none."""
    listing = found.notice.listing
    version = standing_version(listing) if listing else None
    if listing is None or version is None:
        return {}
    contents = read_contents(visit.person, visit.mechanism, [version], "objection")
    return {
        "listing": listing,
        "version": version,
        "name": str(contents[version.id].get("name", "")),
        "organisation": str(listing.organisation.content["name"]),
        "may_review": visit.holds(Role.Name.REVIEWER),
    }


class RecordForm(forms.Form):
    """An objection that came by letter or by telephone."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    grounds = forms.CharField(
        label=gettext_lazy("Grounds"),
        help_text=gettext_lazy("What the party objects, in its own words."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=LONGEST_TEXT,
    )
    warning = forms.BooleanField(
        label=gettext_lazy("The party gave it as a warning"),
        help_text=gettext_lazy(
            "Protection may cease only after a warning with a reasonable time limit has remained "
            "unheeded."
        ),
        required=False,
    )
    limit = MomentField(label=gettext_lazy("Time limit that the party set"), required=False)
    made_at = MomentField(label=gettext_lazy("When it was made"))
    grade = forms.ChoiceField(
        label=gettext_lazy("How it came"),
        choices=[(each, PROOFS[each]) for each in (_CALL, _LETTER)],
    )
    made_by = forms.CharField(
        label=gettext_lazy("Who made it"),
        help_text=gettext_lazy("Name and office, as they said it. It is sealed."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        required=False,
        max_length=LONGEST_ECHELON,
    )


@page(*OPERATOR)
def record_objection(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Record an objection to a sent notice that came by letter or telephone."""
    found = find_party(visit.mechanism, str(party))
    read = opened(visit.person, found, number)
    form = RecordForm(visit.request.POST or None, initial={"key": uuid4()})
    if visit.request.method == "POST" and form.is_valid():
        made = None
        data = form.cleaned_data
        with refusals_in(form):
            made = do_object(
                read.notice,
                data["grounds"],
                warning=data["warning"],
                time_limit=data["limit"],
                made_at=data["made_at"],
                grade=data["grade"],
                made_by=data["made_by"],
                idempotency=str(data["key"]),
                acting_user=visit.person,
            )
        if made is not None:
            words = _("The objection is recorded. It rings until it is answered.")
            messages.success(visit.request, words)
            return redirect("notices-objection", visit.mechanism.slug, made.id)
    shown = {"party": found, "read": read, "form": form, "kinds": KINDS, "grades": GRADES}
    return render(visit.request, "notices/record_objection.html", shown)

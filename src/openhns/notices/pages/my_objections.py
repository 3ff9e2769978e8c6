"""What parties object to an organisation's places: a list that rings, and the answer to each."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.visits import MEMBERS, Visit, page
from openhns.notices.actions.objecting import LONGEST_TEXT, do_answer_objection
from openhns.notices.models import Objection
from openhns.notices.my_objections import (
    access_own_objection,
    alarm_for,
    own_objections,
    time_left,
)
from openhns.notices.words import OBJECTION_PROOFS
from openhns.registry.own import name_of, newest_versions
from openhns.registry.words import label
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in


class AnswerForm(forms.Form):
    """What the organisation says to an objection."""

    answer = forms.CharField(
        label=_("Your answer"),
        help_text=_(
            "What your organisation found when it looked into the grounds, and what it does about "
            "them. It is recorded and cannot be changed."
        ),
        widget=forms.Textarea(attrs={"dir": "auto"}),
        max_length=LONGEST_TEXT,
    )


@page(*MEMBERS)
def ringing(visit: Visit) -> HttpResponse:
    """Answer what waits now, for pages that stay open."""
    alarm = alarm_for(visit.roles, visit.mechanism)
    if alarm is None:
        return JsonResponse({"waiting": 0, "words": "", "list": ""})
    shown = render_to_string("notices/alarm_list.html", {"alarm": alarm}, visit.request)
    found = {"waiting": len(alarm.waiting), "words": str(alarm.words), "list": shown.strip()}
    return JsonResponse(found)


@page(*MEMBERS)
def objections(visit: Visit, organisation: UUID) -> HttpResponse:
    """List the objections to the organisation's places, unanswered ones first."""
    own = visit.organisation(organisation)
    paged = page_of(visit.request, own_objections(visit.person, own))
    listings = {item.id: item for row in paged.rows if (item := row.notice.listing) is not None}
    names = {key: name_of(row) for key, row in newest_versions(listings.values()).items()}
    rows = [(row, names.get(row.notice.listing_id, ""), _left(row)) for row in paged.rows]
    shown = {"organisation": own, "paged": paged.of(rows)}
    return render(visit.request, "notices/my_objections.html", shown)


def _left(objection: Objection) -> str:
    return "" if objection.answered_at else time_left(objection.time_limit)


@page(*MEMBERS)
def objection(visit: Visit, organisation: UUID, objection: UUID) -> HttpResponse:
    """Show one objection; take the organisation's answer to it."""
    own = visit.organisation(organisation)
    found = access_own_objection(visit.person, own, objection)
    form = AnswerForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        with refusals_in(form):
            do_answer_objection(found, form.cleaned_data["answer"], acting_user=visit.person)
            messages.success(visit.request, _("Your answer is recorded."))
            return redirect("notices-my-objection", visit.mechanism.slug, own.id, found.id)
    listing = found.notice.listing
    shown = {
        "organisation": own,
        "objection": found,
        "listing": listing,
        "name": name_of(newest_versions([listing])[listing.id]) if listing else "",
        "content": found.content,
        "left": _left(found),
        "proof": label(OBJECTION_PROOFS, found.grade),
        "form": form,
    }
    return render(visit.request, "notices/my_objection.html", shown)

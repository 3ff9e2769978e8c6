"""What parties ask about notices, for the operator's people: which wait, and the reply to each."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.people import shown_name_of
from openhns.mechanism.visits import OPERATOR, Visit, page
from openhns.notices.access import find_query, queries_of, waiting_queries
from openhns.notices.actions import do_reply
from openhns.notices.models import Receipt, Reply
from openhns.notices.questions import LONGEST_REPLY
from openhns.notices.sent import opened
from openhns.notices.shown import told_facts
from openhns.notices.words import KINDS, OBJECTION_PROOFS
from openhns.registry.words import GRADES
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in


@page(*OPERATOR)
def queries(visit: Visit) -> HttpResponse:
    """List queries: those without a reply first, oldest first."""
    waiting = waiting_queries(visit.mechanism).count()
    paged = page_of(visit.request, queries_of(visit.mechanism))
    shown = {"paged": paged, "waiting": waiting, "proofs": OBJECTION_PROOFS}
    return render(visit.request, "notices/queries.html", shown)


class ReplyForm(forms.Form):
    """What the operator replies."""

    words = forms.CharField(
        label=gettext_lazy("The reply"),
        help_text=gettext_lazy(
            "The party reads it beside its notice. Tell nothing that the party is not told in "
            "the notice. It is recorded and cannot be changed."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        max_length=LONGEST_REPLY,
    )


@page(*OPERATOR)
def query(visit: Visit, query: UUID) -> HttpResponse:
    """Show what a party asks, with its notice; record the reply."""
    found = find_query(visit.mechanism, query)
    form = ReplyForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        with refusals_in(form):
            do_reply(found, form.cleaned_data["words"], acting_user=visit.person)
            messages.success(visit.request, _("The reply is recorded. The party sees it."))
            return redirect("notices-query", visit.mechanism.slug, found.id)
        found = find_query(visit.mechanism, query)
    return render(visit.request, "notices/query.html", _shown(visit, found, form))


def _shown(visit: Visit, found: Receipt, form: ReplyForm) -> dict[str, Any]:
    notice = found.notice
    read = opened(visit.person, notice.party, notice.number)
    reply = Reply.objects.filter(receipt=found).first()
    return {
        "query": found,
        "reply": reply,
        "replied_by": shown_name_of(reply.content["by"]) if reply else "",
        "notice": notice,
        "about": read.about,
        "facts": told_facts(read.payload["content"]),
        "form": form,
        "kinds": KINDS,
        "grades": GRADES,
        "proofs": OBJECTION_PROOFS,
    }

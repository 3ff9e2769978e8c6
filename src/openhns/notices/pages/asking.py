"""A party asks the operator about one notice: signed in its browser, or typed."""

from typing import Any, Final
from uuid import UUID, uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.access import Read, read_notices
from openhns.notices.actions import do_query, do_record_receipts
from openhns.notices.answers import LONGEST_ECHELON, LONGEST_RECEIPT
from openhns.notices.models import Receipt
from openhns.notices.pages.answering import require_page_keys, require_same, show_form
from openhns.notices.questions import LONGEST_QUESTION
from openhns.parties.models import Party
from openhns.parties.pages.liaison import lead_to, party_of
from openhns.proofs.marks import one_form
from openhns.ui.refusals import refusals_in

_QUERY: Final[dict[str, Any]] = {"answer": str(Receipt.Answer.QUERIED), "bulk": False}


class AskForm(forms.Form):
    """What a party asks. `signed` is filled by the page's script where there is a key."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    signed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=LONGEST_RECEIPT)
    question = forms.CharField(
        label=gettext_lazy("What you ask"),
        help_text=gettext_lazy("About this notice alone: what is unclear, or does not fit."),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
        max_length=LONGEST_QUESTION,
    )
    echelon = forms.CharField(
        label=gettext_lazy("Who asks"),
        help_text=gettext_lazy("The office or command, in your own words. The operator reads it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        max_length=LONGEST_ECHELON,
    )

    def clean_question(self) -> str:
        return one_form(self.cleaned_data["question"])

    def clean_echelon(self) -> str:
        return one_form(self.cleaned_data["echelon"])


@page(Role.Name.LIAISON)
def asking(visit: Visit, party: UUID, number: int) -> HttpResponse:
    """Take a query: signed where the browser holds a key, else as what it is."""
    found = party_of(visit, party)
    (read,) = read_notices(visit.person, found, [number], "query")
    form = AskForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        with refusals_in(form):
            messages.success(visit.request, _recorded(visit, found, read, form.cleaned_data))
            return lead_to(visit, found, "notices-notice", number=number)
    return show_form(visit, "notices/ask.html", found, read, form)


def _recorded(visit: Visit, party: Party, read: Read, said: dict[str, Any]) -> str:
    """Record the query and return what the screen says of it."""
    if said["signed"]:
        require_page_keys(party, [said["signed"]])
        wanted = {"notice": str(read.notice.id), "question": said["question"]}
        require_same(said["signed"], wanted | _QUERY | {"echelon": said["echelon"]})
        do_record_receipts(party, [said["signed"]], acting_user=visit.person)
        return _("Your query is recorded, signed with a key in this page (grade B).")
    do_query(
        read.notice,
        said["question"],
        made_by=said["echelon"],
        idempotency=str(said["key"]),
        acting_user=visit.person,
    )
    return _("Your query is recorded as typed here and not signed (grade D).")

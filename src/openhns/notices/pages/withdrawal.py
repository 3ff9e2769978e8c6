"""A party leaves: what that means is shown before it is done, and done on its typed name."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.actions import do_withdraw
from openhns.notices.actions.withdrawing import Withdrawal
from openhns.notices.departure_note import departure_note
from openhns.notices.implications import (
    MOST_MOVEMENTS,
    Implications,
    first_movements,
    organisation_names,
)
from openhns.notices.legal import legal_text
from openhns.notices.pages.notice import legal_texts
from openhns.parties.access import find_party, shown_name
from openhns.parties.models import Participation, Party
from openhns.registry.words import GRADES
from openhns.ui.moments import MomentField
from openhns.ui.refusals import refusals_in

_LONGEST: Final = 5_000
PREVIEW: Final = "preview"
CHANGE: Final = "change"
WITHDRAW: Final = "withdraw"


class WithdrawalForm(forms.Form):
    """From when a party has left, why, and at last its name, typed."""

    effective_at = MomentField(
        label=gettext_lazy("From when it takes no part"),
        help_text=gettext_lazy(
            "The time that the party stated, past or to come, with the zone of that clock."
        ),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy(
            "As the party stated it, or that it stated none. It is sealed; that it left is public."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        max_length=_LONGEST,
    )
    typed = forms.CharField(
        label=gettext_lazy("Type the party's name to confirm"),
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
        required=False,
        max_length=300,
    )


@page(Role.Name.ADMINISTRATOR)
def withdrawal(visit: Visit, party: UUID) -> HttpResponse:
    """Ask from when and why, show what follows, and record it on the party's typed name."""
    found = find_party(visit.mechanism, str(party))
    step = visit.request.POST.get("step", "")
    form = WithdrawalForm(visit.request.POST or None)
    if step == CHANGE:
        form.is_valid()
        form.errors.clear()
        return _asked(visit, found, form)
    if visit.request.method != "POST" or not form.is_valid():
        return _asked(visit, found, form)
    if step == WITHDRAW and _is_confirmed(found, form):
        if _withdrawn(visit, found, form):
            return redirect("notices-party", visit.mechanism.slug, found.id)
        return _asked(visit, found, form)  # It was refused, and the form says why.
    return _previewed(visit, found, form)


def _asked(visit: Visit, party: Party, form: WithdrawalForm) -> HttpResponse:
    return render(visit.request, "notices/withdrawal.html", {"party": party, "form": form})


def _is_confirmed(party: Party, form: WithdrawalForm) -> bool:
    if shown_name(form.cleaned_data["typed"]) == party.name:
        return True
    form.add_error("typed", _("This is not the party's name. Nothing was recorded."))
    return False


def _withdrawn(visit: Visit, party: Party, form: WithdrawalForm) -> bool:
    """Record it; sent twice it is recorded once."""
    data = form.cleaned_data
    if _is_recorded(party, data["effective_at"]):
        messages.info(visit.request, _("This withdrawal was recorded before."))
        return True
    done = None
    with refusals_in(form):
        done = do_withdraw(party, data["effective_at"], data["reason"], acting_user=visit.person)
    if done is not None:
        messages.success(visit.request, _told(done))
    return done is not None


def _is_recorded(party: Party, effective_at: datetime) -> bool:
    left = party.participations.filter(status=Participation.Status.WITHDRAWN)
    return left.filter(effective_at=effective_at).exists()


def _told(done: Withdrawal) -> str:
    suspended = ngettext(
        "%(count)d consent is suspended.", "%(count)d consents are suspended.", done.suspended
    ) % {"count": done.suspended}
    told = ngettext(
        "%(count)d organisation has a note.",
        "%(count)d organisations have a note.",
        done.implications.organisations,
    ) % {"count": done.implications.organisations}
    recorded = _("The withdrawal is recorded.")
    return f"{recorded} {suspended} {told}"


def _previewed(visit: Visit, party: Party, form: WithdrawalForm) -> HttpResponse:
    data, found = form.cleaned_data, None
    with refusals_in(form):
        found = do_withdraw(
            party, data["effective_at"], data["reason"], dry_run=True, acting_user=visit.person
        )
    if found is None:
        return _asked(visit, party, form)
    form.fields["typed"].required = True  # On this page; the first one does not ask for it.
    shown = {
        "party": party,
        "form": form,
        "said": data,
        "found": found.implications,
        **_implied(visit, party, found.implications),
    }
    return render(visit.request, "notices/withdrawal_preview.html", shown)


def _implied(visit: Visit, party: Party, found: Implications) -> dict[str, Any]:
    names = organisation_names(found.by_organisation())
    by_organisation = sorted(
        (names.get(key, key), sorted(counts.items()))
        for key, counts in found.by_organisation().items()
    )
    return {
        "by_grade": found.by_grade().items(),
        "by_organisation": by_organisation,
        "under_way": first_movements(found.under_way),
        "to_come": first_movements(found.to_come),
        "most": MOST_MOVEMENTS,
        "note": legal_texts(departure_note(party, found.effective_at)),
        "reminder": legal_texts(legal_text(visit.mechanism.languages)),
        "grades": GRADES,
    }

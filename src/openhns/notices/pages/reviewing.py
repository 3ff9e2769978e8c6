"""One version before a reviewer: what was found and changed, who would be told; then a word."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.review import Review, review_of
from openhns.registry.access import access_version
from openhns.registry.actions import do_decide
from openhns.registry.models import Decision, Version
from openhns.registry.words import (
    ACTIONS,
    CHECKS,
    DECISIONS,
    FIELDS,
    GRADES,
    KINDS,
    LISTING_STATUSES,
    VERDICT_TONES,
    VERDICTS,
    VERSION_STATUSES,
)
from openhns.ui.refusals import refusals_in

_LONGEST: Final = 4_000
_DONE: Final[dict[str, str | Promise]] = {
    Decision.Word.CLEAR: _("Cleared for relay."),
    Decision.Word.RETURN: _("Returned to the organisation with your reason."),
    Decision.Word.REFUSE: _("Refused, with your reason."),
}
_FIRST_OF_TWO: Final = _("Your word is recorded. A second person must clear it too.")


class DecideForm(forms.Form):
    """One word on a version; its button gives the word."""

    word = forms.ChoiceField(
        choices=[(word, word) for word in Decision.Word.values],
        widget=forms.HiddenInput,
        error_messages={"required": _("Choose what is to become of this version.")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "Needed to return or refuse, and to clear what a check warns of. The organisation "
            "reads it; it is sealed."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        required=False,
        max_length=_LONGEST,
    )


@page(Role.Name.REVIEWER)
def version(visit: Visit, version: UUID) -> HttpResponse:
    """Show one version; on a word, record it, and go back to what waits."""
    found = access_version(visit.person, visit.mechanism, version)
    form = DecideForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        words = _decided(visit, found, form)
        if words is not None:
            messages.success(visit.request, str(words))
            return redirect("registry-review", visit.mechanism.slug)
        found.refresh_from_db()
    review = review_of(visit.person, visit.mechanism, found)
    return render(visit.request, "notices/reviewing.html", _shown(review, form))


def _decided(visit: Visit, found: Version, form: DecideForm) -> str | Promise | None:
    """Record the word; the same word sent twice is one."""
    word = form.cleaned_data["word"]
    if found.decisions.filter(person=visit.person, word=word).exists():
        settled = found.status != Version.Status.SUBMITTED
        return _DONE[word] if settled else _FIRST_OF_TWO
    done = None
    with refusals_in(form):
        done = do_decide(found, word, form.cleaned_data["reason"], acting_user=visit.person)
    if done is None:
        return None
    return _DONE[word] if done.settled else _FIRST_OF_TWO


def _shown(review: Review, form: DecideForm) -> dict[str, Any]:
    return {
        "review": review,
        "version": review.version,
        "standing": review.standing,
        "form": form,
        "kinds": KINDS,
        "actions": ACTIONS,
        "statuses": VERSION_STATUSES,
        "listing_statuses": LISTING_STATUSES,
        "verdicts": VERDICTS,
        "tones": VERDICT_TONES,
        "checks": CHECKS,
        "fields": FIELDS,
        "grades": GRADES,
        "decisions": DECISIONS,
    }

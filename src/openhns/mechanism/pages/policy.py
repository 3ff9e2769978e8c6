"""Administration: the policy in words, and its change."""

from dataclasses import fields, replace
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.access_proposals import Line, figure
from openhns.mechanism.actions import do_change_policy, do_propose_policy
from openhns.mechanism.errors import PolicyInvalid
from openhns.mechanism.models import Proposal, Role
from openhns.mechanism.once import once
from openhns.mechanism.pages.forms import OnceForm, prose
from openhns.mechanism.policy import RANGES, Policy, policy_of
from openhns.mechanism.visits import EVERYBODY, Visit, page
from openhns.mechanism.words import FIGURES, label
from openhns.ui.refusals import refusals_in, words_of

_NAME: Final = "name"


class PolicyForm(OnceForm):
    """Each figure of the policy, within its range, and why it changes."""

    def __init__(self, held: Policy, data: Any = None) -> None:
        super().__init__(data, initial=held.to_json())
        self.held = held
        for item in fields(Policy):
            self.fields[item.name] = _field(item.name)
        self.fields["why"] = prose(
            gettext_lazy("Why it changes"),
            required=False,
            help_text=gettext_lazy("Needed where fewer persons are to suffice."),
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        try:
            figures = {item.name: cleaned[item.name] for item in fields(Policy)}
            return cleaned | {"policy": replace(self.held, **figures)}
        except PolicyInvalid as error:
            raise forms.ValidationError(words_of(error)) from None


def _field(name: str) -> forms.Field:
    words = label(FIGURES, name)
    if name == _NAME:
        return forms.CharField(label=words, max_length=40)
    if name not in RANGES:
        return forms.BooleanField(label=words, required=False)
    least, greatest = RANGES[name]
    return forms.IntegerField(
        label=words,
        min_value=least,
        max_value=greatest,
        help_text=_("From %(least)d to %(greatest)d.") % {"least": least, "greatest": greatest},
    )


@page(*EVERYBODY)
def policy(visit: Visit) -> HttpResponse:
    """Show the policy in words: it is public by nature."""
    held = policy_of(visit.mechanism)
    lines = [Line(label(FIGURES, name), figure(value)) for name, value in held.to_json().items()]
    named = {"lines": lines, "may_change": visit.holds(Role.Name.ADMINISTRATOR)}
    return render(visit.request, "mechanism/policy.html", named)


@page(Role.Name.ADMINISTRATOR)
def change(visit: Visit) -> HttpResponse:
    """Change the policy; one by which fewer persons suffice waits for a second administrator."""
    held = policy_of(visit.mechanism)
    form = PolicyForm(held, visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid() and _changed(visit, form):
        return redirect("mechanism-policy", visit.mechanism.slug)
    return render(visit.request, "mechanism/policy_change.html", {"form": form})


def _changed(visit: Visit, form: PolicyForm) -> bool:
    wanted: Policy = form.cleaned_data["policy"]
    if wanted == form.held:
        messages.info(visit.request, _("Nothing was changed."))
        return True
    weaker = wanted.is_weaker_than(form.held)
    with refusals_in(form):
        if weaker:
            _proposed(visit, form, wanted)
        else:
            do_change_policy(visit.mechanism, wanted, acting_user=visit.person)
    if form.is_valid():
        words = (
            _("Another administrator must agree; it waits on their page of requests.")
            if weaker
            else _("The policy is changed.")
        )
        messages.success(visit.request, words)
    return form.is_valid()


def _proposed(visit: Visit, form: PolicyForm, wanted: Policy) -> Proposal:
    given = form.cleaned_data
    return once(
        given["key"],
        visit.person,
        Proposal,
        lambda: do_propose_policy(
            wanted, given["why"], mechanism=visit.mechanism, acting_user=visit.person
        ),
    )

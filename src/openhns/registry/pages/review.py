"""What waits for a reviewer, the urgent first; and clearing at once what every check passes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise

from openhns.mechanism.errands import REFUSED, do_order, find_errand
from openhns.mechanism.models import Organisation, Role
from openhns.mechanism.policy import policy_of
from openhns.mechanism.visits import Visit, page
from openhns.registry.access import read_contents
from openhns.registry.actions.deciding import foresee_clearing
from openhns.registry.actions.insiders import cleared_by, insiders_of
from openhns.registry.actions.signing import signed_versions
from openhns.registry.due import CLEAR_PASSING
from openhns.registry.errors import RegistryError
from openhns.registry.models import Version
from openhns.registry.reviewing import waiting_for_review
from openhns.registry.words import ACTIONS, CHECKS, KINDS, VERDICT_TONES, VERDICTS, label
from openhns.ui.paging import page_of
from openhns.ui.refusals import words_of_code

_TWO = 2


@dataclass(frozen=True, slots=True)
class Row:
    """One waiting version as the queue shows it; `cleared` counts those who cleared it so far."""

    version: Version
    name: str
    organisation: str
    what: str
    verdict: str | Promise
    tone: str
    unsigned: bool
    cleared: int
    own: bool


@page(Role.Name.REVIEWER)
def queue(visit: Visit) -> HttpResponse:
    """List what waits for a decision. The names are sealed, so that reading them is journalled."""
    waiting = waiting_for_review(visit.mechanism).prefetch_related("listing__organisation")
    paged = page_of(visit.request, waiting)
    policy = policy_of(visit.mechanism)
    shown = {
        "paged": paged.of(_rows(visit, paged.rows)),
        "two": policy.persons_to_clear >= _TWO,
        "urgent": waiting.filter(urgent=True).count(),
    }
    return render(visit.request, "registry/review.html", shown)


def _rows(visit: Visit, versions: Sequence[Version]) -> list[Row]:
    policy = policy_of(visit.mechanism)
    contents = read_contents(visit.person, visit.mechanism, versions, "review queue")
    ids = [version.id for version in versions]
    insiders = insiders_of(versions) if policy.persons_to_clear >= _TWO else {}
    cleared, signed = cleared_by(ids, insiders), signed_versions(ids)
    names = organisation_names(version.listing.organisation for version in versions)
    return [
        Row(
            version=version,
            name=str(contents[version.id].get("name", "")),
            organisation=names[version.listing.organisation_id],
            what=f"{label(KINDS, version.listing.kind)}: {label(ACTIONS, version.action)}",
            verdict=label(VERDICTS, version.checks_worst),
            tone=VERDICT_TONES.get(version.checks_worst, ""),
            unsigned=policy.second_signature and version.id not in signed,
            cleared=len(cleared[version.id]),
            own=visit.person.pk in insiders.get(version.id, ()),
        )
        for version in versions
    ]


def organisation_names(organisations: Any) -> dict[UUID, str]:
    """Return the names of organisations by identifier, each opened once."""
    found: dict[UUID, Organisation] = {each.id: each for each in organisations}
    return {key: str(each.content["name"]) for key, each in found.items()}


class KeyForm(forms.Form):
    """A form that only says yes; its key, made when the page was shown, makes two sends one."""

    key = forms.UUIDField(widget=forms.HiddenInput)


@page(Role.Name.REVIEWER)
def passing(visit: Visit) -> HttpResponse:
    """Say how many versions no check holds; clear them when told to, as due work."""
    form = KeyForm(visit.request.POST or None, initial={"key": uuid4()})
    if visit.request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        errand = do_order(CLEAR_PASSING, key, mechanism=visit.mechanism, acting_user=visit.person)
        return redirect("registry-clearing", visit.mechanism.slug, errand.id)
    foreseen = foresee_clearing(visit.mechanism, acting_user=visit.person)
    shown = {
        "form": form,
        "foreseen": foreseen,
        "held": held_in_words(foreseen.held),
        "two": policy_of(visit.mechanism).persons_to_clear >= _TWO,
    }
    return render(visit.request, "registry/passing.html", shown)


@page(Role.Name.REVIEWER)
def clearing(visit: Visit, errand: UUID) -> HttpResponse:
    """Show what became of an order to clear all that passes."""
    found = find_errand(visit.mechanism, CLEAR_PASSING, errand)
    refused = found.outcome.get(REFUSED)
    shown = {
        "errand": found,
        "held": held_in_words(found.outcome.get("held", {})),
        "not_checked": held_in_words(found.outcome.get("not_checked", {})),
        "refused": words_of_code(refused, RegistryError) if refused else "",
    }
    return render(visit.request, "registry/clearing.html", shown)


def held_in_words(held: Mapping[str, int]) -> list[tuple[str | Promise, int]]:
    return [(label(CHECKS, name), count) for name, count in held.items()]

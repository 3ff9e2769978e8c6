"""Submitting, amending and removing: typed, read back, and only then sent.

Each form is sent twice: first to be checked and read back, then to be submitted. Between the two
everything typed travels in the page itself and nothing is kept here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Organisation, Role
from openhns.mechanism.policy import policy_of
from openhns.mechanism.visits import Visit, page
from openhns.registry.access import read_contents
from openhns.registry.actions import do_amend, do_remove, do_submit
from openhns.registry.actions.amending import amended_draft
from openhns.registry.actions.keyed import Submitted
from openhns.registry.actions.known import standing_version
from openhns.registry.actions.submitting import judge
from openhns.registry.drafts import DRAFT_OF, Draft
from openhns.registry.errors import ListingClosed, SubmissionRefused
from openhns.registry.models import Listing, Version
from openhns.registry.own import access_own_listing
from openhns.registry.pages.former_facts import former_data
from openhns.registry.pages.reading_back import ReadBack, read_back
from openhns.registry.pages.submission_forms import (
    FORMS,
    MORE_ROWS,
    RemovalForm,
    SubmissionForm,
)
from openhns.registry.saying import said_of
from openhns.ui.maps import Map
from openhns.ui.refusals import refusals_in, words_of

CHECK, SUBMIT, CHANGE, MORE = "check", "submit", "change", "more"
_CLOSED: Final = frozenset({Listing.Status.CLOSED, Listing.Status.ENDED})


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page submits: how its form is judged, and how it is done.

    `former` is what the form would send unchanged, of an amendment.
    """

    own: Organisation
    kind: Listing.Kind
    heading: str | Promise
    draft: Callable[[Mapping[str, Any]], Draft]
    do: Callable[[Mapping[str, Any], str], Submitted]
    initial: Mapping[str, Any]
    former: Mapping[str, Any]
    listing: Listing | None = None

    def changes(self, form: SubmissionForm) -> dict[str, Any]:
        """Return what the form says and did not say before."""
        facts = form.facts()
        if self.listing is None:
            return {name: value for name, value in facts.items() if value not in ("", [], False)}
        return {
            name: value
            for name, value in facts.items()
            if name not in self.former or self.former[name] != value
        }


@page(Role.Name.REPORTER)
def submit(visit: Visit, organisation: UUID, kind: Listing.Kind) -> HttpResponse:
    """Take a new site or movement."""
    own = visit.organisation(organisation, Role.Name.REPORTER)
    headings = {
        Listing.Kind.SITE: _("Register a site"),
        Listing.Kind.MOVEMENT: _("Announce a movement"),
    }

    def do(facts: Mapping[str, Any], key: str) -> Submitted:
        return do_submit(
            facts, organisation=own, kind=kind, idempotency_key=key, acting_user=visit.person
        )

    return _answer(visit, Asked(own, kind, headings[kind], DRAFT_OF[kind], do, {}, {}))


@page(Role.Name.REPORTER)
def amend(visit: Visit, organisation: UUID, kind: Listing.Kind, listing: UUID) -> HttpResponse:
    """Take a new version of what is registered. What is left as it is stays exactly as it was."""
    own = visit.organisation(organisation, Role.Name.REPORTER)
    found = access_own_listing(visit.person, own, kind, listing)
    try:
        standing = _standing(found)
    except ListingClosed as error:
        messages.warning(visit.request, words_of(error))
        return redirect("notices-my-listing", visit.mechanism.slug, own.id, kind, found.id)
    content = read_contents(visit.person, visit.mechanism, [standing], "amendment")[standing.id]
    data = former_data(kind, content, standing)
    before = FORMS[kind](visit.mechanism, {**data, "key": "-"})
    former = before.facts() if before.is_valid() else {}

    def draft(changes: Mapping[str, Any]) -> Draft:
        return amended_draft(kind, content, changes)

    def do(changes: Mapping[str, Any], key: str) -> Submitted:
        return do_amend(found, changes, idempotency_key=key, acting_user=visit.person)

    return _answer(visit, Asked(own, kind, _("Amend"), draft, do, data, former, found))


def _standing(listing: Listing) -> Version:
    version = standing_version(listing)
    if version is None or listing.status in _CLOSED:
        raise ListingClosed("The listing was removed or has ended: submit it as a new one.")
    return version


def _answer(visit: Visit, asked: Asked) -> HttpResponse:
    """Show the form, what was read of it, or what became of it."""
    if visit.request.method != "POST":
        form = FORMS[asked.kind](visit.mechanism, initial=dict(asked.initial))
        return _form_page(visit, asked, form)
    data, step = _data(visit.request.POST)
    form = FORMS[asked.kind](visit.mechanism, data)
    valid = form.is_valid()
    if step in (CHANGE, MORE):
        form.errors.clear()
    if step in (CHANGE, MORE) or not valid:
        return _form_page(visit, asked, form)
    if step != SUBMIT:
        return _read_back_page(visit, asked, form)
    return _submitted(visit, asked, form)


def _data(post: QueryDict) -> tuple[QueryDict, str]:
    """Return what was typed, with a reading that was chosen put in its place, and what to do."""
    data, step = post.copy(), post.get("step", CHECK)
    field, colon, position = post.get("use", "").partition(":")
    if colon:
        name = f"{field}_position" if field.startswith("stop_") else field
        data[name] = position.strip()
        if name == "position":
            data["latitude"] = data["longitude"] = ""
        step = CHECK
    if step == MORE:
        data["rows"] = str(_whole(data.get("rows", "")) + MORE_ROWS)
    return data, step


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1000") else 0


def _form_page(visit: Visit, asked: Asked, form: SubmissionForm, **more: Any) -> HttpResponse:
    shown = {
        "organisation": asked.own,
        "listing": asked.listing,
        "kind": asked.kind,
        "heading": asked.heading,
        "form": form,
        "now": asked.initial.get("position_now"),
        "map": Map(
            "pick",
            _("Pick the place on the map"),
            countries=visit.mechanism.countries,
            pick=(form.map_input,),
        ),
        **more,
    }
    return render(visit.request, "registry/submit.html", shown)


def _read_back_page(visit: Visit, asked: Asked, form: SubmissionForm) -> HttpResponse:
    changes = asked.changes(form)
    if asked.listing is not None and not changes:
        form.add_error(None, _("Nothing was changed."))
        return _form_page(visit, asked, form)
    shown = {
        "organisation": asked.own,
        "listing": asked.listing,
        "kind": asked.kind,
        "heading": asked.heading,
        "form": form,
        "back": _read(visit, asked, changes),
    }
    return render(visit.request, "registry/read_back.html", shown)


def _read(visit: Visit, asked: Asked, changes: Mapping[str, Any]) -> ReadBack:
    (judged,) = judge([asked.draft(changes)], visit.mechanism, asked.own)
    return read_back(judged, _typed(changes), visit.mechanism.countries)


def _typed(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of positions by the fields that the checks name."""
    stops = {f"stop_{at}": stop[0] for at, stop in enumerate(changes.get("stops", ()), start=1)}
    return {**changes, **stops}


def _submitted(visit: Visit, asked: Asked, form: SubmissionForm) -> HttpResponse:
    with refusals_in(form):
        try:
            done = asked.do(asked.changes(form), form.cleaned_data["key"])
        except SubmissionRefused as error:
            return _form_page(visit, asked, form, findings=said_of(error.findings))
        return _done(visit, asked, done)
    return _form_page(visit, asked, form)


def _done(visit: Visit, asked: Asked, done: Submitted) -> HttpResponse:
    messages.success(visit.request, _what_next(visit, asked, done))
    listing = done.version.listing
    new = asked.listing is None and done.version.action == Version.Action.ADD
    name = "notices-consents" if new else "notices-my-listing"
    return redirect(name, visit.mechanism.slug, asked.own.id, listing.kind, listing.id)


def _what_next(visit: Visit, asked: Asked, done: Submitted) -> str:
    if policy_of(visit.mechanism).second_signature:
        words = _("Submitted. It waits for a second signature by a colleague of yours.")
    else:
        words = _("Submitted. It is with the operator now.")
    if asked.listing is None and done.version.action == Version.Action.AMEND:
        amends = _("Your identifier was registered before, so this amends that entry.")
        return f"{words} {amends}"
    return str(words)


@page(Role.Name.REPORTER)
def remove(visit: Visit, organisation: UUID, kind: Listing.Kind, listing: UUID) -> HttpResponse:
    """Take the removal of what is registered, which an operator then clears."""
    own = visit.organisation(organisation, Role.Name.REPORTER)
    found = access_own_listing(visit.person, own, kind, listing)
    form = RemovalForm(visit.request.POST or None, initial={"key": str(uuid4())})
    if visit.request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        with refusals_in(form):
            done = do_remove(
                found,
                typed["reason"],
                urgent=typed["urgent"],
                idempotency_key=typed["key"],
                acting_user=visit.person,
            )
            messages.success(visit.request, _removal_next(visit))
            found = done.version.listing
            return redirect("notices-my-listing", visit.mechanism.slug, own.id, kind, found.id)
    shown = {"organisation": own, "listing": found, "form": form}
    return render(visit.request, "registry/remove.html", shown)


def _removal_next(visit: Visit) -> str:
    if policy_of(visit.mechanism).second_signature:
        return str(_("The removal waits for a second signature by a colleague of yours."))
    return str(_("The removal is with the operator now."))

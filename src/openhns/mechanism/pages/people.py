"""Administration: people, their roles and invitations."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.access_people import (
    access_account,
    access_invitation,
    access_role,
    accounts,
    people_of,
)
from openhns.mechanism.actions import (
    do_add_person,
    do_end_role,
    do_grant_role,
    do_invite,
    do_propose_reset,
    do_propose_role,
    do_revoke_tokens,
    do_withdraw_invitation,
)
from openhns.mechanism.actions.persons import role_needs_second
from openhns.mechanism.actions.resets import agreed_reset, reset_needs_second
from openhns.mechanism.actions.tokens import open_tokens
from openhns.mechanism.directory import party_names
from openhns.mechanism.errors import MechanismError, PersonNotFound
from openhns.mechanism.models import Mechanism, Organisation, Person, Proposal, Role
from openhns.mechanism.once import once
from openhns.mechanism.pages import shown_once
from openhns.mechanism.pages.forms import OnceForm, ReasonForm, line, prose
from openhns.mechanism.people import ORGANISATION_ROLES, find_person
from openhns.mechanism.visits import Visit, only_sent, page
from openhns.mechanism.words import ROLES, ROLES_DO, label
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in, words_of

_ADMINISTRATOR: Final = Role.Name.ADMINISTRATOR
_FOUND: Final = "people_found"


class PersonForm(OnceForm):
    """Whom an administrator enters."""

    name = line(gettext_lazy("Name"), widget=forms.TextInput(attrs={"dir": "auto"}))
    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        required=False,
        help_text=gettext_lazy("The person can sign in by it. It is kept sealed."),
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )
    phone = line(
        gettext_lazy("Telephone"),
        60,
        required=False,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "tel"}),
    )


class FindForm(forms.Form):
    """Who has an account in another mechanism of this installation."""

    who = line(
        gettext_lazy("E-mail address or user name"), widget=forms.TextInput(attrs={"dir": "ltr"})
    )


class RoleForm(OnceForm):
    """A role, for whom, and why where a second administrator must agree."""

    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)
    organisation = forms.ChoiceField(
        label=gettext_lazy("Organisation"),
        required=False,
        help_text=gettext_lazy("For a reporter or approver."),
    )
    party = forms.ChoiceField(
        label=gettext_lazy("Party"), required=False, help_text=gettext_lazy("For a liaison.")
    )
    why = prose(
        gettext_lazy("Why the person needs this role"),
        required=False,
        help_text=gettext_lazy("The second administrator reads it."),
    )

    def __init__(self, mechanism: Mechanism, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mechanism = mechanism
        self._offer("role", [(name, f"{ROLES[name]}: {does}") for name, does in ROLES_DO.items()])
        self._offer("organisation", [("", "-"), *_organisations(mechanism)])
        parties = [(str(each), name) for each, name in party_names(mechanism).items()]
        self._offer("party", [("", "-"), *parties])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above.
        field.choices = choices

    @property
    def organisation_chosen(self) -> Organisation | None:
        chosen = self.cleaned_data["organisation"]
        wanted = self.cleaned_data["role"] in ORGANISATION_ROLES
        return Organisation.objects.get(id=chosen) if chosen and wanted else None

    @property
    def party_chosen(self) -> UUID | None:
        chosen = self.cleaned_data["party"]
        return UUID(chosen) if chosen and self.cleaned_data["role"] == Role.Name.LIAISON else None


def _organisations(mechanism: Mechanism) -> list[tuple[str, str]]:
    vetted = Organisation.objects.filter(
        mechanism=mechanism, status=Organisation.Status.VETTED
    ).order_by("applied_at", "id")
    named = [(str(each.id), str(each.content["name"])) for each in vetted]
    return sorted(named, key=lambda each: each[1].casefold())


@page(_ADMINISTRATOR)
def people(visit: Visit) -> HttpResponse:
    """List the people of the mechanism, the newest first."""
    paged = page_of(visit.request, people_of(visit.mechanism))
    named = {"paged": paged.of(accounts(visit.mechanism, paged.rows)), "form": FindForm()}
    return render(visit.request, "mechanism/people.html", named)


@page(_ADMINISTRATOR)
@only_sent
def find(visit: Visit) -> HttpResponse:
    """Lead to the person of that exact address or user name, of any mechanism here."""
    form = FindForm(visit.request.POST)
    try:
        found = find_person(form.cleaned_data["who"]) if form.is_valid() else None
    except PersonNotFound:
        found = None
    if found is None or found.local:
        messages.warning(visit.request, _("Nobody has an account under that address or name."))
        return redirect("mechanism-people", visit.mechanism.slug)
    known = visit.request.session.get(_FOUND, [])
    visit.request.session[_FOUND] = [*known, str(found.id)][-20:]
    return redirect("mechanism-person", visit.mechanism.slug, found.id)


@page(_ADMINISTRATOR)
def enter(visit: Visit) -> HttpResponse:
    """Enter a person; an invitation comes next."""
    form = PersonForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        person = _entered(visit, form)
        if person is not None:
            messages.success(visit.request, _("The person is entered. Give a role, then invite."))
            return redirect("mechanism-person", visit.mechanism.slug, person.id)
    return render(visit.request, "mechanism/person_new.html", {"form": form})


def _entered(visit: Visit, form: PersonForm) -> Person | None:
    given = form.cleaned_data
    with refusals_in(form):
        return once(
            given["key"],
            visit.person,
            Person,
            lambda: do_add_person(
                given["name"],
                given["email"],
                given["phone"],
                mechanism=visit.mechanism,
                acting_user=visit.person,
            ),
        )
    return None


@page(_ADMINISTRATOR)
def person(visit: Visit, person: UUID) -> HttpResponse:
    """Show a person, and give them a role: at once, or once a second administrator agrees."""
    found = _access(visit, person)
    form = RoleForm(visit.mechanism, visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid() and _given(visit, found, form):
        return redirect("mechanism-person", visit.mechanism.slug, found.id)
    return _show(visit, found, form, ReasonForm())


def _show(visit: Visit, found: Person, form: RoleForm, reset: ReasonForm) -> HttpResponse:
    seconded = reset_needs_second(visit.mechanism, found)
    agreed = seconded and agreed_reset(visit.mechanism, found, visit.person) is not None
    named = {
        "account": accounts(visit.mechanism, [found])[0],
        "tokens": open_tokens(found).filter(role__mechanism=visit.mechanism).count(),
        "must_ask": seconded and not agreed,
        "reset": reset,
        "form": form,
        "link": shown_once.take(visit.request, f"invitation-{found.id}"),
        "two": any(role_needs_second(visit.mechanism, name) for name in Role.Name),
    }
    return render(visit.request, "mechanism/person.html", named)


def _access(visit: Visit, person: UUID) -> Person:
    return access_account(visit.mechanism, person, visit.request.session.get(_FOUND, ()))


def _given(visit: Visit, found: Person, form: RoleForm) -> bool:
    """Give the role or ask for it; the form says what was wrong."""
    seconded = role_needs_second(visit.mechanism, form.cleaned_data["role"])
    with refusals_in(form):
        if seconded:
            _proposed(visit, found, form)
        else:
            _granted(visit, found, form)
    if form.is_valid():
        words = (
            _("Another administrator must agree; it waits on their page of requests.")
            if seconded
            else _("The role is given.")
        )
        messages.success(visit.request, words)
    return form.is_valid()


def _proposed(visit: Visit, found: Person, form: RoleForm) -> Proposal:
    given = form.cleaned_data
    return once(
        given["key"],
        visit.person,
        Proposal,
        lambda: do_propose_role(
            found,
            given["role"],
            form.organisation_chosen,
            form.party_chosen,
            given["why"],
            mechanism=visit.mechanism,
            acting_user=visit.person,
        ),
    )


def _granted(visit: Visit, found: Person, form: RoleForm) -> Role:
    given = form.cleaned_data
    return once(
        given["key"],
        visit.person,
        Role,
        lambda: do_grant_role(
            found,
            visit.mechanism,
            given["role"],
            form.organisation_chosen,
            form.party_chosen,
            acting_user=visit.person,
        ),
    )


@page(_ADMINISTRATOR)
def end_role(visit: Visit, role: UUID) -> HttpResponse:
    """Ask whether a role is to end, and end it. It may be urgent: one administrator suffices."""
    found = access_role(visit.mechanism, role)
    if visit.request.method == "POST":
        try:
            do_end_role(found, acting_user=visit.person)
            messages.success(visit.request, _("The role has ended, and so have the sign-ins."))
        except MechanismError as error:
            if error.hidden:
                raise
            messages.warning(visit.request, words_of(error))
        return redirect("mechanism-person", visit.mechanism.slug, found.person_id)
    named = {"role": found, "words": label(ROLES, found.name)}
    return render(visit.request, "mechanism/role_end.html", named)


@page(_ADMINISTRATOR)
@only_sent
def invite(visit: Visit, person: UUID) -> HttpResponse:
    """Make an invitation; its link is shown once, on the page that follows."""
    found = _access(visit, person)
    try:
        _invitation, token = do_invite(found, mechanism=visit.mechanism, acting_user=visit.person)
        link = f"{settings.OPENHNS_URL}/welcome/{token}/"
        shown_once.keep(visit.request, f"invitation-{found.id}", link)
    except MechanismError as error:
        if error.hidden:
            raise
        messages.warning(visit.request, words_of(error))
    return redirect("mechanism-person", visit.mechanism.slug, found.id)


@page(_ADMINISTRATOR)
@only_sent
def revoke_tokens(visit: Visit, person: UUID) -> HttpResponse:
    """End the tokens by which programs act in the person's roles here."""
    found = _access(visit, person)
    do_revoke_tokens(found, mechanism=visit.mechanism, acting_user=visit.person)
    messages.success(visit.request, _("The person's tokens count no longer."))
    return redirect("mechanism-person", visit.mechanism.slug, found.id)


@page(_ADMINISTRATOR)
@only_sent
def ask_reset(visit: Visit, person: UUID) -> HttpResponse:
    """Ask another administrator whether the person may be invited anew."""
    found = _access(visit, person)
    form = ReasonForm(visit.request.POST)
    if form.is_valid():
        with refusals_in(form):
            why = form.cleaned_data["reason"]
            do_propose_reset(found, why, mechanism=visit.mechanism, acting_user=visit.person)
    if not form.is_valid():
        return _show(visit, found, RoleForm(visit.mechanism), form)
    messages.success(
        visit.request, _("Another administrator must agree; it waits on their page of requests.")
    )
    return redirect("mechanism-person", visit.mechanism.slug, found.id)


@page(_ADMINISTRATOR)
@only_sent
def withdraw_invitation(visit: Visit, invitation: UUID) -> HttpResponse:
    """End an invitation that waits."""
    found = access_invitation(visit.mechanism, invitation)
    do_withdraw_invitation(found, acting_user=visit.person)
    messages.success(visit.request, _("The invitation is withdrawn; its link opens nothing."))
    return redirect("mechanism-person", visit.mechanism.slug, found.person_id)

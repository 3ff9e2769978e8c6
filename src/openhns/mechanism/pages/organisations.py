"""The operator's pages on organisations: applications, decisions, suspension, first people."""

from typing import Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism import access_organisations as reading
from openhns.mechanism.access import access_organisation
from openhns.mechanism.actions import (
    do_decide_on_organisation,
    do_enter_member,
    do_set_aside,
    do_suspend,
    do_take_up,
)
from openhns.mechanism.actions.applications import known_organisation
from openhns.mechanism.actions.persons import role_needs_second
from openhns.mechanism.models import Application, Organisation, Person, Role
from openhns.mechanism.once import once
from openhns.mechanism.pages.forms import ReasonForm, prose
from openhns.mechanism.pages.people import PersonForm
from openhns.mechanism.policy import policy_of
from openhns.mechanism.visits import OPERATOR, Visit, only_sent, page
from openhns.mechanism.words import (
    APPLICATION_STATES,
    ORGANISATION_STATUSES,
    ORGANISATION_TONES,
    ROLES,
    label,
)
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in

_REVIEWER: Final = Role.Name.REVIEWER
_MEMBERS: Final = (Role.Name.REPORTER, Role.Name.APPROVER)


class DecisionForm(forms.Form):
    """Favourable or not, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        widget=forms.RadioSelect,
        choices=[
            ("favourable", gettext_lazy("Favourable: this is the organisation it says it is")),
            ("unfavourable", gettext_lazy("Unfavourable: it may not take part")),
        ],
    )
    reason = prose(
        gettext_lazy("Reason"),
        help_text=gettext_lazy("How you know: whom you called, which register you saw."),
    )

    @property
    def favourable(self) -> bool:
        return bool(self.cleaned_data["decision"] == "favourable")


class MemberForm(PersonForm):
    """A person of an organisation, and what they do for it."""

    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        widget=forms.CheckboxSelectMultiple,
        choices=[(name, ROLES[name]) for name in _MEMBERS],
    )
    why = prose(
        gettext_lazy("How you know that the person is of this organisation"),
        help_text=gettext_lazy("A second administrator reads it, where the policy asks for one."),
    )


@page(*OPERATOR)
def organisations(visit: Visit) -> HttpResponse:
    """List organisations by status, and say how many applications wait."""
    status = visit.request.GET.get("status", "")
    paged = page_of(visit.request, reading.organisations_of(visit.mechanism, status))
    named = {
        "paged": paged.of(reading.shown(paged.rows, visit.mechanism)),
        "waiting": reading.applications_of(visit.mechanism).count(),
        "status": status,
        "statuses": [(name, str(words)) for name, words in ORGANISATION_STATUSES.items()],
    }
    return render(visit.request, "mechanism/organisations.html", named)


@page(*OPERATOR)
def applications(visit: Visit) -> HttpResponse:
    """List the applications that wait, the oldest first."""
    paged = page_of(visit.request, reading.applications_of(visit.mechanism))
    rows = [{"row": row, "days": reading.days_since(row)} for row in paged.rows]
    return render(visit.request, "mechanism/applications.html", {"paged": paged.of(rows)})


@page(*OPERATOR)
def application(visit: Visit, application: UUID) -> HttpResponse:
    """Show an application; a reviewer takes it up by deciding on it."""
    row = reading.access_application(visit.mechanism, application)
    form = DecisionForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        organisation = _taken_up(visit, row, form)
        if organisation is not None:
            messages.success(visit.request, _("Your decision stands in the record."))
            return redirect("mechanism-organisation", visit.mechanism.slug, organisation.id)
    return _show_application(visit, row, form, ReasonForm())


def _taken_up(visit: Visit, row: Application, form: DecisionForm) -> Organisation | None:
    with refusals_in(form):
        return do_take_up(
            row, form.favourable, form.cleaned_data["reason"], acting_user=visit.person
        )
    return None


def _show_application(
    visit: Visit, row: Application, form: DecisionForm, aside: ReasonForm
) -> HttpResponse:
    known = known_organisation(row)
    again = (Organisation.Status.REFUSED, Organisation.Status.SUSPENDED)
    waits = row.state == Application.State.WAITING
    named = {
        "row": row,
        "state": label(APPLICATION_STATES, row.state),
        "known": known,
        "known_status": label(ORGANISATION_STATUSES, known.status) if known else "",
        "may_decide": waits and visit.holds(_REVIEWER),
        "may_take_up": known is None or known.status in again,
        "form": form,
        "aside": aside,
    }
    return render(visit.request, "mechanism/application.html", named)


@page(_REVIEWER)
@only_sent
def set_aside(visit: Visit, application: UUID) -> HttpResponse:
    """Set an application aside, with a reason."""
    row = reading.access_application(visit.mechanism, application)
    form = ReasonForm(visit.request.POST)
    if form.is_valid():
        with refusals_in(form):
            do_set_aside(row, form.cleaned_data["reason"], acting_user=visit.person)
    if not form.is_valid():
        return _show_application(visit, row, DecisionForm(), form)
    messages.success(visit.request, _("The application is set aside."))
    return redirect("mechanism-applications", visit.mechanism.slug)


@page(*OPERATOR)
def organisation(visit: Visit, organisation: UUID) -> HttpResponse:
    """Show an organisation: who decided what and when, its people, and what can be done."""
    row = access_organisation(visit.person, visit.mechanism, organisation)
    return _show_organisation(visit, row, DecisionForm(), ReasonForm())


def _show_organisation(
    visit: Visit, row: Organisation, decision: DecisionForm, suspension: ReasonForm
) -> HttpResponse:
    vetted = row.status == Organisation.Status.VETTED
    named = {
        "row": row,
        "status": label(ORGANISATION_STATUSES, row.status),
        "tone": ORGANISATION_TONES[row.status],
        "decisions": reading.decisions_on(row),
        "needed": policy_of(visit.mechanism).persons_to_vet,
        "came_from": row.applications.order_by("-received_at").first(),
        "members": reading.members_of(row),
        "may_decide": visit.holds(_REVIEWER) and reading.may_decide(row, visit.person),
        "may_suspend": vetted and visit.holds(_REVIEWER, Role.Name.ADMINISTRATOR),
        "may_enter": vetted and visit.holds(Role.Name.ADMINISTRATOR),
        "decision": decision,
        "suspension": suspension,
    }
    return render(visit.request, "mechanism/organisation.html", named)


@page(_REVIEWER)
@only_sent
def decide(visit: Visit, organisation: UUID) -> HttpResponse:
    """Record this reviewer's decision."""
    row = access_organisation(visit.person, visit.mechanism, organisation)
    form = DecisionForm(visit.request.POST)
    if form.is_valid():
        with refusals_in(form):
            do_decide_on_organisation(
                row, form.favourable, form.cleaned_data["reason"], acting_user=visit.person
            )
    if not form.is_valid():
        return _show_organisation(visit, row, form, ReasonForm())
    messages.success(visit.request, _("Your decision stands in the record."))
    return redirect("mechanism-organisation", visit.mechanism.slug, row.id)


@page(_REVIEWER, Role.Name.ADMINISTRATOR)
@only_sent
def suspend(visit: Visit, organisation: UUID) -> HttpResponse:
    """Suspend a vetted organisation at once, with a reason."""
    row = access_organisation(visit.person, visit.mechanism, organisation)
    form = ReasonForm(visit.request.POST)
    if form.is_valid():
        with refusals_in(form):
            do_suspend(row, form.cleaned_data["reason"], acting_user=visit.person)
    if not form.is_valid():
        return _show_organisation(visit, row, DecisionForm(), form)
    messages.success(visit.request, _("The organisation is suspended. It may apply again."))
    return redirect("mechanism-organisation", visit.mechanism.slug, row.id)


@page(Role.Name.ADMINISTRATOR)
def enter_member(visit: Visit, organisation: UUID) -> HttpResponse:
    """Enter a person of a vetted organisation, with their roles."""
    row = access_organisation(visit.person, visit.mechanism, organisation)
    if row.status != Organisation.Status.VETTED:
        raise Http404
    form = MemberForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        person = _entered(visit, row, form)
        if person is not None:
            messages.success(visit.request, _("The person is entered. Invite them next."))
            return redirect("mechanism-person", visit.mechanism.slug, person.id)
    two = role_needs_second(visit.mechanism, Role.Name.REPORTER)
    named = {"form": form, "row": row, "two": two}
    return render(visit.request, "mechanism/member_new.html", named)


def _entered(visit: Visit, row: Organisation, form: MemberForm) -> Person | None:
    given = form.cleaned_data
    with refusals_in(form):
        return once(
            given["key"],
            visit.person,
            Person,
            lambda: do_enter_member(
                row,
                given["name"],
                given["roles"],
                email=given["email"],
                phone=given["phone"],
                why=given["why"],
                acting_user=visit.person,
            ),
        )
    return None

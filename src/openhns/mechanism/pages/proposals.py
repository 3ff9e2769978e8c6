"""Administration: what waits for a second administrator."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openhns.mechanism.access_proposals import access_proposal, asked, proposals_visible_to
from openhns.mechanism.actions import do_agree, do_decline, do_take_back
from openhns.mechanism.errors import MechanismError
from openhns.mechanism.models import Proposal, Role
from openhns.mechanism.pages.forms import ReasonForm
from openhns.mechanism.visits import OPERATOR, Visit, only_sent, page
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in, words_of

_KINDS: Final = (Proposal.Kind.ROLE, Proposal.Kind.POLICY, Proposal.Kind.RESET)


@page(Role.Name.ADMINISTRATOR)
def proposals(visit: Visit) -> HttpResponse:
    """List requests for roles and changes of the policy, the newest first."""
    rows = proposals_visible_to(visit.person, visit.mechanism, *_KINDS)
    paged = page_of(visit.request, rows)
    shown = paged.of(asked(paged.rows, visit.person, visit.mechanism))
    return render(visit.request, "mechanism/proposals.html", {"paged": shown})


@page(*OPERATOR)
def proposal(visit: Visit, proposal: UUID) -> HttpResponse:
    """Show one request, with what the viewer can do about it."""
    return _shown(visit, access_proposal(visit.person, visit.mechanism, proposal), ReasonForm())


def _shown(visit: Visit, row: Proposal, form: ReasonForm) -> HttpResponse:
    named = {"asked": asked([row], visit.person, visit.mechanism)[0], "form": form}
    return render(visit.request, "mechanism/proposal.html", named)


@page(*OPERATOR)
@only_sent
def agree(visit: Visit, proposal: UUID) -> HttpResponse:
    """Agree as the second person."""
    row = access_proposal(visit.person, visit.mechanism, proposal)
    try:
        do_agree(row, acting_user=visit.person)
        messages.success(visit.request, _("You agreed. It stands in the record."))
    except MechanismError as error:
        if error.hidden:
            raise
        messages.warning(visit.request, words_of(error))
    return _back(visit, row)


@page(*OPERATOR)
@only_sent
def decline(visit: Visit, proposal: UUID) -> HttpResponse:
    """Decline as the second person, with a reason."""
    row = access_proposal(visit.person, visit.mechanism, proposal)
    form = ReasonForm(visit.request.POST)
    if form.is_valid():
        with refusals_in(form):
            do_decline(row, form.cleaned_data["reason"], acting_user=visit.person)
    if not form.is_valid():
        return _shown(visit, row, form)
    messages.success(visit.request, _("You declined. It stands in the record."))
    return _back(visit, row)


@page(*OPERATOR)
@only_sent
def take_back(visit: Visit, proposal: UUID) -> HttpResponse:
    """Take a request of one's own back."""
    row = access_proposal(visit.person, visit.mechanism, proposal)
    try:
        do_take_back(row, acting_user=visit.person)
        messages.success(visit.request, _("The request is taken back."))
    except MechanismError as error:
        if error.hidden:
            raise
        messages.warning(visit.request, words_of(error))
    return _back(visit, row)


def _back(visit: Visit, row: Proposal) -> HttpResponse:
    return redirect("mechanism-proposal", visit.mechanism.slug, row.id)

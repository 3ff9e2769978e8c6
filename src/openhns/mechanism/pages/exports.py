"""Files that leave the operator: one asks, another agrees, and whoever asked takes the file."""

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.access_proposals import access_proposal, asked, proposals_visible_to
from openhns.mechanism.actions import do_request_export, do_take_export
from openhns.mechanism.errors import ExportNotAgreed
from openhns.mechanism.exports import known_exporters
from openhns.mechanism.models import Proposal
from openhns.mechanism.once import once
from openhns.mechanism.pages.forms import OnceForm, prose
from openhns.mechanism.visits import OPERATOR, Visit, only_sent, page
from openhns.ui.paging import page_of
from openhns.ui.refusals import refusals_in, words_of

_EXPORT: Final = Proposal.Kind.EXPORT


class ExportForm(OnceForm):
    """Which file, and why it must leave."""

    export = forms.ChoiceField(label=gettext_lazy("File"), widget=forms.RadioSelect)
    why = prose(
        gettext_lazy("Why the file is needed, and who will have it"),
        help_text=gettext_lazy("Whoever agrees reads it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["export"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above.
        found = known_exporters().values()
        field.choices = [(each.name, f"{each.title}: {each.holds}") for each in found]


@page(*OPERATOR)
def exports(visit: Visit) -> HttpResponse:
    """List what was asked for, and ask for a file."""
    form = ExportForm(visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        made = _requested(visit, form)
        if made is not None:
            messages.success(visit.request, _("Another person of the operator must agree now."))
            return redirect("mechanism-proposal", visit.mechanism.slug, made.id)
    paged = page_of(visit.request, proposals_visible_to(visit.person, visit.mechanism, _EXPORT))
    shown = paged.of(asked(paged.rows, visit.person, visit.mechanism))
    return render(visit.request, "mechanism/exports.html", {"paged": shown, "form": form})


def _requested(visit: Visit, form: ExportForm) -> Proposal | None:
    given = form.cleaned_data
    with refusals_in(form):
        return once(
            given["key"],
            visit.person,
            Proposal,
            lambda: do_request_export(
                given["export"],
                given["why"],
                mechanism=visit.mechanism,
                acting_user=visit.person,
            ),
        )
    return None


@page(*OPERATOR)
@only_sent
def take(visit: Visit, proposal: UUID) -> HttpResponse:
    """Give the file to whoever asked for it; each taking is journalled."""
    row = access_proposal(visit.person, visit.mechanism, proposal)
    try:
        written = do_take_export(row, acting_user=visit.person)
    except ExportNotAgreed as error:
        messages.warning(visit.request, words_of(error))
        return redirect("mechanism-proposal", visit.mechanism.slug, row.id)
    answer = HttpResponse(written.content, content_type=written.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{written.file_name}"'
    return answer

"""Tokens by which programs act in one's own roles."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.mechanism.access_people import HeldRole
from openhns.mechanism.actions import do_make_token, do_revoke_token
from openhns.mechanism.actions.tokens import LIFE
from openhns.mechanism.directory import party_names
from openhns.mechanism.models import ApiToken, Role
from openhns.mechanism.once import once
from openhns.mechanism.pages import shown_once
from openhns.mechanism.pages.forms import OnceForm
from openhns.mechanism.visits import EVERYBODY, Visit, only_sent, page
from openhns.ui.refusals import refusals_in

_SHOWN: Final = "token"
_KEPT: Final = timedelta(days=30)  # How long a token that ended stays in the list.


class TokenForm(OnceForm):
    """In which of one's roles a program is to act."""

    role = forms.ChoiceField(
        label=gettext_lazy("Role in which the program acts"), widget=forms.RadioSelect
    )

    def __init__(self, roles: list[HeldRole], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["role"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - as declared above.
        field.choices = [(str(each.role.id), f"{each.words} {each.of}".strip()) for each in roles]


@page(*EVERYBODY)
def tokens(visit: Visit) -> HttpResponse:
    """List one's own tokens in this mechanism, and make one, which is shown once.

    A token outlives the session it was made in, so that whoever makes one shows again who they are.
    """
    if visit.request.method == "POST":
        raise_if_reauthentication_required(visit.request, app="openhns")
    roles = _held(visit)
    form = TokenForm(roles, visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid() and _made(visit, form):
        return redirect("mechanism-tokens", visit.mechanism.slug)
    named = {
        "form": form,
        "token": shown_once.take(visit.request, _SHOWN),
        "days": LIFE.days,
        "rows": _rows(visit, roles),
    }
    return render(visit.request, "mechanism/tokens.html", named)


def _held(visit: Visit) -> list[HeldRole]:
    parties = party_names(visit.mechanism)
    return [HeldRole.of_role(role, parties) for role in visit.roles]


def _made(visit: Visit, form: TokenForm) -> bool:
    given = form.cleaned_data
    role = next(each for each in visit.roles if str(each.id) == given["role"])
    with refusals_in(form):
        once(given["key"], visit.person, ApiToken, lambda: _make(visit, role))
    return form.is_valid()


def _make(visit: Visit, role: Role) -> ApiToken:
    row, token = do_make_token(role, acting_user=visit.person)
    shown_once.keep(visit.request, _SHOWN, token)
    return row


def _own(visit: Visit) -> QuerySet[ApiToken]:
    mine = ApiToken.objects.filter(role__person=visit.person, role__mechanism=visit.mechanism)
    return mine.select_related("role").order_by("-made_at", "id")


def _rows(visit: Visit, roles: list[HeldRole]) -> list[dict[str, Any]]:
    """Return the tokens that count or ended lately, each with the role's words."""
    held = {each.role.id: each for each in roles}
    now = timezone.now()
    return [
        {"token": each, "role": held.get(each.role_id), "counts": _counts(each)}
        for each in _own(visit).filter(expires_at__gt=now - _KEPT)
    ]


def _counts(token: ApiToken) -> bool:
    over = token.revoked_at is not None or token.role.ended_at is not None
    return not over and token.expires_at > timezone.now()


@page(*EVERYBODY)
@only_sent
def revoke(visit: Visit, token: UUID) -> HttpResponse:
    """End one of one's own tokens."""
    found = _own(visit).filter(id=token).first()
    if found is None:
        raise Http404
    if found.revoked_at is None:
        do_revoke_token(found, acting_user=visit.person)
    messages.success(visit.request, _("The token counts no longer."))
    return redirect("mechanism-tokens", visit.mechanism.slug)

"""Addresses of signing in and of a person's own pages."""

from allauth.account import views as account
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from openhns.mechanism.pages import (
    applying,
    arriving,
    exports,
    journal,
    notes,
    organisations,
    people,
    policy,
    proposals,
    tokens,
)

_HERE = "<slug:mechanism>/"
_PERSON = f"{_HERE}people/<uuid:person>/"
_ASKED = f"{_HERE}requests/<uuid:proposal>/"
_APPLICATION = f"{_HERE}applications/<uuid:application>/"
_ORGANISATION = f"{_HERE}organisations/<uuid:organisation>/"


def nothing(request: HttpRequest, **_: object) -> HttpResponse:
    """Stand where the library has a page that would keep an address in the clear."""
    del request
    raise Http404


urlpatterns = [
    path("home/", arriving.home, name="home"),
    path("language/", set_language, name="language"),
    path("account/login/", account.login, name="account_login"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/set-password/", nothing, name="account_set_password"),
    path("account/sign-up/", nothing, name="account_signup"),
    path("account/reset/", nothing, name="account_reset_password"),
    path("account/e-mail/", nothing, name="account_email"),
    path("account/second-factor/webauthn/keys/<int:pk>/edit/", nothing, name="mfa_edit_webauthn"),
    path("account/second-factor/", include("allauth.mfa.urls")),
    path("welcome/<str:token>/", arriving.accept_invitation, name="invitation"),
    path(f"{_HERE}people/", people.people, name="mechanism-people"),
    path(f"{_HERE}people/find/", people.find, name="mechanism-person-find"),
    path(f"{_HERE}people/new/", people.enter, name="mechanism-person-new"),
    path(_PERSON, people.person, name="mechanism-person"),
    path(f"{_PERSON}new-start/", people.ask_reset, name="mechanism-person-new-start"),
    path(f"{_PERSON}tokens/revoke/", people.revoke_tokens, name="mechanism-person-revoke-tokens"),
    path(f"{_PERSON}invite/", people.invite, name="mechanism-person-invite"),
    path(
        f"{_HERE}invitations/<uuid:invitation>/withdraw/",
        people.withdraw_invitation,
        name="mechanism-invitation-withdraw",
    ),
    path(f"{_HERE}roles/<uuid:role>/end/", people.end_role, name="mechanism-role-end"),
    path(f"{_HERE}policy/", policy.policy, name="mechanism-policy"),
    path(f"{_HERE}policy/change/", policy.change, name="mechanism-policy-change"),
    path(f"{_HERE}requests/", proposals.proposals, name="mechanism-proposals"),
    path(_ASKED, proposals.proposal, name="mechanism-proposal"),
    path(f"{_ASKED}agree/", proposals.agree, name="mechanism-proposal-agree"),
    path(f"{_ASKED}decline/", proposals.decline, name="mechanism-proposal-decline"),
    path(f"{_ASKED}take-back/", proposals.take_back, name="mechanism-proposal-take-back"),
    path(f"{_ASKED}file/", exports.take, name="mechanism-export-take"),
    path(f"{_HERE}exports/", exports.exports, name="mechanism-exports"),
    path(f"{_HERE}tokens/", tokens.tokens, name="mechanism-tokens"),
    path(f"{_HERE}tokens/<uuid:token>/revoke/", tokens.revoke, name="mechanism-token-revoke"),
    path(f"{_HERE}apply/", applying.apply, name="mechanism-apply"),
    path(f"{_HERE}apply/received/", applying.applied, name="mechanism-applied"),
    path(f"{_HERE}applications/", organisations.applications, name="mechanism-applications"),
    path(_APPLICATION, organisations.application, name="mechanism-application"),
    path(
        f"{_APPLICATION}set-aside/",
        organisations.set_aside,
        name="mechanism-application-set-aside",
    ),
    path(f"{_HERE}organisations/", organisations.organisations, name="mechanism-organisations"),
    path(_ORGANISATION, organisations.organisation, name="mechanism-organisation"),
    path(f"{_ORGANISATION}decide/", organisations.decide, name="mechanism-organisation-decide"),
    path(f"{_ORGANISATION}suspend/", organisations.suspend, name="mechanism-organisation-suspend"),
    path(
        f"{_ORGANISATION}people/new/",
        organisations.enter_member,
        name="mechanism-organisation-person",
    ),
    path(f"{_ORGANISATION}notes/", notes.received, name="mechanism-notes-received"),
    path(f"{_ORGANISATION}notes/<uuid:note>/", notes.received_note, name="mechanism-note-received"),
    path(f"{_ORGANISATION}notes/<uuid:note>/read/", notes.read, name="mechanism-note-read"),
    path(f"{_HERE}notes/", notes.notes, name="mechanism-notes"),
    path(f"{_HERE}notes/new/", notes.write, name="mechanism-note-new"),
    path(f"{_HERE}notes/<uuid:note>/", notes.note, name="mechanism-note"),
    path(f"{_HERE}journal/", journal.journal, name="mechanism-journal"),
    path(f"{_HERE}journal/<slug:day>/", journal.journal_day, name="mechanism-journal-day"),
]

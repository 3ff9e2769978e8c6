"""Addresses of signing in and of a person's own pages."""

from allauth.account import views as account
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from openhns.mechanism.pages import arriving


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
]

"""The sign-in library's forms, in our words: no placeholder, no way to reset by e-mail."""

from typing import Any, Final

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm
from allauth.mfa.base import forms as codes
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.people import fold_exactly
from openhns.mechanism.sign_in.passkeys import next_name, require_sealed

_LONGEST: Final = 200
_ONE_TIME: Final = {"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr"}
PASSWORD_HELP: Final = _("At least 12 characters; several words are easier to remember.")


def _name_plainly(form: forms.Form, **labels: Any) -> None:
    """Give fields our labels, and take away what the library writes into and below them."""
    for name, field in form.fields.items():
        field.label = labels.get(name, field.label)
        field.help_text = ""
        field.widget.attrs.pop("placeholder", None)


class SignInForm(LoginForm):  # type: ignore[misc] # The library has no types.
    """Who one is, by e-mail address or handle, and the password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.CharField(
            max_length=_LONGEST,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "dir": "ltr",
                }
            ),
        )
        self.order_fields(["login", "password"])
        _name_plainly(self, login=_("E-mail address or user name"), password=_("Password"))

    def clean_login(self) -> str:
        """Return one form of each name: tries are counted by it, however it is written."""
        return fold_exactly(self.cleaned_data["login"])


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc] # As above.
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_plainly(
            self,
            oldpassword=_("Current password"),
            password1=_("New password"),
            password2=_("The same password again"),
        )
        self.fields["password1"].help_text = PASSWORD_HELP


class PasswordAgainForm(ReauthenticateForm):  # type: ignore[misc] # As above.
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_plainly(self, password=_("Password"))


class CodeForm(codes.AuthenticateForm):  # type: ignore[misc] # As above.
    """A code of the second factor, while signing in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_plainly(self, code=_("Code from your app, or a recovery code"))
        self.fields["code"].widget.attrs.update(_ONE_TIME)


class CodeAgainForm(codes.ReauthenticateForm):  # type: ignore[misc] # As above.
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_plainly(self, code=_("Code from your app, or a recovery code"))
        self.fields["code"].widget.attrs.update(_ONE_TIME)


class FirstCodeForm(ActivateTOTPForm):  # type: ignore[misc] # As above.
    """The first code of an app, which shows that it has the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _name_plainly(self, code=_("Code that the app shows now"))
        self.fields["code"].widget.attrs.update(_ONE_TIME)


class NewPasskeyForm(webauthn.AddWebAuthnForm):  # type: ignore[misc] # As above.
    """A new passkey. It gets a number for a name: a name would lie in the database in the clear."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["name"]
        _name_plainly(self, passwordless=_("Sign in with this passkey alone, without a password"))
        self.fields["passwordless"].help_text = _(
            "Your device then asks for its own PIN, fingerprint or face. Leave it out for a "
            "security key that has no PIN."
        )
        self.fields["passwordless"].initial = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        return cleaned | {"name": next_name(self.user)}


class _Sealed:
    """Takes a passkey only if it was added through our pages, by the person whose it is."""

    def clean_credential(self) -> Authenticator:
        authenticator = super().clean_credential()  # type: ignore[misc] # Of the form beside.
        require_sealed(authenticator)
        return authenticator


class PasskeyForm(_Sealed, webauthn.AuthenticateWebAuthnForm):  # type: ignore[misc] # As above.
    """A passkey as the second factor."""


class PasskeyAloneForm(_Sealed, webauthn.LoginWebAuthnForm):  # type: ignore[misc] # As above.
    """A passkey in place of a password and second factor."""


class PasskeyAgainForm(_Sealed, webauthn.ReauthenticateWebAuthnForm):  # type: ignore[misc] # As above.
    """A passkey once more, before something that matters."""

"""What the sign-in library asks us: who may sign up (nobody), and how a secret is kept."""

import time
from io import BytesIO
from typing import Any, ClassVar, Final
from uuid import UUID

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from qrcode.constants import ERROR_CORRECT_L
from qrcode.image.svg import SvgPathImage

from openhns.mechanism.actions.tokens import end_tokens
from openhns.mechanism.models import Person, SignInSecret
from openhns.mechanism.sign_in.passkeys import next_name
from openhns.mechanism.sign_in.passwords import store_password
from openhns.mechanism.sign_in.second_factor import needs_second_factor
from openhns.vault.models import INSTALLATION

RECENT_SECONDS: Final = 300


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # It has no types.
    """Accounts come by invitation alone; no mail is sent that could name an account."""

    error_messages: ClassVar = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The name or the password is not right."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "rate_limited": _("Too many tries. Wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        del request
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: the library's mails would go through a log and a queue in the clear."""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Ask again only of those who did not just now show who they are."""
        del app
        request = context.request
        records = get_authentication_records(request, request.user)
        return not any(time.time() - record["at"] < RECENT_SECONDS for record in records)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        assert isinstance(user, Person)  # noqa: S101 - there are no other accounts.
        with transaction.atomic():
            store_password(user, password)
            end_tokens(user)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        del request
        return reverse("home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        del request
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        del request
        return reverse("public")


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc] # It has no types.
    """Secrets of second factors lie in sealed rows; what the library keeps is a row's id."""

    def build_totp_svg(self, url: str) -> str:
        """Draw the secret's code with the least redundancy: a screen has no scratches."""
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_L, image_factory=SvgPathImage)
        code.add_data(url)
        drawn = BytesIO()
        code.make_image().save(drawn)
        return drawn.getvalue().decode("utf-8")

    def encrypt(self, text: str) -> str:
        row = SignInSecret(scope=INSTALLATION)
        row.seal_content({"secret": text})
        row.save(force_insert=True)
        return str(row.id)

    def decrypt(self, encrypted_text: str) -> str:
        row = SignInSecret.objects.get(id=UUID(encrypted_text), scope=INSTALLATION)
        return str(row.content["secret"])

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whoever must have a second factor keeps one: it can be replaced, and not removed."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        real = others.exclude(type=Authenticator.Type.RECOVERY_CODES)
        person = authenticator.user
        return real.exists() or not (isinstance(person, Person) and needs_second_factor(person))

    def generate_authenticator_name(
        self,
        user: AbstractBaseUser,
        type: Authenticator.Type,  # noqa: A002 - the library's.
    ) -> str:
        del type
        return next_name(user)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Bind passkeys to the host of OPENHNS_URL, whatever name a request came by."""
        return {"id": settings.CONFIGURATION.host, "name": "OpenHNS"}

    def get_totp_issuer(self) -> str:
        return "OpenHNS"

    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(user.get_username())

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Send nothing, as above."""

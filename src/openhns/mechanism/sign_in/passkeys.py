"""Passkeys are bound to their person by a sealed row, and second factors take theirs with them.

The library keeps a passkey's public half in a plain column. Whoever can write into the database
alone could put a passkey of their own there; without a sealed row it opens nothing.
"""

import hashlib
import json
from typing import Any, Final

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models.signals import post_delete

from openhns.mechanism.models import SignInSecret
from openhns.vault.models import INSTALLATION

_SEALED: Final = "sealed"
_ROWS: Final = ("secret", "seed", _SEALED)  # What an authenticator's data may name a row by.


def next_name(person: AbstractBaseUser) -> str:
    """Return the number that tells a new passkey from the person's others."""
    own = Authenticator.objects.filter(user_id=person.pk, type=Authenticator.Type.WEBAUTHN)
    return str(1 + max((_number(each.data.get("name")) for each in own), default=0))


def _number(name: Any) -> int:
    return int(name) if str(name).isdecimal() else 0


def require_sealed(authenticator: Authenticator) -> None:
    """Raise the library's "incorrect code" unless the passkey stands as it was added."""
    row = SignInSecret.objects.filter(id=authenticator.data.get(_SEALED)).first()
    if row is None or row.content != _statement(authenticator):
        raise get_adapter().validation_error("incorrect_code")


def _statement(authenticator: Authenticator) -> dict[str, str]:
    credential = json.dumps(authenticator.data["credential"], sort_keys=True)
    return {
        "person": str(authenticator.user_id),
        "sha256": hashlib.sha256(credential.encode()).hexdigest(),
    }


def seal_passkey(authenticator: Authenticator, **_: Any) -> None:
    """Seal who added which passkey; called when one was added."""
    if authenticator.type != Authenticator.Type.WEBAUTHN:
        return
    row = SignInSecret(scope=INSTALLATION)
    row.seal_content(_statement(authenticator))
    row.save(force_insert=True)
    authenticator.data[_SEALED] = str(row.id)
    authenticator.save(update_fields=["data"])


def forget_secrets(instance: Authenticator, **_: Any) -> None:
    """Delete the sealed rows of a second factor that is gone."""
    named = [instance.data[key] for key in _ROWS if key in instance.data]
    SignInSecret.objects.filter(id__in=named).delete()


def watch_second_factors() -> None:
    """Begin to seal and forget; called when the room is ready."""
    authenticator_added.connect(seal_passkey, dispatch_uid="openhns-seal-passkey")
    post_delete.connect(forget_secrets, sender=Authenticator, dispatch_uid="openhns-forget-secrets")

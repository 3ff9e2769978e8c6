"""A new password: a slow hash, sealed, and bound to the person whose it is."""

import secrets
from typing import Final

from django.contrib.auth.hashers import make_password
from django.db import transaction

from openhns.mechanism.models import PasswordHash, Person
from openhns.vault.models import INSTALLATION

_NONCE_BYTES: Final = 16


def store_password(person: Person, password: str) -> None:
    """Seal the hash of a new password; every session of the person ends with its next request."""
    row = PasswordHash.objects.filter(id=person.id).first()
    row = row or PasswordHash(id=person.id, scope=INSTALLATION)
    row.seal_content({"hash": make_password(password)})
    person.password = Person.SEALED_PASSWORD + secrets.token_urlsafe(_NONCE_BYTES)
    with transaction.atomic():
        row.save()
        person.save(update_fields=["password"])

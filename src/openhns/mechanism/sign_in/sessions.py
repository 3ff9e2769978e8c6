"""Sessions whose rows say nothing: content sealed, and found by the hash of the cookie.

Whoever reads the database can neither read what a session holds nor take it over.
"""

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from openhns.mechanism.models import SignInSession
from openhns.vault.actions import do_make_keys
from openhns.vault.models import INSTALLATION


def _row_id(session_key: str) -> UUID:
    """Return the row of a session key, which has more entropy than any guess can reach."""
    return UUID(bytes=hashlib.sha256(b"openhns session\0" + session_key.encode()).digest()[:16])


class SessionStore(SessionBase):
    """Django's session interface over `SignInSession`."""

    def load(self) -> dict[str, Any]:
        row = self._row()
        if row is None:
            self._session_key = None
            return {}
        return dict(row.content["session"])

    def _row(self) -> SignInSession | None:
        if not self.session_key:
            return None
        return SignInSession.objects.filter(
            id=_row_id(self.session_key), expires_at__gt=timezone.now()
        ).first()

    def exists(self, session_key: str | None = None) -> bool:
        return SignInSession.objects.filter(id=_row_id(session_key or "")).exists()

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's.
        if self.session_key is None:
            self.create()
            return
        row = SignInSession(id=_row_id(self.session_key), scope=INSTALLATION)
        row.expires_at = timezone.now() + timedelta(seconds=self.get_expiry_age())
        do_make_keys(INSTALLATION)
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row.seal_content({"session": json.loads(json.dumps(data))})
        try:
            with transaction.atomic():
                row.save(force_insert=must_create, force_update=not must_create)
        except IntegrityError:
            raise CreateError from None
        except SignInSession.NotUpdated:
            raise UpdateError from None

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            SignInSession.objects.filter(id=_row_id(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        SignInSession.objects.filter(expires_at__lte=timezone.now()).delete()

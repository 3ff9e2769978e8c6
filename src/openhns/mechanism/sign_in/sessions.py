"""Sessions whose rows say nothing: content sealed, and found by the hash of the cookie.

Whoever reads the database can neither read what a session holds nor take it over.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from openhns.mechanism.models import SignInSession
from openhns.record.fixed_sql import row_by_sql
from openhns.vault.actions import do_make_keys
from openhns.vault.models import INSTALLATION

_BEGUN: Final = "signed_in_at"
_OPEN: Final = "SELECT * FROM mechanism_signinsession WHERE id = %s AND expires_at > %s"


def _row_id(session_key: str) -> UUID:
    """Return the row of a session key, which has more entropy than any guess can reach."""
    return UUID(bytes=hashlib.sha256(b"openhns session\0" + session_key.encode()).digest()[:16])


@receiver(user_logged_in)
def _begin(request: HttpRequest, **_others: Any) -> None:
    """Count a session's life from this sign-in, also where the same person was signed in before."""
    request.session[_BEGUN] = timezone.now().timestamp()


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
        return row_by_sql(SignInSession, _OPEN, _row_id(self.session_key), timezone.now())

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
        do_make_keys(INSTALLATION)
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        row.expires_at = self._end(data)
        row.seal_content({"session": json.loads(json.dumps(data))})
        try:
            with transaction.atomic():
                row.save(force_insert=must_create, force_update=not must_create)
        except IntegrityError:
            raise CreateError from None
        except SignInSession.NotUpdated:
            raise UpdateError from None

    def _end(self, data: dict[str, Any]) -> datetime:
        """Return when the session ends: what is done in it does not move that of a sign-in."""
        life, now = timedelta(seconds=self.get_expiry_age()), timezone.now()
        if SESSION_KEY not in data:
            return now + life
        begun = data.setdefault(_BEGUN, now.timestamp())
        return min(now, datetime.fromtimestamp(begun, UTC)) + life

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            SignInSession.objects.filter(id=_row_id(key)).delete()

    @classmethod
    def clear_expired(cls) -> None:
        SignInSession.objects.filter(expires_at__lte=timezone.now()).delete()

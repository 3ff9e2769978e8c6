"""Finding the person who signs in, by e-mail address or handle, without an address in a column."""

from typing import Any, Final
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from openhns.mechanism.errors import PersonNotFound
from openhns.mechanism.models import Person
from openhns.mechanism.people import find_person
from openhns.record.fixed_sql import row_by_sql

_WITH_AN_ACCOUNT: Final = "SELECT * FROM mechanism_person WHERE id = %s AND is_active AND NOT local"


class SealedBackend(BaseBackend):
    """Checks a password against its sealed hash."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_others: Any,
    ) -> Person | None:
        """Return the person, or None; an unknown address takes as long as a wrong password."""
        del request
        if not username or not password:
            return None
        try:
            person = find_person(username)
        except PersonNotFound:
            make_password(password)
            return None
        return person if person.check_password(password) and not person.local else None

    def get_user(self, user_id: UUID) -> Person | None:
        return row_by_sql(Person, _WITH_AN_ACCOUNT, user_id)

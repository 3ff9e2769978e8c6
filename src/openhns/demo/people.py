"""How the demonstration's people sign in: made anew for each run, kept in the folder's mark."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.utils import timezone

from openhns.demo.story import Somebody
from openhns.mechanism.models import Person
from openhns.mechanism.sign_in.passwords import store_password
from openhns.mechanism.sign_in.second_factor import needs_second_factor
from openhns.project.checks import DEMONSTRATION_MARK
from openhns.project.data_folder import make_private_file

PERIOD_SECONDS: Final = 30
_PASSWORD_BYTES: Final = 9


@dataclass(frozen=True, slots=True)
class SignIn:
    """What one invented person signs in with; `totp_secret` is "" where no role asks for it."""

    key: str
    name: str
    role: str
    of: str
    handle: str
    password: str
    totp_secret: str

    @property
    def code(self) -> str:
        """The six figures that an authenticator app would show now."""
        if not self.totp_secret:
            return ""
        counter = int(timezone.now().timestamp()) // PERIOD_SECONDS
        return str(format_hotp_value(hotp_value(self.totp_secret, counter)))


def mark_path() -> Path:
    return Path(settings.OPENHNS_DATA) / DEMONSTRATION_MARK


def let_sign_in(story: Mapping[str, Somebody], people: Mapping[str, Person]) -> list[SignIn]:
    """Give everybody a password of this run's own, and a second factor where a role asks for it."""
    made = [_let_sign_in(story[key], person) for key, person in people.items()]
    path = mark_path()
    make_private_file(path)
    path.write_text(json.dumps([asdict(each) for each in made], ensure_ascii=False), "utf-8")
    return made


def _let_sign_in(somebody: Somebody, person: Person) -> SignIn:
    password, secret = secrets.token_urlsafe(_PASSWORD_BYTES), ""
    store_password(person, password)
    if needs_second_factor(person):
        secret = generate_totp_secret()
        TOTP.activate(person, secret)
    return SignIn(
        key=somebody.key,
        name=somebody.name,
        role=somebody.role,
        of=somebody.organisation or somebody.party,
        handle=person.handle,
        password=password,
        totp_secret=secret,
    )


def sign_ins() -> list[SignIn]:
    """Return how everybody signs in, as this folder's mark says; nobody where there is none."""
    try:
        return [SignIn(**each) for each in json.loads(mark_path().read_text("utf-8"))]
    except (OSError, ValueError):
        return []

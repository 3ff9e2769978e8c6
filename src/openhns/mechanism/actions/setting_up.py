"""Beginning a mechanism, and changing its policy."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from openhns.mechanism import signing
from openhns.mechanism.access import require_role
from openhns.mechanism.actions.seconding import require_second
from openhns.mechanism.errors import MechanismExists, MechanismInvalid, NotAllowed
from openhns.mechanism.events import MechanismEvent
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.policy import ONE_PERSON, Policy, named_policy, policy_of
from openhns.mechanism.uniqueness import unique_or
from openhns.proofs import jws
from openhns.record.actions import do_start_log
from openhns.record.models import Log
from openhns.record.writing import NewEvent, find_log, write_event
from openhns.vault.actions import do_make_keys

DEFAULT_LANGUAGES: Final = ("en", "fr", "ar")
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?")
_COUNTRY: Final = re.compile(r"[A-Z]{3}")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z]{2,8})?")
_ORIGIN: Final = re.compile(r"[!-*,-~]{1,200}")  # A C2SP key name: no blank and no plus.
# What addresses begin with besides a mechanism's slug, now or one day.
RESERVED: Final = frozenset(
    {
        *("account", "api", "demonstration", "health", "home", "inquiries", "language"),
        *("log", "logs", "metrics", "public", "static", "welcome", "worker"),
    }
)


@dataclass(frozen=True, slots=True)
class _Form:
    """What a mechanism is begun with, its form checked."""

    slug: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    origin: str

    def __post_init__(self) -> None:
        if not _SLUG.fullmatch(self.slug):
            raise MechanismInvalid(
                "A mechanism's slug has 1 to 50 small letters, digits and hyphens."
            )
        if self.slug in RESERVED:
            raise MechanismInvalid("That word begins addresses of the pages; choose another slug.")
        if not all(_COUNTRY.fullmatch(country) for country in self.countries):
            raise MechanismInvalid("A country is named by its three letters (ISO 3166-1 alpha-3).")
        if not self.languages or not all(_LANGUAGE.fullmatch(item) for item in self.languages):
            raise MechanismInvalid("A language is named by its code (BCP 47), such as en, fr, ar.")
        if not _ORIGIN.fullmatch(self.origin):
            raise MechanismInvalid("A log's origin has printable letters, no blank and no plus.")


def _once(items: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))


def do_set_up(
    slug: str,
    countries: Sequence[str] = (),
    languages: Sequence[str] = DEFAULT_LANGUAGES,
    policy_name: str = ONE_PERSON.name,
    origin: str | None = None,
    *,
    acting_user: Person,
) -> Mechanism:
    """Begin a mechanism: its keys, its log, the key of its notices, and the first public event.

    Countries are ISO 3166-1 alpha-3; none means that each row's own country is checked.
    Raises MechanismInvalid, PolicyInvalid, MechanismExists.
    """
    policy = named_policy(policy_name)
    place = origin or f"{settings.OPENHNS_LOG_HOST}/{slug}"
    form = _Form(slug, _once(countries), _once(languages), place)
    if not acting_user.local:
        raise NotAllowed("A mechanism is begun by whoever holds the installation: `openhns init`.")
    with transaction.atomic():
        _require_free(form)
        mechanism, public_key = _new_mechanism(form, policy)
        try:
            do_make_keys(mechanism.id)
            log = do_start_log(
                mechanism.id, form.slug, form.origin, smallest_tick=policy.smallest_tick
            )
            body = _set_up_body(mechanism, public_key)
            write_event(log, _public(MechanismEvent.SET_UP, mechanism, body))
            # Whoever begins a mechanism was there before its log.
            write_event(log, _entered(acting_user))
        except BaseException:
            signing.key_path(mechanism.id).unlink(missing_ok=True)
            raise
    return mechanism


def _entered(person: Person) -> NewEvent:
    return NewEvent(MechanismEvent.PERSON_ENTERED, "person", person.id, rows=[person])


def _require_free(form: _Form) -> None:
    if Mechanism.objects.filter(slug=form.slug).exists():
        raise MechanismExists(
            f"A mechanism {form.slug} is set up here already; its record cannot be begun again. "
            "Choose another slug."
        )
    if Log.objects.filter(origin=form.origin).exists():
        raise MechanismExists("Another mechanism's log has that origin: choose another one.")


def _new_mechanism(form: _Form, policy: Policy) -> tuple[Mechanism, bytes]:
    mechanism = Mechanism(
        slug=form.slug,
        countries=list(form.countries),
        languages=list(form.languages),
        policy=policy.to_json(),
        created_at=timezone.now(),
    )
    public_key = signing.make_notice_key(mechanism.id)
    mechanism.notice_kid = jws.thumbprint(public_key)
    try:
        with unique_or(MechanismExists(f"A mechanism {form.slug} was set up at the same time.")):
            mechanism.save(force_insert=True)
    except MechanismExists:
        signing.key_path(mechanism.id).unlink(missing_ok=True)
        raise
    return mechanism, public_key


def _set_up_body(mechanism: Mechanism, public_key: bytes) -> dict[str, object]:
    return {
        "slug": mechanism.slug,
        "countries": mechanism.countries,
        "languages": mechanism.languages,
        "policy": mechanism.policy,
        "key": jws.jwk(public_key),
        "kid": mechanism.notice_kid,
    }


def _public(name: MechanismEvent, mechanism: Mechanism, body: dict[str, object]) -> NewEvent:
    return NewEvent(name, "mechanism", mechanism.id, body, public=True, rows=[mechanism])


def do_change_policy(
    mechanism: Mechanism,
    policy: Policy,
    *,
    acting_user: Person,
    seconded_by: Person | None = None,
) -> Mechanism:
    """Change the policy from now on. A weaker one than two persons needs two administrators.

    The policy that holds already changes nothing and is no event.
    """
    with transaction.atomic():
        current = Mechanism.objects.select_for_update().get(id=mechanism.id)
        require_role(acting_user, current, Role.Name.ADMINISTRATOR)
        held = policy_of(current)
        if policy == held:
            return current
        if policy.is_weaker_than(held):
            require_second(current, acting_user, seconded_by, "ask for fewer persons")
        current.policy = policy.to_json()
        current.save(update_fields=["policy"])
        body: dict[str, object] = {"before": held.to_json(), "policy": policy.to_json()}
        write_event(find_log(current.id), _public(MechanismEvent.POLICY_CHANGED, current, body))
        # The sequencer keeps its own copy of the one figure that it works by.
        Log.objects.filter(id=current.id).update(smallest_tick=policy.smallest_tick)
    return current

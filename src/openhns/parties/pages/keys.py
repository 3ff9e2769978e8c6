"""A party's keys: made and kept in the browser, registered, taking each other's place, revoked."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.translation import gettext as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.parties.access import find_key, keys_of
from openhns.parties.actions import do_register_key, do_revoke_key, do_rotate_key
from openhns.parties.errors import KeyInvalid, PartiesError
from openhns.parties.fingerprint import digit_groups, word_rows
from openhns.parties.models import Party, PartyKey
from openhns.parties.pages.calls import Json, json_call, text_in
from openhns.parties.pages.liaison import lead_to, party_of, show
from openhns.proofs import jws
from openhns.proofs.key_file import ROUNDS
from openhns.record.writing import find_log
from openhns.ui.refusals import words_of


@dataclass(frozen=True, slots=True)
class ShownKey:
    """A key with its fingerprint as it is compared by voice: in words, and in groups of digits."""

    key: PartyKey
    rows: list[list[str]]
    groups: str

    @classmethod
    def of(cls, key: PartyKey) -> "ShownKey":
        return cls(key, word_rows(key.kid), digit_groups(key.kid))


@page(Role.Name.LIAISON)
def keys(visit: Visit, party: UUID) -> HttpResponse:
    """List a party's keys, and offer to make one in this browser."""
    found = party_of(visit, party)
    rows = [ShownKey.of(key) for key in keys_of(found)]
    usable = [row for row in rows if row.key.revoked_at is None]
    data = _data(visit, found)
    return show(visit, "parties/keys.html", found, rows=rows, usable=usable, data=data)


def _data(visit: Visit, party: Party) -> Json:
    names = {"mechanism": visit.mechanism.slug, "party": party.id}
    return {
        "party": {"id": str(party.id), "name": party.name},
        "log": find_log(party.mechanism_id).origin,
        "rounds": ROUNDS,
        "keys": key_states(party),
        "register": reverse("parties-key-register", kwargs=names),
        "csrf": get_token(visit.request),
        "words": _words(),
    }


def key_states(party: Party) -> list[Json]:
    """Return what a page's script knows of a party's keys."""
    rows = keys_of(party)
    return [{"kid": k.kid, "grade": k.grade, "revoked": k.revoked_at is not None} for k in rows]


def _words() -> dict[str, str]:
    """Return what the script says, in the language of the page."""
    return {
        "unsupported": _(
            "This browser cannot make keys of the kind that is needed (Ed25519), or this page "
            "was not opened over a protected connection. Use a newer browser, or answer through "
            "your focal point."
        ),
        "working": _("Making the key. This takes some seconds."),
        "opening": _("Opening the key file. This takes some seconds."),
        "short": _("The passphrase needs at least 8 characters, and more than digits alone."),
        "differ": _("The two passphrases differ."),
        "no_file": _("Choose a key file."),
        "not_a_file": _("This is no key file of a party, or it was altered."),
        "other_party": _("This key file was made for another party or another installation."),
        "wrong": _("The key does not open: the passphrase is another one, or the file is altered."),
        "own_tool": _(
            "This key is registered for the party's own tool (grade A). Do not open it in a "
            "browser: make a key for the browser instead."
        ),
        "revoked_file": _("This key was revoked. It cannot be used again."),
        "failed": _("It did not work. Nothing was registered."),
        "offline": _("The server could not be reached. Try again."),
        "none": _("No key is kept in this browser."),
        "kept": _("Kept in this browser and registered: ready to sign (grade B)."),
        "unregistered": _("Kept in this browser, but not registered."),
        "revoked": _("Kept in this browser, but revoked: it signs nothing that counts."),
        "register": _("Register this key"),
        "forget": _("Remove from this browser"),
    }


@page(Role.Name.LIAISON)
@json_call
def register(visit: Visit, party: Party, body: Json) -> Json:
    """Register a key made in the browser (grade B), in another's place where one is named."""
    public, possession = _public_key(text_in(body, "x")), text_in(body, "possession")
    if body.get("replaces"):
        old = find_key(party, text_in(body, "replaces"))
        key = do_rotate_key(old, public, possession, acting_user=visit.person)
        messages.success(visit.request, _("The new key is registered; the old one is revoked."))
    else:
        key = do_register_key(party, public, possession, "B", acting_user=visit.person)
        messages.success(visit.request, _("The key is registered. It proves grade B."))
    return {"kid": key.kid, "grade": key.grade}


def _public_key(text: str) -> bytes:
    try:
        return jws.decode(text)
    except jws.JwsError:
        raise KeyInvalid("The key is not base64url.") from None


@page(Role.Name.LIAISON)
def revoke(visit: Visit, party: UUID, kid: str) -> HttpResponse:
    """Say what revoking a key does; on the word, do it."""
    found = party_of(visit, party)
    key = find_key(found, kid)
    context: dict[str, Any] = {"shown": ShownKey.of(key)}
    if visit.request.method == "POST":
        try:
            do_revoke_key(key, acting_user=visit.person)
        except PartiesError as error:
            messages.error(visit.request, words_of(error))
        else:
            messages.success(visit.request, _("The key is revoked from now on."))
        return lead_to(visit, found, "parties-keys")
    return show(visit, "parties/revoke_key.html", found, **context)

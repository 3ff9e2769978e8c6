"""Public events in a sentence each; what no sentence is made for is shown by its description."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from openhns.mechanism.words import FIGURES, label
from openhns.parties.words import PARTICIPATION

Body = Mapping[str, Any]


def sentence(name: str, body: Body, description: str) -> str:
    """Return what a public event says, in the reader's language."""
    make = _SENTENCES.get(name)
    return make(body) if make else description


def _set_up(body: Body) -> str:
    return _("The mechanism %(slug)s began.") % {"slug": body["slug"]}


def _policy(body: Body) -> str:
    before, after = body["before"], body["policy"]
    changed = [name for name in after if after[name] != before.get(name)]
    if not changed:
        return _("The policy was stated again, unchanged.")
    parts = [f"{label(FIGURES, name)}: {before.get(name)} → {after[name]}" for name in changed]
    return _("The policy changed. %(changes)s") % {"changes": "; ".join(parts)}


def _participation(body: Body) -> str:
    status = PARTICIPATION.get(body["status"], body["status"])
    facts = {"party": body["name"], "status": status, "day": _day(body["effective_at"])}
    return _("%(party)s: %(status)s, from %(day)s.") % facts


def _key_registered(body: Body) -> str:
    facts = {"party": body["name"], "grade": body["grade"], "kid": body["kid"]}
    return _("%(party)s registered a key of proof %(grade)s: %(kid)s.") % facts


def _key_revoked(body: Body) -> str:
    return _("A key of %(party)s counts no longer: %(kid)s.") % {
        "party": body["name"],
        "kid": body["kid"],
    }


def _edition(body: Body) -> str:
    facts = {"number": body["edition"], "day": _day(f"{body['day']}T00:00:00+00:00")}
    return _("Edition %(number)d of the public figures, of %(day)s.") % facts


def _log_started(body: Body) -> str:
    return _("The log began under the name %(origin)s.") % {"origin": body["origin"]}


def _day(moment: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(moment))
    return str(formats.date_format(local, "j F Y"))


_SENTENCES: Final[Mapping[str, Callable[[Body], str]]] = {
    "mechanism:set-up": _set_up,
    "policy:changed": _policy,
    "participation:stated": _participation,
    "party-key:registered": _key_registered,
    "party-key:revoked": _key_revoked,
    "edition:published": _edition,
    "log:started": _log_started,
}

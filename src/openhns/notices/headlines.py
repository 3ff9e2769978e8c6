"""What a notice is about, in one line, as its party was told it."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from openhns.notices.access import told_under
from openhns.notices.models import Notice
from openhns.parties.models import Party
from openhns.proofs import jws
from openhns.registry.words import CATEGORIES, label


def headline(payload: Mapping[str, Any]) -> str | Promise:
    """Return a name, a category, or a district; nothing for a cancel, which tells none of them."""
    content = payload["content"]
    if "district" in content:
        names = content["district"]
        return ", ".join(names[key] for key in ("admin1", "country") if key in names)
    if content.get("name"):
        return str(content["name"])
    return label(CATEGORIES, content["category"]) if "category" in content else ""


def headlines(party: Party, notices: Collection[Notice]) -> dict[UUID, str | Promise]:
    """Return the line of each notice; a cancel has that of what it ends. No place is in them.

    Signatures are not checked for a line of a list; a notice that is opened is checked in full.
    """
    found = {each.id: _line(each) for each in notices}
    ended = {each.reference for each in notices if not found[each.id]}
    told = {each.reference: _line(each) for each in _newest(party, ended)}
    nothing = _("An earlier entry")
    return {each.id: found[each.id] or told.get(each.reference, nothing) for each in notices}


def _line(notice: Notice) -> str | Promise:
    return headline(jws.read(notice.jws).payload)


def _newest(party: Party, references: Collection[UUID]) -> Iterable[Notice]:
    """Return the newest notice under each reference that tells something."""
    if not references:
        return ()
    rows = told_under(party, references)
    newest = {row.reference: row.id for row in rows if row.kind != Notice.Kind.CANCEL}
    return Notice.objects.filter(id__in=newest.values())

"""What a notice is about, in one line, as its party was told it."""

from collections.abc import Iterable
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from openhns.notices.access import Read, open_notices
from openhns.notices.models import Notice
from openhns.parties.models import Party
from openhns.registry.words import CATEGORIES, label


def headline(read: Read) -> str | Promise:
    """Return a name, a category, or a district; nothing for a cancel, which tells none of them."""
    content = read.payload["content"]
    if "district" in content:
        names = content["district"]
        return ", ".join(names[key] for key in ("admin1", "country") if key in names)
    if content.get("name"):
        return str(content["name"])
    return label(CATEGORIES, content["category"]) if "category" in content else ""


def headlines(party: Party, notices: Iterable[Notice]) -> dict[UUID, str | Promise]:
    """Return the line of each notice; a cancel has that of what it ends. No place is in them."""
    read = open_notices(party, notices)
    found = {each.notice.id: headline(each) for each in read}
    ended = {each.notice.reference for each in read if not found[each.notice.id]}
    told = dict[UUID, str | Promise]()
    for each in open_notices(party, _newest(party, ended)):
        told[each.notice.reference] = headline(each)
    for each in read:
        if not found[each.notice.id]:
            found[each.notice.id] = told.get(each.notice.reference, _("An earlier entry"))
    return found


def _newest(party: Party, references: Iterable[UUID]) -> Iterable[Notice]:
    """Return the newest notice under each reference that tells something."""
    rows = Notice.objects.filter(party=party, reference__in=set(references))
    telling = rows.exclude(kind=Notice.Kind.CANCEL).order_by("number")
    newest = dict(telling.values_list("reference", "id"))
    return Notice.objects.filter(id__in=newest.values()) if newest else ()

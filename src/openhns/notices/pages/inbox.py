"""A party's inbox: what waits for an answer first, urgent and then oldest; then the rest."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse
from django.utils.functional import Promise

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.access import replied_among, statuses_of, transmitted_to
from openhns.notices.headlines import headlines
from openhns.notices.inbox import Inbox, waiting_notices
from openhns.notices.models import Notice
from openhns.notices.words import PARTY_STATUSES, STATUS_TONES, TOLD_KINDS, TOLD_SUBJECTS
from openhns.parties.models import Party
from openhns.parties.pages.liaison import party_of, show
from openhns.registry.words import GRADES
from openhns.ui.paging import page_of


@dataclass(frozen=True, slots=True)
class Row:
    """One notice as the list shows it; `subject` is site, movement, or district for a count.

    `replied`: the operator replied to a query of it.
    """

    notice: Notice
    headline: str | Promise
    subject: str
    status: Notice.Status
    replied: bool


@page(Role.Name.LIAISON)
def inbox(visit: Visit, party: UUID) -> HttpResponse:
    """List a party's notices, one page of them."""
    found = party_of(visit, party)
    box = Inbox.of(found)
    paged = page_of(visit.request, box)
    newest = waiting_notices(found).order_by("-number").values_list("number", flat=True).first()
    return show(
        visit,
        "notices/inbox.html",
        found,
        paged=paged.of(rows_of(found, paged.rows)),
        waiting=box.waiting,
        newest=newest,
        **words(),
    )


def words() -> dict[str, object]:
    """Return the labels that the lists of this room's liaison pages need."""
    return {
        "kinds": TOLD_KINDS,
        "subjects": TOLD_SUBJECTS,
        "grades": GRADES,
        "statuses": PARTY_STATUSES,
        "status_tones": STATUS_TONES,
    }


def rows_of(party: Party, numbers: list[int]) -> list[Row]:
    """Return notices of a party as rows, in the order of these numbers."""
    wanted = transmitted_to(party).filter(number__in=numbers)
    found = {row.number: row for row in wanted.select_related("transmission", "listing")}
    notices = [found[number] for number in numbers]
    lines, statuses = headlines(party, notices), statuses_of(notices)
    replied = replied_among(notices)
    return [
        Row(n, lines[n.id], _subject(n), statuses[n.id], replied=n.id in replied) for n in notices
    ]


def _subject(notice: Notice) -> str:
    return "district" if notice.listing is None else str(notice.listing.kind)

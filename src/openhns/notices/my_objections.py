"""Objections as an organisation meets them: those to its own places, until each is answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.timesince import timesince, timeuntil
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openhns.mechanism.access import require_any_role
from openhns.mechanism.errors import NotFound
from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES, ORGANISATION_ROLES, acts_for
from openhns.mechanism.visits import roles_here
from openhns.notices.models import Objection
from openhns.registry.models import Listing
from openhns.registry.own import require_own

_HIDDEN: Final = "There is no objection of that identifier, or none that you may see."
_MOST_NAMED: Final = 3


def require_objection_answerer(person: Person, objection: Objection) -> str:
    """Return the actor: the organisation whose place it is about, or the operator.

    Raise NotAllowed for anybody else. A count of a district is no organisation's.
    """
    listing = objection.notice.listing
    if listing is not None and person.is_active and acts_for(person, listing.organisation_id):
        return "organisation"
    return require_any_role(person, objection.notice.party.mechanism, sorted(OPERATOR_ROLES))


def own_objections(person: Person, organisation: Organisation) -> QuerySet[Objection]:
    """Return the objections to the organisation's places: unanswered ones first, oldest first."""
    require_own(person, organisation)
    # From the objections, which are few: by the organisation its places would come first.
    objected = Objection.objects.filter(scope=organisation.mechanism_id)
    own = objected.filter(notice__listing__organisation=organisation)
    return own.select_related("notice__party", "notice__listing").order_by(
        F("answered_at").asc(nulls_first=True), "made_at", "id"
    )


def access_own_objection(person: Person, organisation: Organisation, wanted: UUID) -> Objection:
    """Return an objection to one of the organisation's places; raise NotFound, NotAllowed."""
    found = own_objections(person, organisation).filter(id=wanted).first()
    if found is None:
        raise NotFound(_HIDDEN)
    return found


def objections_to(organisation: Organisation, listing: Listing) -> list[Objection]:
    """Return what was objected to one of the organisation's own listings, the newest first."""
    own = Objection.objects.filter(
        notice__listing=listing, notice__listing__organisation=organisation
    )
    return list(own.select_related("notice__party").order_by("-made_at", "-id"))


def time_left(limit: datetime | None, now: datetime | None = None) -> str:
    """Return in words how long a time limit still runs, or since when it is past."""
    if limit is None:
        return ""
    moment = now or timezone.now()
    if limit > moment:
        return _("%(time)s left to answer") % {"time": timeuntil(limit, moment)}
    return _("the time limit passed %(time)s ago") % {"time": timesince(limit, moment)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One unanswered objection as the alarm names it."""

    id: UUID
    organisation_id: UUID
    mechanism: str
    party: str
    made_at: datetime
    warning: bool
    time_limit: datetime | None

    @property
    def left(self) -> str:
        return time_left(self.time_limit)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What waits for an answer by the reader's organisations, the oldest first."""

    waiting: tuple[Waiting, ...]
    mechanism: str
    template: str = "notices/alarm.html"

    @property
    def named(self) -> tuple[Waiting, ...]:
        return self.waiting[:_MOST_NAMED]

    @property
    def more(self) -> int:
        return len(self.waiting) - len(self.named)

    @property
    def words(self) -> str | Promise:
        if not self.waiting:
            return ""
        return ngettext(
            "%(count)d objection waits for an answer by your organisation.",
            "%(count)d objections wait for an answer by your organisation.",
            len(self.waiting),
        ) % {"count": len(self.waiting)}


def alarm_for(roles: Iterable[Role], mechanism: Mechanism | None = None) -> Alarm | None:
    """Return what rings for people of organisations; None for all others.

    `mechanism` is that of the page. Only what is open is read, whatever the register holds.
    """
    own = [role for role in roles if role.name in ORGANISATION_ROLES]
    if not own:
        return None
    here = mechanism or own[0].mechanism
    organisations = {role.organisation_id for role in own}
    scopes = {role.mechanism_id for role in own}
    return Alarm(tuple(_waiting(scopes, organisations)), here.slug)


def _waiting(scopes: Collection[UUID], organisations: Collection[UUID | None]) -> Iterable[Waiting]:
    columns = (
        "id",
        "notice__listing__organisation_id",
        "notice__party__mechanism__slug",
        "notice__party__name",
        "made_at",
        "warning",
        "time_limit",
    )
    unanswered = Objection.objects.filter(scope__in=scopes, answered_at=None)
    rows = unanswered.order_by("made_at", "id").values_list(*columns)
    return (Waiting(*row) for row in rows if row[1] in organisations)


def ringing(request: HttpRequest) -> dict[str, Any]:
    """Give every template `alarm`, which is worked out only where a page asks for it."""
    return {"alarm": lambda: alarm_for(roles_here(request) if hasattr(request, "user") else [])}

"""The one way to read sites and movements: absent and forbidden give one and the same answer.

The operator's people and auditors see every listing of their mechanism, people of an
organisation their own, liaisons none: what a party may read are its notices.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from openhns.mechanism.access import NotFound, has_any_role, has_role, record_exact_read
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.people import OPERATOR_ROLES, ORGANISATION_ROLES
from openhns.registry.checks.finding import Finding
from openhns.registry.models import Listing, Version
from openhns.registry.reviewing import reviewers_findings, stored_findings

_SEE_ALL: Final = OPERATOR_ROLES | {Role.Name.AUDITOR}
_HIDDEN: Final = "There is no site or movement of that identifier, or none that you may see."


def sees_all(person: Person, mechanism: Mechanism) -> bool:
    return has_any_role(person, mechanism, _SEE_ALL)


def _own_organisations(person: Person, mechanism: Mechanism) -> set[UUID | None]:
    if not person.is_active:
        return set()
    own = person.acting_roles().filter(mechanism=mechanism, name__in=ORGANISATION_ROLES)
    return set(own.values_list("organisation_id", flat=True))


def listings_visible_to(
    person: Person, mechanism: Mechanism, kind: Listing.Kind
) -> QuerySet[Listing]:
    """Return the listings of a kind that a person may see."""
    everything = Listing.objects.filter(mechanism=mechanism, kind=kind)
    if sees_all(person, mechanism):
        return everything
    return everything.filter(organisation__in=_own_organisations(person, mechanism))


def visible_versions(
    person: Person, mechanism: Mechanism, versions: Sequence[Version]
) -> list[Version]:
    """Return those of the versions that the person may see, in their order."""
    here = [version for version in versions if version.listing.mechanism_id == mechanism.id]
    if sees_all(person, mechanism):
        return here
    own = _own_organisations(person, mechanism)
    return [version for version in here if version.listing.organisation_id in own]


def sites_visible_to(person: Person, mechanism: Mechanism) -> QuerySet[Listing]:
    return listings_visible_to(person, mechanism, Listing.Kind.SITE)


def movements_visible_to(person: Person, mechanism: Mechanism) -> QuerySet[Listing]:
    return listings_visible_to(person, mechanism, Listing.Kind.MOVEMENT)


def access_listing(person: Person, mechanism: Mechanism, wanted: str | UUID) -> Listing:
    """Return a site or movement that the person may see; raise NotFound."""
    identifier = _as_uuid(wanted)
    for kind in Listing.Kind:
        found = listings_visible_to(person, mechanism, kind).filter(id=identifier).first()
        if found is not None:
            return found
    raise NotFound(_HIDDEN)


def access_version(person: Person, mechanism: Mechanism, wanted: str | UUID) -> Version:
    """Return a version by its identifier, or the newest one of a listing; raise NotFound."""
    identifier = _as_uuid(wanted)
    found = Version.objects.filter(id=identifier, listing__mechanism=mechanism).first()
    listing = access_listing(person, mechanism, found.listing_id if found else identifier)
    newest = found or listing.versions.order_by("-number").first()
    if newest is None:
        raise NotFound(_HIDDEN)
    return newest


def _as_uuid(wanted: str | UUID) -> UUID:
    try:
        return wanted if isinstance(wanted, UUID) else UUID(wanted)
    except ValueError:
        raise NotFound(_HIDDEN) from None


def read_contents(
    person: Person, mechanism: Mechanism, versions: Sequence[Version], purpose: str
) -> dict[UUID, dict[str, Any]]:
    """Open the contents of versions that the person may see; the reading is journalled.

    Versions that the person may not see are left out.
    """
    shown = visible_versions(person, mechanism, versions)
    if shown:
        record_exact_read(person, mechanism, purpose, {each.listing_id for each in shown})
    return {version.id: version.content for version in shown}


def findings_shown_to(
    person: Person, mechanism: Mechanism, versions: Sequence[Version]
) -> dict[UUID, list[Finding]]:
    """Return the findings of each version that the person may see; others are left out.

    Those for reviewers alone are found now, and shown to nobody else.
    """
    allowed = visible_versions(person, mechanism, versions)
    stored = stored_findings(allowed)
    if has_role(person, mechanism, Role.Name.REVIEWER):
        for version_id, found in reviewers_findings(mechanism, allowed).items():
            stored[version_id] += found
    return stored

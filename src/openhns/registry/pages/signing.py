"""The second signature: what waits for it, beside what stood before, and signing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from openhns.mechanism.models import Organisation, Role
from openhns.mechanism.policy import policy_of
from openhns.mechanism.visits import Visit, page
from openhns.registry.access import read_contents
from openhns.registry.actions import do_sign, do_sign_all
from openhns.registry.errors import RegistryError
from openhns.registry.models import Consent, Version
from openhns.registry.own import former_of, unsigned_versions
from openhns.registry.pages.members import uuids_of, version_facts
from openhns.registry.reviewing import stored_findings
from openhns.registry.saying import Said, said_of
from openhns.registry.shown import Difference, Fact, differences
from openhns.registry.words import ACTIONS, GRADES, KINDS, label
from openhns.ui.paging import page_of
from openhns.ui.refusals import words_of

_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class ToSign:
    """One version that waits, what it says, how that differs from before, and who may be told.

    `consents` are the parties by name, each with its grade.
    """

    version: Version
    name: str
    what: str | Promise
    submitter: str
    facts: Sequence[Fact]
    changes: Sequence[Difference] | None
    findings: Sequence[Said]
    consents: Sequence[tuple[str, str]]


@page(Role.Name.APPROVER)
def signing(visit: Visit, organisation: UUID) -> HttpResponse:
    """Show what waits for a second signature; sign one version, or all that are shown."""
    own = visit.organisation(organisation, Role.Name.APPROVER)
    if visit.request.method == "POST":
        _sign(visit, own)
        return redirect("registry-signing", visit.mechanism.slug, own.id)
    waiting = unsigned_versions(own)
    mine = waiting.filter(submitted_by=visit.person).count()
    yours = waiting.exclude(submitted_by=visit.person).select_related("listing", "submitted_by")
    paged = page_of(visit.request, yours, _AT_ONCE)
    shown = {
        "organisation": own,
        "paged": paged.of(_to_sign(visit, paged.rows)),
        "mine": mine,
        "grades": GRADES,
        "wanted": policy_of(visit.mechanism).second_signature,
    }
    return render(visit.request, "registry/signing.html", shown)


def _to_sign(visit: Visit, versions: Sequence[Version]) -> list[ToSign]:
    former = former_of(versions)
    opened = [*versions, *former.values()]
    contents = read_contents(visit.person, visit.mechanism, opened, "second signature")
    findings, consents = stored_findings(versions), _consents(versions)
    return [
        ToSign(
            version,
            str(contents[version.id].get("name", "")),
            f"{label(KINDS, version.listing.kind)}: {label(ACTIONS, version.action)}",
            version.submitted_by.shown_name,
            version_facts(version, contents[version.id]),
            _changes(version, former.get(version.id), contents),
            said_of(findings.get(version.id, ())),
            consents[version.listing_id],
        )
        for version in versions
    ]


def _consents(versions: Sequence[Version]) -> dict[UUID, list[tuple[str, str]]]:
    """Return the parties that may be told of each listing, with their grades."""
    found: dict[UUID, list[tuple[str, str]]] = {version.listing_id: [] for version in versions}
    rows = Consent.objects.filter(listing__in=found, revoked_at=None).order_by("party__name")
    for listing_id, name, grade in rows.values_list("listing_id", "party__name", "grade"):
        found[listing_id].append((name, grade))
    return found


def _changes(
    version: Version, before: Version | None, contents: Mapping[UUID, dict[str, Any]]
) -> list[Difference] | None:
    if before is None:
        return None
    return differences(
        version_facts(before, contents[before.id]), version_facts(version, contents[version.id])
    )


def _sign(visit: Visit, own: Organisation) -> None:
    """Sign one version, or all that were shown; what is another's is not among them."""
    one = uuids_of(visit.request.POST.getlist("sign"))
    shown = uuids_of(visit.request.POST.getlist("shown"))
    try:
        if one:
            version = Version.objects.filter(id=one[0], listing__organisation=own).first()
            signed = 0 if version is None else 1
            if version is not None:
                do_sign(version, acting_user=visit.person)
        else:
            signed = do_sign_all(own, shown, acting_user=visit.person)
    except RegistryError as error:
        messages.error(visit.request, words_of(error))
        return
    words = ngettext("%(count)d version signed.", "%(count)d versions signed.", signed)
    told = words % {"count": signed} if signed else _("Nothing was signed.")
    (messages.success if signed else messages.warning)(visit.request, told)

"""What the pages of an organisation's people share."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from uuid import UUID

from openhns.mechanism.models import Organisation, Role
from openhns.mechanism.visits import Visit
from openhns.registry.models import Version
from openhns.registry.shown import Fact, shown_facts
from openhns.registry.words import FIELDS, label


def holds_in(visit: Visit, organisation: Organisation, role: Role.Name) -> bool:
    """Whether the visitor holds a role in this organisation."""
    return any(
        held.name == role and held.organisation_id == organisation.id for held in visit.roles
    )


def uuids_of(texts: Iterable[str]) -> list[UUID]:
    """Return the identifiers among texts that a form sent."""
    found = []
    for text in texts:
        with suppress(ValueError):
            found.append(UUID(text))
    return found


def version_facts(version: Version, content: Mapping[str, Any]) -> list[Fact]:
    """Return what a version says, its validity included."""
    dates = {"valid_from": version.valid_from, "valid_until": version.valid_until}
    validity = [
        Fact(name, label(FIELDS, name), (moment,), "moment")
        for name, moment in dates.items()
        if moment is not None
    ]
    return [*shown_facts(content), *validity]

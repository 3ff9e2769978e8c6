"""Who stands on the organisation's side of a version, and so does not clear it for the operator."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from openhns.mechanism.models import Role
from openhns.registry.actions.kept import BATCH
from openhns.registry.models import Decision, Signature, Version
from openhns.registry.register import batches

People = dict[UUID, set[Any]]


def insiders_of(versions: Sequence[Version]) -> People:
    """Return for each version its submitter, its signers, and its organisation's people now."""
    members = _members()
    found: People = {}
    for batch in batches([version.id for version in versions], BATCH):
        rows = Version.objects.filter(id__in=batch)
        for version_id, submitter, organisation in rows.values_list(
            "id", "submitted_by_id", "listing__organisation_id"
        ):
            found[version_id] = {submitter, *members[organisation]}
        signatures = Signature.objects.filter(version_id__in=batch)
        for version_id, signer in signatures.values_list("version_id", "person_id"):
            found[version_id].add(signer)
    return found


def _members() -> defaultdict[UUID, set[Any]]:
    held = Role.objects.filter(ended_at=None).exclude(organisation=None)
    members: defaultdict[UUID, set[Any]] = defaultdict(set)
    for organisation, person in held.values_list("organisation_id", "person_id"):
        members[organisation].add(person)
    return members


def cleared_by(version_ids: Sequence[UUID], insiders: Mapping[UUID, Iterable[Any]]) -> People:
    """Return for each version who cleared it so far; whoever is its insider by now counts not."""
    found: People = defaultdict(set)
    for batch in batches(version_ids, BATCH):
        rows = Decision.objects.filter(version_id__in=batch, word=Decision.Word.CLEAR)
        for version_id, person_id in rows.values_list("version_id", "person_id"):
            if person_id not in insiders.get(version_id, ()):
                found[version_id].add(person_id)
    return found

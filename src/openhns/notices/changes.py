"""From what a party was told to what it is to be told: alerts, updates and cancels.

A reference lives from its alert to its cancel. What a party may not connect gets a new one: a
site at the vicinity grade that moved to another cell (an update under the old reference would
say that it lies near the edge of both), and one whose grade was lowered. The new entry is told
before the old one is cancelled, so that no list is ever short of a place. After a move the cancel
waits a day, for one batch of the two would say the same as an update.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from openhns.mechanism.counting import pausing
from openhns.notices import presence
from openhns.notices.grades import Facts, Validity, disclose, told_validity, told_verification
from openhns.notices.models import Notice
from openhns.notices.situation import Change, Situation, payloads_of
from openhns.notices.told import Told
from openhns.notices.wanted import Wanted
from openhns.proofs.canonical import canonical, parse
from openhns.registry.models.consent import Grade

_RANK: Final[Mapping[str, int]] = {Grade.EXACT: 2, Grade.VICINITY: 1, Grade.PRESENCE: 0}
# How long a party holds the old cell beside the new one, from when the new one left for it.
HELD_BESIDE: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Pair:
    """What a party was last told of a listing and what it is to be told, where these differ.

    Of a pair with both nothing may come after all: the version may differ in hidden facts alone.
    """

    old: Told | None
    new: Wanted | None

    @property
    def listing_id(self) -> UUID | None:
        item = self.new or self.old
        return None if item is None else item.listing_id


def changes_of(situation: Situation) -> list[Change]:
    """Return every notice that a party is due: alerts and updates first, then cancels."""
    changes = [
        *changes_of_pairs(situation, pairs_of(situation)),
        *late_cancels(situation),
        *presence.changes_of_districts(situation),
    ]
    return sorted(changes, key=lambda change: change.kind == Notice.Kind.CANCEL)


def pairs_of(situation: Situation) -> list[Pair]:
    """Return the pairs of which notices may come; nothing is opened."""
    told = {i.listing_id: i for i in pausing(situation.told) if i.listing_id and not i.replaced}
    named = pausing(situation.wants.told.items())
    wanted = {key: w for key, w in named if w.grade != Grade.PRESENCE}
    resting = situation.wants.resting
    return [
        Pair(old, new)
        for key in pausing(told.keys() | wanted.keys())
        if _may_differ(old := told.get(key), new := wanted.get(key))
        and (new is not None or key not in resting)
    ]


def changes_of_pairs(situation: Situation, pairs: Sequence[Pair]) -> Iterator[Change]:
    """Yield the notices that come of these pairs; their versions are opened for it."""
    situation.versions.load({pair.new.version_id for pair in pairs if pair.new})
    payloads = payloads_of(pair.old.notice_id for pair in pairs if pair.old and pair.new)
    for pair in pairs:
        old, new = pair.old, pair.new
        if old and new:
            yield from _moved(situation, old, new, payloads[old.notice_id])
        elif new:
            yield _alert(situation, new)
        elif old:
            yield _cancel(situation, old)


def late_cancels(situation: Situation) -> Iterator[Change]:
    """Yield the cancels of old cells whose sites moved, a day after the new ones were told.

    They never leave urgently: an old cell that is held too long endangers nobody.
    """
    for item in situation.told:
        if item.replaced_at is None or item.listing_id in situation.wants.resting:
            continue
        if item.replaced_at + HELD_BESIDE <= situation.moment:
            yield replace(_cancel(situation, item), urgent=False)


def _may_differ(old: Told | None, new: Wanted | None) -> bool:
    if old is None or new is None:
        return True
    return (old.version_id, old.grade) != (new.version_id, new.grade)


def _alert(situation: Situation, wanted: Wanted) -> Change:
    version = situation.versions[wanted.version_id]
    validity = Validity(version.valid_from, version.valid_until)
    told = told_validity(validity, wanted.kind, wanted.grade)
    return Change(
        kind=Notice.Kind.ALERT,
        grade=wanted.grade,
        reference=uuid4(),
        listing_id=wanted.listing_id,
        version_id=wanted.version_id,
        subject=wanted.kind,
        content=disclose(version.content, wanted.kind, wanted.grade),
        validity=_from_now(situation, wanted, told),
        verification=told_verification(version.content, wanted.grade),
        urgent=wanted.urgent,
    )


def _from_now(situation: Situation, wanted: Wanted, told: Validity) -> Validity:
    """Return the validity that an alert tells: at the vicinity grade it begins now, or later.

    A site that moved would otherwise be known by the day on which its old entry began, and a
    new one by a day that no moved one has.
    """
    if wanted.grade != Grade.VICINITY:
        return told
    now = told_validity(Validity(situation.moment, None), wanted.kind, wanted.grade).start
    return _ordered(max(told.start, now), told.end)


def _ordered(start: datetime, end: datetime | None) -> Validity:
    """Return a validity that begins no later than it ends: what has ended began with its end."""
    return Validity(start if end is None else min(start, end), end)


def _cancel(situation: Situation, item: Told) -> Change:
    return Change(
        kind=Notice.Kind.CANCEL,
        grade=item.grade,
        reference=item.reference,
        listing_id=item.listing_id,
        version_id=item.version_id,
        subject=str(item.subject),
        content={},
        validity=Validity(situation.moment, None),
        verification=told_verification({}, item.grade),
        urgent=item.listing_id is not None and situation.wants.removed.get(item.listing_id, False),
    )


def _moved(
    situation: Situation, old: Told, new: Wanted, payload: Mapping[str, Any]
) -> Iterator[Change]:
    alert = _alert(situation, new)
    if _crossed(payload, alert):
        yield alert
    elif _RANK[new.grade] < _RANK[old.grade]:
        yield alert
        yield replace(_cancel(situation, old), urgent=alert.urgent)
    elif new.grade != old.grade or _shows(payload, alert):
        kept = _validity_of(payload) if new.grade == Grade.VICINITY else alert.validity
        validity = _ordered(kept.start, alert.validity.end)
        update = Notice.Kind.UPDATE
        yield replace(alert, kind=update, reference=old.reference, validity=validity)


def _crossed(payload: Mapping[str, Any], alert: Change) -> bool:
    """Whether a place that was told as a cell is to be told as another cell."""
    if payload["grade"] != Grade.VICINITY or alert.grade != Grade.VICINITY:
        return False
    return _cells(payload["content"]) != _cells(alert.content)


def _cells(content: Facts) -> list[Any]:
    return [content["cell"]] if "cell" in content else content["cells"]


def _shows(payload: Mapping[str, Any], alert: Change) -> bool:
    """Whether an amendment changes anything that this party is shown.

    At the vicinity grade the beginning of validity is not compared: an amendment of hidden
    facts that moved it would be betrayed by a notice.
    """
    told = _validity_of(payload)
    shown = {"content": alert.content, "verification": alert.verification}
    # Both are compared in the form that is signed, in which texts are NFC.
    if any(payload[key] != value for key, value in parse(canonical(shown)).items()):
        return True
    if told.end != alert.validity.end:
        return True
    return alert.grade == Grade.EXACT and told.start != alert.validity.start


def _validity_of(payload: Mapping[str, Any]) -> Validity:
    valid = payload["valid"]
    end = valid["until"]
    start = datetime.fromisoformat(valid["from"])
    return Validity(start, None if end is None else datetime.fromisoformat(end))

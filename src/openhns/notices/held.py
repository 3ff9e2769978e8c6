"""The numbers of what a party held at a moment, with a hash; kept, for it never changes.

What was held at a moment is settled by the transmissions that had left by then: notices are
never changed. So the answer is kept under these, and made once.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final
from uuid import UUID

from django.db.models import Count, Max

from openhns.notices.access import transmitted_to
from openhns.notices.models import Notice, Transmission
from openhns.parties.models import Party

_MOST_KEPT: Final = 16
_Key = tuple[UUID, int, datetime | None]


@dataclass(frozen=True, slots=True)
class HeldNumbers:
    """Numbers of the newest notice under each reference, cancelled ones left out, ascending.

    `sha256` is over one line per notice: its number, a blank, the SHA-256 of its signed text.
    """

    numbers: tuple[int, ...]
    sha256: str


_kept: OrderedDict[_Key, HeldNumbers] = OrderedDict()
_lock = Lock()


def held_numbers(party: Party, moment: datetime) -> HeldNumbers:
    """Return what a party held at a moment by what was transmitted to it, as `held_by` does."""
    key = _key(party, moment)
    with _lock:
        found = _kept.get(key)
    if found is None:
        found = _made(party, moment)
        with _lock:
            _kept[key] = found
            while len(_kept) > _MOST_KEPT:
                _kept.popitem(last=False)
    return found


def _key(party: Party, moment: datetime) -> _Key:
    left = Transmission.objects.filter(
        party=party, status=Transmission.Status.TRANSMITTED, transmitted_at__lte=moment
    )
    counted = left.aggregate(count=Count("id"), newest=Max("transmitted_at"))
    return party.id, counted["count"], counted["newest"]


def _made(party: Party, moment: datetime) -> HeldNumbers:
    newest: dict[UUID, tuple[int, str]] = {}
    rows = transmitted_to(party, moment).values_list("kind", "reference", "number", "jws_sha256")
    for kind, reference, number, digest in rows.iterator():
        if kind == Notice.Kind.CANCEL:
            newest.pop(reference, None)
        else:
            newest[reference] = number, digest
    held = sorted(newest.values())
    lines = "".join(f"{number} {digest}\n" for number, digest in held)
    digest = hashlib.sha256(lines.encode()).hexdigest()
    return HeldNumbers(tuple(number for number, _ in held), digest)

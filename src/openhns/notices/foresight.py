"""What `transmit --dry-run` says: what would leave for whom, and how far cells hide. Reads only."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.notices.actions.preparing import due_changes
from openhns.notices.exposure import Exposure, exposure_of, register_cells
from openhns.notices.models import Notice, Transmission
from openhns.notices.public_register import Pinned, PublicRegister, pinned_by
from openhns.notices.wanted import OpenedVersions, wanted_for
from openhns.parties.access import participates_at, parties_of, require_participating
from openhns.parties.models import Party


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would leave for one party: counts by grade and kind; what waits from before."""

    party: Party
    counts: dict[str, dict[str, int]]
    waiting: int
    exposure: Exposure
    pinned: Pinned | None = None

    @property
    def total(self) -> int:
        return sum(sum(kinds.values()) for kinds in self.counts.values())


@dataclass
class Foresight:
    """What a run would do; `skipped` are parties that take no part."""

    parties: list[Foreseen] = field(default_factory=list)
    skipped: list[Party] = field(default_factory=list)


def foresee(
    mechanism: Mechanism,
    party: Party | None = None,
    *,
    public: PublicRegister | None = None,
    acting_user: Person,
) -> Foresight:
    """Compute what `do_transmit` would send now; write nothing. Raises as it would.

    With a `public` register it is measured, too, how many cells that one pins to one place.
    """
    require_role(acting_user, mechanism, Role.Name.TRANSMITTER)
    now = timezone.now()
    if party is not None:
        require_participating(party, now)
    versions = OpenedVersions()
    cells = register_cells(mechanism)
    found = Foresight()
    for item in [party] if party else parties_of(mechanism):
        if not participates_at(item, now):
            found.skipped.append(item)
            continue
        counts: dict[str, Counter[str]] = {}
        for change in due_changes(item, versions, now):
            counts.setdefault(str(change.grade), Counter())[str(change.kind)] += 1
        wants = wanted_for(item)
        found.parties.append(
            Foreseen(
                item,
                {grade: dict(kinds) for grade, kinds in sorted(counts.items())},
                _waiting(item),
                exposure_of(wants, cells),
                None if public is None else pinned_by(public, wants),
            )
        )
    return found


def _waiting(party: Party) -> int:
    prepared = Transmission.Status.PREPARED
    return Notice.objects.filter(party=party, transmission__status=prepared).count()

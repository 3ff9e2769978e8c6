"""The one way to change anything about a party."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from openhns.mechanism.access import require_role
from openhns.mechanism.models import Mechanism, Person, Role
from openhns.mechanism.uniqueness import unique_or
from openhns.naming.alike import look
from openhns.parties.access import parties_of, require_key_keeper, shown_name
from openhns.parties.errors import (
    KeyInvalid,
    KeyRevoked,
    KeyTaken,
    ParticipationInvalid,
    PartyExists,
    PartyInvalid,
    RevocationDatedBack,
)
from openhns.parties.events import PartiesEvent
from openhns.parties.models import FocalPoint, Participation, Party, PartyKey
from openhns.parties.possession import check_possession
from openhns.proofs import jws
from openhns.record.rows import timestamp
from openhns.record.writing import NewEvent, find_log, write_event, write_events

_LONGEST: Final = 200
_PARTY: Final = "party"
_GRADES: Final = frozenset("AB")
_OF_LIAISON: Final = frozenset("B")


def do_add_party(
    mechanism: Mechanism, name: str, since: datetime | None = None, *, acting_user: Person
) -> Party:
    """Add a party that takes part since a time (now, if none is given).

    Raises PartyInvalid, and PartyExists for a name that a reader takes for another party's.
    Names are public; blanks are collapsed.
    """
    require_role(acting_user, mechanism, Role.Name.ADMINISTRATOR)
    shown = shown_name(name)
    if not shown or len(shown) > _LONGEST or not shown.isprintable():
        raise PartyInvalid(f"A party's name has 1 to {_LONGEST} printable characters.")
    now = timezone.now()
    with transaction.atomic():
        # Two that look alike must not be added at once: no constraint would notice.
        Mechanism.objects.select_for_update(no_key=True).get(id=mechanism.id)
        _require_unlike_others(mechanism, shown)
        party = Party(mechanism=mechanism, name=shown, joined_at=_zoned(since or now))
        exists = PartyExists(f"Mechanism {mechanism.slug} has a party {shown} already.")
        with unique_or(exists):
            party.save(force_insert=True)
        _state(party, Participation.Status.PARTICIPATING, party.joined_at, {})
    return party


def _require_unlike_others(mechanism: Mechanism, name: str) -> None:
    for other in parties_of(mechanism):
        if name == other.name or (look(name) and look(name) == look(other.name)):
            raise PartyExists(
                f"Mechanism {mechanism.slug} has a party {other.name} already, and a reader would "
                "take the new name for it: choose one that differs by more than case, signs, "
                "blanks, or letters of another script that look the same."
            )


def do_state_participation(
    party: Party,
    status: Participation.Status | str,
    effective_at: datetime,
    reason: str = "",
    document: str = "",
    *,
    acting_user: Person,
) -> Participation:
    """State from when on a party takes part, is suspended or has left; past and future alike.

    The statement is public, its reason and document are not. Raises ParticipationInvalid.
    """
    require_role(acting_user, party.mechanism, Role.Name.ADMINISTRATOR)
    if status not in Participation.Status.values:
        raise ParticipationInvalid(
            f"There is no such status; there are {', '.join(Participation.Status.values)}."
        )
    given = {"reason": reason, "document": document}
    content = {key: value for key, value in given.items() if value}
    with transaction.atomic():
        locked = Party.objects.select_for_update().get(id=party.id)
        return _state(locked, Participation.Status(status), _zoned(effective_at), content)


def _zoned(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ParticipationInvalid("A time names its zone, such as 2026-01-01T00:00Z.")
    return moment


def _state(
    party: Party, status: Participation.Status, effective_at: datetime, content: dict[str, str]
) -> Participation:
    statement = Participation(
        scope=party.mechanism_id,
        party=party,
        status=status,
        effective_at=effective_at,
        recorded_at=timezone.now(),
    )
    statement.seal_content(content)
    statement.save(force_insert=True)
    write_events(find_log(party.mechanism_id), _statement_events(party, statement))
    return statement


def _statement_events(party: Party, statement: Participation) -> list[NewEvent]:
    """Return the public statement, and the sealed event that answers for the row's reason.

    A digest in a public event may be tried against guesses, so the row, which holds the
    reason, stands in an event of its own.
    """
    public = {
        "party": str(party.id),
        "name": party.name,
        "status": str(statement.status),
        "effective_at": timestamp(statement.effective_at),
        "recorded_at": timestamp(statement.recorded_at),
    }
    stated = NewEvent(
        PartiesEvent.PARTICIPATION_STATED, "party", party.id, public, public=True, rows=[party]
    )
    filed = NewEvent(
        PartiesEvent.PARTICIPATION_FILED, "participation", statement.id, {}, rows=[statement]
    )
    return [stated, filed]


def do_register_key(
    party: Party, public_key: bytes, possession_jws: str, grade: str = "A", *, acting_user: Person
) -> PartyKey:
    """Register a party's key with its proof of possession; the event is public.

    The same key of the same party again changes nothing and returns what was registered. The
    party's own liaison registers keys of grade B: that a key lives in a tool of the party's own
    is for the operator to confirm, outside this system. Raises KeyInvalid, PossessionNotProven,
    KeyTaken, KeyRevoked.
    """
    actor = require_key_keeper(acting_user, party)
    if grade not in (_OF_LIAISON if actor == _PARTY else _GRADES):
        raise KeyInvalid(
            "A key's grade is A (the party's own tool, registered by the operator) or B (a key "
            "in our page)."
        )
    log = find_log(party.mechanism_id)
    check_possession(public_key, possession_jws, log.origin, str(party.id))
    with transaction.atomic():
        earlier = _registered_before(party, jws.thumbprint(public_key))
        if earlier is not None:
            return earlier
        key = PartyKey(
            party=party,
            kid=jws.thumbprint(public_key),
            public_key=public_key,
            grade=grade,
            possession=possession_jws,
            registered_at=timezone.now(),
        )
        with unique_or(KeyTaken("That key was registered at the same time.")):
            key.save(force_insert=True)
        body = _key_body(key) | {"grade": grade, "possession": possession_jws}
        write_event(log, _key_event(PartiesEvent.KEY_REGISTERED, key, body, actor))
    return key


def do_rotate_key(
    old: PartyKey, public_key: bytes, possession_jws: str, *, acting_user: Person
) -> PartyKey:
    """Register a key of grade B in another's place, and revoke that one from now on.

    A rotation that is sent twice is done once. Raises as the two acts do.
    """
    with transaction.atomic():
        new = do_register_key(old.party, public_key, possession_jws, "B", acting_user=acting_user)
        if new.pk == old.pk:
            raise KeyInvalid("A key does not take its own place.")
        current = PartyKey.objects.select_for_update().get(pk=old.pk)
        if current.revoked_at is None or current.revoked_at > timezone.now():
            do_revoke_key(current, acting_user=acting_user)
    return new


def _registered_before(party: Party, kid: str) -> PartyKey | None:
    found = PartyKey.objects.filter(kid=kid).first()
    if found is None:
        return None
    if found.party_id != party.id:
        raise KeyTaken("That key is another party's: each party makes keys of its own.")
    if found.revoked_at is not None:
        raise KeyRevoked("That key was revoked and is never used again: make a new one.")
    return found


def _key_body(key: PartyKey) -> dict[str, Any]:
    return {
        "party": str(key.party_id),
        "name": key.party.name,
        "key": jws.jwk(bytes(key.public_key)),
        "kid": key.kid,
    }


def _key_event(name: PartiesEvent, key: PartyKey, body: dict[str, Any], actor: str) -> NewEvent:
    return NewEvent(name, "party-key", key.id, body, public=True, rows=[key], actor=actor)


def do_revoke_key(
    key: PartyKey, revoked_from: datetime | None = None, *, acting_user: Person
) -> PartyKey:
    """Let a key count no longer from a time on (now, if none is given); the event is public.

    A revoked key may be revoked once more from an earlier time, when a theft is found to be
    older; never from a later one. The party's own liaison revokes from now on alone: with an
    earlier time the party could take back what it has answered. Raises KeyRevoked,
    RevocationDatedBack.
    """
    actor = require_key_keeper(acting_user, key.party)
    if actor == _PARTY and revoked_from is not None:
        raise RevocationDatedBack(
            "A party revokes its key from now on. If it was stolen earlier, the operator records "
            "from when on what it signed is in doubt."
        )
    with transaction.atomic():
        # Receipts are recorded under this lock: each before this moment, or refused.
        Party.objects.select_for_update().get(id=key.party_id)
        moment = _zoned(revoked_from or timezone.now())
        current = PartyKey.objects.select_for_update().select_related("party").get(id=key.id)
        if current.revoked_at is not None and current.revoked_at <= moment:
            raise KeyRevoked("That key was revoked already, from that time or an earlier one.")
        current.revoked_at = moment
        current.save(update_fields=["revoked_at"])
        body = _key_body(current) | {"from": timestamp(moment)}
        write_event(
            find_log(current.party.mechanism_id),
            _key_event(PartiesEvent.KEY_REVOKED, current, body, actor),
        )
    return current


def do_name_focal_point(
    party: Party,
    name: str,
    *,
    email: str = "",
    phone: str = "",
    echelon: str = "",
    since: datetime | None = None,
    acting_user: Person,
) -> FocalPoint:
    """Name whom the operator reaches at a party; whoever was named before ends then."""
    require_role(acting_user, party.mechanism, Role.Name.ADMINISTRATOR)
    given = {"name": name, "email": email, "phone": phone, "echelon": echelon}
    if not name.strip() or not all(len(v) <= _LONGEST and v.isprintable() for v in given.values()):
        raise PartyInvalid("A focal point has a name; no fact is too long or holds controls.")
    with transaction.atomic():
        Party.objects.select_for_update().get(id=party.id)
        start = _zoned(since or timezone.now())
        ended = _end_focal_points(party, start)
        point = FocalPoint(scope=party.mechanism_id, party=party, since=start)
        point.seal_content({key: value for key, value in given.items() if value})
        point.save(force_insert=True)
        event = NewEvent(
            PartiesEvent.FOCAL_POINT_NAMED,
            "party",
            party.id,
            {"since": timestamp(start), "by": acting_user.handle},
            rows=[*ended, point],
        )
        write_event(find_log(party.mechanism_id), event)
    return point


def _end_focal_points(party: Party, moment: datetime) -> list[FocalPoint]:
    ended = list(party.focal_points.filter(until=None))
    for point in ended:
        point.until = max(moment, point.since)
        point.save(update_fields=["until"])
    return ended

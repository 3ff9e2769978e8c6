"""A mailbox holds a transmission whole or not at all, sealed, and gives it back as it was."""

import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from openhns.notices.channels.mailbox import transport
from openhns.notices.channels.mailbox.form import HEADER, Addressed
from openhns.notices.envelope import Envelope, EnvelopeMalformed
from openhns.notices.errors import MailboxDamaged, MailboxUnwritable
from openhns.notices.models import Transmission
from openhns.testing_world import World, make_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return make_world()


def transmission(world: World) -> Transmission:
    """Return a transmission that stands in no table: the mailbox reads none."""
    return Transmission(id=uuid4(), mechanism=world.mechanism, party=world.parties[0])


def envelopes(count: int) -> list[Addressed]:
    opening = {"event": "{}", "salt": "00", "log_proof": "c2sp.org/tlog-proof@v1"}
    return [(uuid4(), Envelope(f"notice of Gao {n}", opening)) for n in range(count)]


def test_what_was_put_is_read_back_in_order(world: World) -> None:
    sent, written = transmission(world), envelopes(3)
    digest = transport.put(sent, written)
    assert list(transport.read(sent)) == written
    path = transport.file_of(sent)
    assert digest == transport.sha256_of(path)
    assert b"Gao" not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_is_in_place_is_never_replaced(world: World) -> None:
    sent, first = transmission(world), envelopes(2)
    digest = transport.put(sent, first)
    assert transport.put(sent, envelopes(2)) == digest
    assert list(transport.read(sent)) == first


def test_a_writer_that_fails_leaves_nothing(world: World) -> None:
    sent = transmission(world)

    def failing() -> Iterator[Addressed]:
        yield from envelopes(2)
        raise OSError(28, "No space left on device")

    with pytest.raises(MailboxUnwritable):
        transport.put(sent, failing())
    assert list(transport.folder_of(sent.party_id).iterdir()) == []


def test_an_envelope_moved_to_another_notice_does_not_open(world: World) -> None:
    sent = transmission(world)
    ((notice_id, _),) = written = envelopes(1)
    transport.put(sent, written)
    path = transport.file_of(sent)
    path.write_bytes(path.read_bytes().replace(notice_id.bytes, UUID(int=1).bytes))
    with pytest.raises(MailboxDamaged):
        list(transport.read(sent))


@pytest.mark.parametrize("kept", [0, len(HEADER), len(HEADER) + 7, len(HEADER) + 30])
def test_a_file_cut_short_anywhere_is_named(world: World, kept: int) -> None:
    sent = transmission(world)
    transport.put(sent, envelopes(1))
    path = transport.file_of(sent)
    path.write_bytes(path.read_bytes()[:kept])
    if kept == len(HEADER):  # Whole, and empty: whoever reads compares with the record.
        assert list(transport.read(sent)) == []
        return
    with pytest.raises(MailboxDamaged):
        list(transport.read(sent))


def test_an_envelope_with_another_member_or_version_is_refused() -> None:
    good = envelopes(1)[0][1].to_bytes()
    assert Envelope.from_bytes(good).to_bytes() == good
    for bad in (good.replace(b'"v":1', b'"v":2'), good.replace(b'"v"', b'"w"'), b"{}", b"\xff"):
        with pytest.raises(EnvelopeMalformed):
            Envelope.from_bytes(bad)

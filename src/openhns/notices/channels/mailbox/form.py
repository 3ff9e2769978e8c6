"""How a transmission lies in a mailbox: sealed envelopes, one after the other.

    the line `openhns/v1 mailbox`
    for each envelope: its sealed length (4 bytes, big-endian), its notice's id (16), the envelope
    sealed and padded under the mechanism's key ring, bound to that id and to this form

Whoever copies the folder learns random identifiers, how many notices there are, and padded sizes.
"""

import struct
from collections.abc import Iterable, Iterator
from typing import BinaryIO, Final
from uuid import UUID

from openhns.notices.envelope import Envelope, EnvelopeMalformed
from openhns.notices.errors import MailboxDamaged
from openhns.sealing.sealed import SealingError
from openhns.vault.rings import LiveRing

HEADER: Final = b"openhns/v1 mailbox\n"
_FIELD: Final = "notices.mailbox.envelope"
_FRAME: Final = struct.Struct(">I16s")
_LARGEST: Final = 2**24

Addressed = tuple[UUID, Envelope]


def frames(ring: LiveRing, envelopes: Iterable[Addressed]) -> Iterator[bytes]:
    """Yield the bytes of a mailbox file, piece by piece."""
    yield HEADER
    for notice_id, envelope in envelopes:
        sealed = ring.seal(_FIELD, notice_id, envelope.to_bytes())
        yield _FRAME.pack(len(sealed), notice_id.bytes) + sealed


def read_frames(ring: LiveRing, file: BinaryIO) -> Iterator[Addressed]:
    """Yield the envelopes of a mailbox file; raise MailboxDamaged where it is not as written."""
    if file.read(len(HEADER)) != HEADER:
        raise MailboxDamaged("A file in a mailbox does not begin as one of ours does.")
    while head := file.read(_FRAME.size):
        if len(head) != _FRAME.size:
            raise MailboxDamaged("A file in a mailbox ends in the middle of an envelope.")
        length, identifier = _FRAME.unpack(head)
        yield _opened(ring, UUID(bytes=identifier), file.read(min(length, _LARGEST)), length)


def _opened(ring: LiveRing, notice_id: UUID, sealed: bytes, length: int) -> Addressed:
    if len(sealed) != length:
        raise MailboxDamaged("A file in a mailbox ends in the middle of an envelope.")
    try:
        return notice_id, Envelope.from_bytes(ring.open(_FIELD, notice_id, sealed))
    except (SealingError, EnvelopeMalformed) as error:
        raise MailboxDamaged(
            f"The envelope of notice {notice_id} does not open ({error.code}): the file was "
            "changed, or the keys are those of another installation."
        ) from None

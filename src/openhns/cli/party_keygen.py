"""`openhns party keygen`: make a party's key. At the party itself it needs no database."""

import argparse
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone

from openhns.cli.common import mechanism_of
from openhns.cli.output import emit
from openhns.cli.passphrase import new_passphrase
from openhns.cli.readiness import require_installation
from openhns.parties.access import find_party
from openhns.parties.errors import PartyInvalid
from openhns.parties.possession import prove_possession
from openhns.proofs import jws
from openhns.proofs.key_file import KeyFileExists, PublicPart, write_key_file, write_public_file
from openhns.record.writing import find_log


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--party", required=True, metavar="NAME", help="for whom the key is")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    parser.add_argument(
        "--public", type=Path, metavar="FILE", help="write the public half to a file of its own"
    )
    parser.add_argument("--log", metavar="ORIGIN", help="away from the installation: its log")
    parser.add_argument("--party-id", metavar="ID", help="away from the installation: the party")


def run(args: argparse.Namespace) -> int:
    """Write the key under a passphrase, with the proof of possession beside it."""
    for path in filter(None, (args.output, args.public)):
        if path.exists():
            raise KeyFileExists(f"{path.name} exists already and is not overwritten.")
    origin, party_id, name = _for_whom(args)
    passphrase = new_passphrase()
    private = Ed25519PrivateKey.generate()
    raw = private.public_key().public_bytes_raw()
    proof = prove_possession(private, origin, party_id, timezone.now())
    public = PublicPart(origin, party_id, name, raw, jws.thumbprint(raw), proof)
    write_key_file(args.output, private, public, passphrase)
    if args.public:
        write_public_file(args.public, public)
    _tell(args, public)
    return 0


def _for_whom(args: argparse.Namespace) -> tuple[str, str, str]:
    """Return the log's origin, the party's identifier and its name."""
    if bool(args.log) != bool(args.party_id):
        raise PartyInvalid("--log and --party-id are given together.")
    if args.log:
        try:
            return args.log, str(UUID(args.party_id)), args.party
        except ValueError:
            raise PartyInvalid("--party-id is no identifier.") from None
    require_installation()
    mechanism = mechanism_of(args)
    party = find_party(mechanism, args.party)
    return find_log(mechanism.id).origin, str(party.id), party.name


def _tell(args: argparse.Namespace, public: PublicPart) -> None:
    data = {
        "key": str(args.output),
        "public": str(args.public) if args.public else None,
        "party": {"id": public.party_id, "name": public.party_name},
        "kid": public.kid,
    }
    lines = [
        f"The key of {public.party_name} is in {args.output}, sealed under the passphrase.",
        f"Fingerprint: {public.kid}",
        "Tell the fingerprint to the operator by another road than the file.",
        "Keep the passphrase apart: nobody can restore it.",
    ]
    emit(args, data, lines)

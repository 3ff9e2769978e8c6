"""`openhns prove`: write a proof file that a stranger can check."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from openhns.cli.output import emit
from openhns.tlog.durable import OWNER_ONLY, write_file

if TYPE_CHECKING:
    from collections.abc import Callable

    from openhns.proofs.proof_file import ProofFile

KINDS = ("notice", "receipt", "incident", "withdrawal")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Prove a notice, an answer to it, an incident's status at strike, or a party's "
        "withdrawal. The file shows its reader everything that it proves: mind to whom it goes."
    )
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("id", type=UUID, help="the notice's, receipt's, incident's or party's id")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PROOF.json")


def run(args: argparse.Namespace) -> int:
    from openhns.cli import common  # noqa: PLC0415 - needs Django's start.

    mechanism, person = common.mechanism_of(args), common.acting_user(args)
    proof = _provers()[args.kind](args.id, mechanism, person)
    data = proof.to_bytes()
    # A proof of a notice shows the exact place that was told.
    write_file(args.output, data, OWNER_ONLY)
    facts = {"bytes": len(data), "file": str(args.output), "id": str(args.id), "kind": args.kind}
    emit(args, facts, [f"The proof of {args.kind} {args.id} is in {args.output}."])
    return 0


def _provers() -> "dict[str, Callable[..., ProofFile]]":
    from openhns.cli import provers  # noqa: PLC0415 - needs Django's start.

    return {
        "notice": provers.notice,
        "receipt": provers.receipt,
        "incident": provers.incident,
        "withdrawal": provers.withdrawal,
    }

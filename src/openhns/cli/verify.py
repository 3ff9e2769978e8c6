"""`openhns verify`: judge a proof file with no database and no network."""

import argparse
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from openhns.cli.output import emit
from openhns.proofs.proof_file import LARGEST_FILE
from openhns.proofs.verdict import Verdict
from openhns.proofs.verify import verify
from openhns.tlog.policy import Policy

_MARKS = {True: "holds", False: "FAILS", None: "-"}


class InputUnreadable(Exception):
    """A file that the command names cannot be read."""

    code = "input_unreadable"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Verify a proof file in numbered steps. Without --policy the answer is at best "
        "'consistent': the file agrees with itself, and anybody could have made it."
    )
    parser.add_argument("file", type=Path, help="the proof file")
    parser.add_argument("--policy", type=Path, help="a policy that you had from elsewhere")


def run(args: argparse.Namespace) -> int:
    policy = None if args.policy is None else Policy.parse(_read(args.policy))
    verdict = verify(_read(args.file), policy)
    emit(args, verdict.as_json(), _lines(verdict))
    return 0 if verdict.answer_is_yes else 1


def _read(path: Path) -> bytes:
    try:
        # Without O_NONBLOCK, to open a pipe that nobody writes to would wait for ever.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise InputUnreadable(f"{path} is not a regular file: write it to one first.")
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise InputUnreadable(
            f"{path} cannot be read: {error.strerror or type(error).__name__}. Check the name "
            "and whether you may read it."
        ) from None


def _lines(verdict: Verdict) -> Iterator[str]:
    for step in verdict.steps:
        yield f"{step.number:2}. {step.name:<24} {_MARKS[step.holds]:<6} {step.words}"
    yield ""
    yield f"Verdict: {verdict.word}. {_explained(verdict)}"
    for name, value in verdict.fingerprints.items():
        yield f"  {name}: {value}"


def _explained(verdict: Verdict) -> str:
    if verdict.anchored:
        return "The proof holds under the policy that you gave."
    if verdict.consistent and verdict.policy_given:
        return "The file agrees with itself, but not under the policy that you gave."
    if verdict.consistent:
        return "The file agrees with itself. Who made it, only a policy from elsewhere can say."
    return "Do not rely on this file."

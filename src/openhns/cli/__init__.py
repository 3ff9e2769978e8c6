"""The command line. Importing this loads no room: `verify` and `match` start in a moment."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence

from openhns.cli import commands, faults
from openhns.cli.output import fail

# Python's usual 700 would search for garbage some hundred times while a command is loaded.
_MADE_BEFORE_LOOKING = 20_000


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; return 0 for done and yes, 1 where the answer is no, 2 for misuse."""
    gc.set_threshold(_MADE_BEFORE_LOOKING)
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(_with_fingerprints(words))
    except SystemExit as leaving:  # How argparse ends; it has said why.
        return leaving.code if isinstance(leaving.code, int) else 2
    except BrokenPipeError:
        # Whoever read our output has stopped reading; nothing more is to be said there.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return faults.INTERNAL
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the one place that shows faults.
        fault = faults.fault_of(error)
        fail(as_json="--json" in words, message=fault.message, code=fault.code)
        return fault.exit_status


def _run(words: list[str]) -> int:
    command, rest = commands.find(words)
    if command is None:
        return commands.explain(rest)
    module = commands.load(command)
    parser = argparse.ArgumentParser(
        prog=f"openhns {command.name}", description=command.help, allow_abbrev=False
    )
    module.configure(parser)
    commands.add_common_options(parser, command)
    args = parser.parse_args(rest)
    commands.prepare(command)
    return module.run(args)


def _with_fingerprints(words: Sequence[str]) -> list[str]:
    """Tie a fingerprint to its option: one in 64 begins with a hyphen, and is no option."""
    found: list[str] = []
    for word in words:
        if found and found[-1] == "--kid":
            found[-1] = f"--kid={word}"
        else:
            found.append(word)
    return found

"""`openhns demo`: walk the main road on a small example and say where to look."""

import argparse
import contextlib
import io
import json
import os
import shlex
import sys
from collections.abc import Mapping
from itertools import chain, count
from pathlib import Path
from typing import Any

from openhns.cli.output import emit
from openhns.demo.walk import Walk

PASSPHRASE = "only for the demonstration"  # noqa: S105 - protects an invented party's key.


class DemoInTheWay(Exception):
    """The folder holds something already."""

    code = "demo_folder_in_use"


class StretchFailed(Exception):
    """A command of the walk did not do what it should."""

    code = "demo_stretch_failed"
    exit_status = 1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Walk the main road, from a register to a proof, in a new folder with a database of its "
        "own. Everything in the example is invented. There is no server in this version: the walk "
        "ends when it is walked."
    )
    where = "where to put it; by default demo-data here, or demo-data-2 and so on"
    parser.add_argument("--data", type=Path, metavar="DIR", help=where)
    parser.add_argument("--no-serve", action="store_true", help="changes nothing in this version")
    parser.add_argument("--port", type=int, metavar="N", help="changes nothing in this version")


def run(args: argparse.Namespace) -> int:
    data = (args.data or _free_folder()).absolute()
    if not _holds_nothing(data):
        raise DemoInTheWay(f"{data} is not empty: remove it, or name another by --data DIR.")
    files = data / "files"
    files.mkdir(parents=True, mode=0o700)
    _use(data)
    walk = Walk(_answer, files)
    for number, stretch in enumerate(walk.stretches(), start=1):
        if not args.json:
            print(f"{number:2}. {stretch.title}")
            print(f"    $ openhns {shlex.join(_shortened(stretch.command, files))}")
            print("".join(f"      {line}\n" for line in stretch.lines), flush=True)
    emit(args, {"data": str(data), "answers": walk.answers}, _where_to_look(data))
    return 0


def _free_folder() -> Path:
    """Return the first demo-data folder here that holds nothing, so that a second walk works."""
    names = chain(["demo-data"], (f"demo-data-{number}" for number in count(2)))
    return next(Path(name) for name in names if _holds_nothing(Path(name)))


def _holds_nothing(folder: Path) -> bool:
    return not folder.exists() or not any(folder.iterdir())


def _use(data: Path) -> None:
    """Point this process, and no other, to the demonstration's own folder and database."""
    for name in [name for name in os.environ if name.startswith("OPENHNS_")]:
        del os.environ[name]
    passphrase = data / "files" / "passphrase.txt"
    passphrase.touch(mode=0o600)
    passphrase.write_text(f"{PASSPHRASE}\n")
    os.environ["OPENHNS_DATA"] = str(data / "openhns")
    os.environ["OPENHNS_KEY_PASSPHRASE_FILE"] = str(passphrase)


def _answer(words: list[str]) -> Mapping[str, Any]:
    from openhns.cli import main  # noqa: PLC0415 - the door itself imports this module.

    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        status = main([*words, "--json"])
    answer = json.loads(output.getvalue())
    # 1 where some rows of the register are refused: two of them are wrong on purpose.
    if status not in {0, 1} or "error" in answer:
        raise StretchFailed(f"`openhns {shlex.join(words)}` answered {status}: {answer}")
    return dict(answer)


def _shortened(words: list[str], files: Path) -> list[str]:
    return [word.replace(f"{files}{os.sep}", "") for word in words]


def _where_to_look(data: Path) -> list[str]:
    files = data / "files"
    return [
        "Where to look",
        f"  {files}/report.xlsx        the register again, with reasons beside the cells",
        f"  {files}/party-a.geojson    what each party holds (party-b.geojson: cells alone)",
        f"  {files}/certificate.txt    what was known when",
        f"  {files}/proof.json         the proof, and policy.txt to verify it by",
        f"  {data}/openhns/tiles       the public log: commitments, no place and no name",
        "",
        "Go on by hand:",
        f"  export OPENHNS_DATA={shlex.quote(str(data / 'openhns'))}",
        f"  {sys.argv[0]} log audit",
        f"Remove it all: rm -r {shlex.quote(str(data))}",
        "There is no server in this version: nothing runs on, and no port is open.",
    ]

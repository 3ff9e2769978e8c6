"""`openhns match`: which reported events lie within a radius of which sites, from two files."""

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from openhns.screening.match_files import Summary
    from openhns.screening.point_files import PointFile

DONE: Final = 0
SOME_REFUSED: Final = 1
MISUSE: Final = 2

_EPILOG: Final = """\
Both files are CSV (UTF-8, with a header) or GeoJSON points. Columns are found by name: lat or
latitude, lon or longitude, and where present id, accuracy_m, time (ISO 8601) and time_end; for
sites valid_from and valid_until. Every pair that is certain or possible is written with its
distance in metres; docs/matching.md says what that means. A row without an accuracy makes no
certain pair unless --accuracy states one. Rows that cannot be read are listed on standard error
with their number and the reason, and the exit status is then 1."""


def run(argv: list[str]) -> int:
    """Run the command. Returns 0 done, 1 done but rows were refused, 2 misuse or nothing done."""
    parser = argparse.ArgumentParser(prog="openhns match")
    configure(parser)
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    try:
        options = parser.parse_args(argv)
    except SystemExit as stop:
        return int(stop.code or 0)
    return execute(options)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add what the command takes, all but --json."""
    parser.description = "Match a file of events with a file of sites. No database, no network."
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("events", metavar="EVENTS", help="file of events")
    parser.add_argument("--sites", metavar="FILE", required=True, help="file of sites")
    parser.add_argument(
        "--radius", metavar="M", type=_metres, default=1000.0, help="metres, 1000 by default"
    )
    parser.add_argument(
        "--accuracy", metavar="M", type=_metres, help="metres, for rows that state no accuracy"
    )
    parser.add_argument("-o", "--out", metavar="OUT", required=True, help="CSV to write")


def execute(options: argparse.Namespace) -> int:
    """Do what the options ask; the status is that of `run`."""
    from openhns.screening.match_files import (  # noqa: PLC0415 - numpy loads after misuse is told
        match_files,
    )
    from openhns.screening.point_files import PointFileError  # noqa: PLC0415 - as above

    paths = Path(options.events), Path(options.sites), Path(options.out)
    try:
        summary, *read = match_files(*paths, options.radius, options.accuracy)
    except PointFileError as error:
        return _misuse(f"{error} ({error.code})")
    except OSError as error:
        return _misuse(f"{options.out} cannot be written: {error.strerror}")
    for path, points in zip(paths, read, strict=False):
        _tell_refused(path, points)
    _tell_summary(summary, as_json=options.json)
    return SOME_REFUSED if summary.refused_events or summary.refused_sites else DONE


def _metres(text: str) -> float:
    largest = 100_000
    try:
        metres = float(text)
    except ValueError:
        metres = -1.0
    if not 0 <= metres <= largest:
        raise argparse.ArgumentTypeError(f"give metres between 0 and {largest}")
    return metres


def _misuse(message: str) -> int:
    sys.stderr.write(f"openhns match: {message}\n")
    return MISUSE


def _tell_refused(path: Path, points: "PointFile") -> None:
    sys.stderr.writelines(
        f"{path}: row {refusal.row}: refused: {refusal.reason}\n" for refusal in points.refused
    )
    if points.numbered and points.ids:
        sys.stderr.write(f"{path}: no column id; rows are named by their number\n")


def _tell_summary(summary: "Summary", *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(asdict(summary) | {"pairs": summary.pairs}) + "\n")
        return
    sys.stdout.write(
        f"{summary.events} events ({summary.refused_events} refused), "
        f"{summary.sites} sites ({summary.refused_sites} refused): "
        f"{summary.certain} certain and {summary.possible} possible pairs\n"
    )

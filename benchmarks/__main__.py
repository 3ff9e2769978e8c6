"""Run the benchmarks: all, or those named."""

import argparse
import os
import platform
from pathlib import Path

from benchmarks.measure import Figure, print_table, run_apart, write_json

NAMES = ("proofs", "audit", "events", "road", "ten_thousand", "pages")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench ARGS=...", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--json", type=Path, default=Path("build/benchmarks.json"))
    args = parser.parse_args()
    figures: list[Figure] = []
    before = os.getloadavg()[0]
    for name in args.names or NAMES:
        figures += run_apart(name)
    print(_machine(before))
    print_table(figures)
    args.json.parent.mkdir(parents=True, exist_ok=True)
    write_json(figures, args.json)
    print(f"\nThe figures as JSON: {args.json}")


def _machine(load_before: float) -> str:
    """Return what ran this; the load counts the benchmarks' own work too."""
    load = f"load {load_before:.1f} before, {os.getloadavg()[0]:.1f} after"
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.machine()}, {load}"
    )


if __name__ == "__main__":
    main()

"""Runs the project's checks and tests: `python -m tools.run_tests [STAGE...]`.

All stages run, even after one has failed, so that one run shows everything. The last line counts
the tests of all runs; the exit status is 0 only if every stage passed.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from xml.etree import ElementTree as ET

MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108 - folders in it are this account's own.
PROGRAMS = Path(sys.executable).parent
# One more than there are cores: the longest tests mostly wait for processes and for the disk.
WORKERS = str((os.cpu_count() or 1) + 1)
# Each test that is skipped is named with its reason.
SAID = ["-q", "-rs", "--no-fold-skipped"]
PYTEST = ["pytest", *SAID, "-n", WORKERS, "--dist", "load", "--maxschedchunk", "2"]
BROWSERS = ["pytest", *SAID, "-n", str(os.cpu_count() or 1)]
# One replay of the demonstration serves both.
WITH_THE_DEMONSTRATION = ("tests/browser", "src/openhns/demo")
STAGES = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "contracts": ["lint-imports", "--no-logo"],
    "sqlite": [*PYTEST, *(f"--ignore={folder}" for folder in WITH_THE_DEMONSTRATION)],
    # Browsers draw maps on the processor: as many at once as there are cores, and nothing beside.
    # A process that has done its half takes over from one that prepares the demonstration.
    "browser": [*BROWSERS, "--dist", "worksteal", *WITH_THE_DEMONSTRATION],
    "postgres": PYTEST,
}
KILL = [*PYTEST, "tests/test_kill.py"]
# Only when they are named, for they take long.
ON_DEMAND = {"kill-sqlite": KILL, "kill-postgres": KILL}
# Where tests run too, it begins before them, takes what they leave of the processor, is told last.
BESIDE = "types"
LEAST = ["nice", "-n", "19"]
TESTS = {"sqlite", "browser", "postgres", *ON_DEMAND}


def main(names: list[str]) -> int:
    """Run the stages named, or all, and return the exit status."""
    unknown = set(names) - set(STAGES) - set(ON_DEMAND)
    if unknown:
        print(f"Unknown: {', '.join(sorted(unknown))}. Stages are {', '.join(STAGES | ON_DEMAND)}.")
        return 2
    chosen = names or list(STAGES)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryFile() as said:
        beside = _begin_beside(said) if BESIDE in chosen and TESTS & set(chosen) else None
        try:
            in_turn = [name for name in chosen if name != BESIDE or beside is None]
            failed = [name for name in in_turn if not run_stage(name, counts)]
            failed += [BESIDE] if beside and not _end_beside(beside, said) else []
        finally:
            if beside and beside.poll() is None:
                beside.kill()  # Whoever stops the run stops this with it.
    if failed:
        print(f"\nFailed: {', '.join(failed)}")
    if counts:
        print(
            f"\n{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"
        )
    return 1 if failed else 0


def run_stage(name: str, counts: Counter[str]) -> bool:
    """Run one stage, add its tests to the counts and say whether it passed."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        program, *arguments = (STAGES | ON_DEMAND)[name]
        command = [str(PROGRAMS / program), *arguments]
        if name in TESTS:
            command.append(f"--junitxml={report}")
        with _in_memory(name) as variables:
            status = subprocess.call(command, env=_environ(name) | variables)
        if report.exists():
            counts.update(_read(report))
    print(
        f"== {name}: {'passed' if status == 0 else 'FAILED'}, {time.monotonic() - began:.0f} s",
        flush=True,
    )
    return status == 0


def _begin_beside(said: IO[bytes]) -> subprocess.Popen[bytes]:
    program, *arguments = STAGES[BESIDE]
    command = [*LEAST, str(PROGRAMS / program), *arguments]
    return subprocess.Popen(command, stdout=said, stderr=said)


def _end_beside(process: subprocess.Popen[bytes], said: IO[bytes]) -> bool:
    status = process.wait()
    said.seek(0)
    print(f"\n== {BESIDE}\n{said.read().decode()}", end="")
    print(f"== {BESIDE}: {'passed' if status == 0 else 'FAILED'}, beside the tests", flush=True)
    return status == 0


def _environ(stage: str) -> dict[str, str]:
    """Return this environment; tests start the program hundreds of times, so it stays compiled."""
    kept = {n: v for n, v in os.environ.items() if n != "PYTHONDONTWRITEBYTECODE"}
    if stage in ON_DEMAND:
        kept["KILL_STEPS"] = "all"
    database = "postgres" if stage.endswith("postgres") else "sqlite"
    return {**kept, "OPENHNS_TEST_DATABASE": database}


@contextmanager
def _in_memory(stage: str) -> Iterator[dict[str, str]]:
    """Let the many small files of tests lie in memory, where a computer has room for that.

    Nothing is lost at the end of a test run that anybody wants. Killing at every step goes to disk.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
    if stage in ON_DEMAND or not roomy or "TMPDIR" in os.environ:
        yield {}
        return
    with tempfile.TemporaryDirectory(dir=MEMORY, ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o711)  # PostgreSQL, which is not root, passes through.
        yield {"TMPDIR": folder}


def _read(report: Path) -> dict[str, int]:
    total: Counter[str] = Counter()
    for suite in ET.parse(report).iter("testsuite"):  # noqa: S314 - pytest wrote it just now.
        for number in ("tests", "failures", "errors", "skipped"):
            total[number] += int(suite.get(number, 0))
    failed = total["failures"] + total["errors"]
    passed = total["tests"] - failed - total["skipped"]
    return {"passed": passed, "failed": failed, "skipped": total["skipped"]}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

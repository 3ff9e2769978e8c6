"""Events made durable, one a transaction and in bulk, beside the same rows without a log."""

import subprocess
import sys
import time
from uuid import UUID

from benchmarks.measure import DATABASES, Figure, Place, place

WRITERS = (1, 8, 32)
TRANSACTIONS = 1_600
BULK = 20_000
ROUNDS = 3
FLOOR = "the same rows without sealing or log"


def run() -> list[Figure]:
    figures: list[Figure] = []
    for database in DATABASES:
        with place(database) as here:
            here.run("init", "--mechanism", "bench", "--json")
            log = _log_id(here)
            figures += [_figure(here, log, writers) for writers in WRITERS]
            figures += _bulk(here, log)
    return figures


def _log_id(here: Place) -> UUID:
    code = (
        "import django; django.setup(); from openhns.record.models import Log;"
        "print(Log.objects.get().id)"
    )
    environ = here.environ | {"DJANGO_SETTINGS_MODULE": "openhns.project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environ, check=True, capture_output=True, text=True
    )
    return UUID(done.stdout.strip())


def _figure(here: Place, log: UUID, writers: int) -> Figure:
    bare, logged = _pair(here, ("bare", "logged"), log, writers, TRANSACTIONS // writers)
    tick = here.run("tick", "--json").seconds
    return Figure(
        "Events, one a transaction",
        f"{writers} writers",
        here.database,
        TRANSACTIONS,
        logged,
        FLOOR,
        bare,
        budget="70 %",
        note=f"the tick that logs them, as a command: {tick:.2f} s",
    )


def _bulk(here: Place, log: UUID) -> list[Figure]:
    bare, logged = _pair(here, ("bulk-bare", "bulk-logged"), log, 1, BULK)
    tick = here.run("tick", "--json").seconds
    what = ("written in one transaction", "written, ticked and published")
    budget = "10,000/s"
    ticked = (logged + tick / ROUNDS, f"{tick:.2f} s for the tick of {ROUNDS} such, as a command")
    return [
        Figure("Events in bulk", what[0], here.database, BULK, logged, FLOOR, bare, budget=budget),
        Figure(
            "Events in bulk", what[1], here.database, BULK, ticked[0], FLOOR, bare, note=ticked[1]
        ),
    ]


def _pair(
    here: Place, modes: tuple[str, str], log: UUID, writers: int, count: int
) -> tuple[float, float]:
    """Return the best seconds of each mode, taken in turns: the machine has other work too."""
    rounds = [[_write(here, mode, log, writers, count) for mode in modes] for _ in range(ROUNDS)]
    bare, logged = (min(times) for times in zip(*rounds, strict=True))
    return bare, logged


def _write(here: Place, mode: str, log: UUID, writers: int, count: int) -> float:
    command = [sys.executable, "-m", "benchmarks.writer", mode, str(count), str(log)]
    processes = [
        subprocess.Popen(
            command, env=here.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(writers)
    ]
    for process in processes:
        _expect(process, "ready")
    began = time.perf_counter()
    for process in processes:
        if process.stdin is not None:
            process.stdin.write("go\n")
            process.stdin.flush()
    for process in processes:
        _expect(process, "done")
    seconds = time.perf_counter() - began
    for process in processes:
        process.communicate()
    return seconds


def _expect(process: subprocess.Popen[str], word: str) -> None:
    line = process.stdout.readline().strip() if process.stdout else ""
    if line != word:
        raise SystemExit(f"A writer said {line!r} instead of {word!r}.")

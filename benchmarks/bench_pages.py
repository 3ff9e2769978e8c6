"""Pages of a large register: 50 people with a second of thought before each page."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, Final

import psutil

from benchmarks.bench_ten_thousand import notified
from benchmarks.measure import DATABASES, Figure, Place, place

SITES: Final = int(os.environ.get("BENCH_SITES", "100000"))
PEOPLE: Final = 50
SECONDS: Final = 90
# By then each process of the server has counted what it keeps of so large a register.
_WARM_SECONDS: Final = 90
_SLOWEST: Final = 5
_PERCENT: Final = 95
_OK: Final = 400


def run() -> list[Figure]:
    figures: list[Figure] = []
    for database in DATABASES:
        with place(database) as here:
            notified(here, SITES, 1)
            figures += measured(here)
    return figures


def measured(here: Place) -> list[Figure]:
    """Let people read pages for a while, and again, and take the second time."""
    sessions = _module(here, "benchmarks.people", str(PEOPLE))
    with _served(here) as (port, server):
        _visits(here, port, _WARM_SECONDS, sessions)
        before = _cpu_s(server)
        seen = json.loads(_visits(here, port, SECONDS, sessions))
        spent = _cpu_s(server) - before
    return list(_figures(here, seen, spent))


def _figures(here: Place, seen: list[dict[str, Any]], cpu_s: float) -> Iterator[Figure]:
    group = f"pages, {SITES:,} sites, {PEOPLE} people"
    times, pages = sorted(page["ms"] for page in seen), defaultdict[str, list[float]](list)
    for page in seen:
        pages[page["page"]].append(page["ms"])
    wrong = sum(page["status"] >= _OK for page in seen)
    note = (
        f"median {median(times):.0f} ms, longest {times[-1]:.0f} ms, {wrong} without an answer, "
        f"{cpu_s / len(times) * 1_000:.0f} ms of the server's processor each"
    )
    budget = "p95 200 ms"
    yield Figure(
        group, "p95", here.database, len(times), _p95(times) / 1_000, budget=budget, note=note
    )
    slowest = sorted(pages, key=lambda name: _p95(sorted(pages[name])), reverse=True)[:_SLOWEST]
    for name in slowest:
        one = sorted(pages[name])
        yield Figure(group, f"p95 of {name}", here.database, len(one), _p95(one) / 1_000)


def _p95(times: list[float]) -> float:
    return times[min(len(times) - 1, len(times) * _PERCENT // 100)]


def _module(here: Place, name: str, *words: str, given: str = "") -> str:
    command = [sys.executable, "-m", name, *words]
    done = subprocess.run(
        command, env=here.environ, input=given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name} ended with {done.returncode}: {done.stderr}")
    return done.stdout


def _visits(here: Place, port: int, seconds: int, sessions: str) -> str:
    words = (str(port), str(seconds))
    return _module(here, "benchmarks.visiting", *words, given=sessions.strip() + "\n")


@contextmanager
def _served(here: Place) -> Iterator[tuple[int, int]]:
    """Serve on a free port; give the port and the server's process."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    environ = here.environ | {"OPENHNS_URL": f"http://localhost:{port}"}
    program = Path(sys.executable).with_name("openhns")
    words = ["serve", "--port", str(port), "--processes", str(os.cpu_count() or 1)]
    server = subprocess.Popen([str(program), *words], env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait(port)
        yield port, server.pid
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/account/login/", timeout=10).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit("The server did not answer within 30 seconds.")


def _cpu_s(pid: int) -> float:
    """Return the seconds of processor of a process and those that it started."""
    found = psutil.Process(pid)
    times = [one.cpu_times() for one in (found, *found.children(recursive=True))]
    return sum(one.user + one.system for one in times)

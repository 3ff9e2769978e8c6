"""Timing, tables and the two databases, for every benchmark."""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from openhns.testing_postgres import Server

DATABASES = ("sqlite", "postgres")
KILOBYTES = 1024


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what, how much of it, how long it took, and beside which floor.

    `floor_s` is the bare work of the same run in seconds; `share` is floor over time, so that
    1.0 means that nothing was lost. `cpu_s` is the command's own time on the processors, a
    PostgreSQL server's not counted: it says more than `seconds` where others work too. `budget`
    is what DESIGN.md asks for, in words.
    """

    group: str
    what: str
    database: str = ""
    count: int = 0
    seconds: float = 0.0
    floor: str = ""
    floor_s: float | None = None
    peak_mb: float | None = None
    cpu_s: float | None = None
    budget: str = ""
    note: str = ""

    @property
    def rate(self) -> float:
        return self.count / self.seconds if self.seconds else 0.0

    @property
    def share(self) -> float | None:
        return self.floor_s / self.seconds if self.floor_s and self.seconds else None


@dataclass
class Place:
    """An installation of its own on one database, and commands run in it as processes."""

    database: str
    data: Path
    environ: dict[str, str]
    figures: list[Figure] = field(default_factory=list)

    def run(self, *words: str | Path, expect: tuple[int, ...] = (0,)) -> "Ran":
        """Run one command; return its time, its peak memory and its JSON."""
        command = [str(Path(sys.executable).with_name("openhns")), *map(str, words)]
        began = time.perf_counter()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen(command, env=self.environ, stdout=output)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            seconds = time.perf_counter() - began
            output.seek(0)
            text = output.read().decode()
        if process.returncode not in expect:
            raise SystemExit(f"{' '.join(command[1:3])} ended with {process.returncode}: {text}")
        answer = json.loads(text) if "--json" in words else {}
        scale = 1 if sys.platform == "linux" else KILOBYTES
        cpu = usage.ru_utime + usage.ru_stime
        return Ran(seconds, usage.ru_maxrss / scale / KILOBYTES, answer, cpu)


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command took: seconds, peak memory in MB, its JSON, and seconds of processor."""

    seconds: float
    peak_mb: float
    answer: Mapping[str, object]
    cpu_s: float


@contextmanager
def place(database: str) -> Iterator[Place]:
    """Give an empty installation, with fsync on, that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="openhns-bench-") as folder:
        data = Path(folder) / "data"
        data.mkdir(mode=0o700)
        passphrase = Path(folder) / "passphrase"
        passphrase.write_text("a passphrase for a benchmark\n")
        left_out = ("OPENHNS_", "PYTHONDONTWRITEBYTECODE")
        environ = {n: v for n, v in os.environ.items() if not n.startswith(left_out)}
        environ |= {"OPENHNS_DATA": str(data), "OPENHNS_KEY_PASSPHRASE_FILE": str(passphrase)}
        if database == "sqlite":
            yield Place(database, data, environ)
            return
        server = Server.planned(fsync=True)
        server.start()
        try:
            environ["OPENHNS_DATABASE_URL"] = server.create_database("bench")
            yield Place(database, data, environ)
        finally:
            server.stop()


def run_apart(name: str) -> list[Figure]:
    """Run the benchmark of that name in a process of its own.

    The peak memory of its commands would otherwise be that of the benchmark before it.
    """
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(_run, name).result()


def _run(name: str) -> list[Figure]:
    return list(importlib.import_module(f"benchmarks.bench_{name}").run())


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that one call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def best_of(times: int, work: Callable[[], object]) -> float:
    return min(timed(work) for _ in range(times))


def print_table(figures: list[Figure]) -> None:
    group = ""
    for one in figures:
        if one.group != group:
            group = one.group
            print(f"\n{group}")
            print(f"  {'what':<44}{'database':<10}{'count':>9}{'seconds':>10}{'per s':>10}", end="")
            print(f"{'CPU s':>8}{'peak MB':>9}{'floor/time':>12}  budget, note")
        peak = f"{one.peak_mb:9.0f}" if one.peak_mb else " " * 9
        cpu = f"{one.cpu_s:8.2f}" if one.cpu_s else " " * 8
        share = f"{one.share:11.0%} " if one.share else " " * 12
        print(f"  {one.what:<44}{one.database:<10}{one.count:>9}{one.seconds:>10.3f}", end="")
        print(f"{one.rate:>10.0f}{cpu}{peak}{share}  {_words(one)}")


def _words(one: Figure) -> str:
    floor = f"floor: {one.floor} {one.floor_s:.3f} s" if one.floor_s else ""
    return "; ".join(word for word in (one.budget, floor, one.note) if word)


def write_json(figures: list[Figure], path: Path) -> None:
    rows = [asdict(one) | {"rate": one.rate, "share": one.share} for one in figures]
    path.write_text(json.dumps(rows, indent=1) + "\n")

"""`openhns worker` and `openhns tick`: due work, and the log's ticks at their time."""

import argparse
import signal
import threading
import time
from datetime import UTC, timedelta
from types import FrameType

import structlog
from django.db import DatabaseError, connections
from django.utils import timezone

from openhns.cli.common import Action
from openhns.cli.output import emit
from openhns.jobs.actions import drain, is_due
from openhns.jobs.registry import names
from openhns.mechanism.access import find_mechanism
from openhns.mechanism.actions import do_digest_journal, do_forget_expired
from openhns.mechanism.models import Mechanism
from openhns.mechanism.policy import policy_of
from openhns.overview.actions import do_order_editions
from openhns.project.sqlite.statistics import refresh_statistics
from openhns.record.actions import do_tick

POLL_SECONDS = 1.0
TIDY_SECONDS = 3600.0
log = structlog.get_logger(__name__)


def _mechanisms(args: argparse.Namespace) -> list[Mechanism]:
    if args.mechanism:
        return [find_mechanism(args.mechanism)]
    return list(Mechanism.objects.order_by("slug"))


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _tick(args: argparse.Namespace) -> int:
    for mechanism in _mechanisms(args):
        do_order_editions(mechanism)
    done = drain()
    ticks = {mechanism.slug: do_tick(mechanism.id) for mechanism in _mechanisms(args)}
    refresh_statistics()
    lines = [f"{slug}: {count} ticks" for slug, count in ticks.items()]
    emit(args, {"due_work_done": done, "ticks": ticks}, lines)
    return 0


class SlowWork:
    """Does what takes minutes in a thread of its own, so that notices and ticks never wait."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin what is due, unless some is being done."""
        busy = self._thread is not None and self._thread.is_alive()
        if not busy and is_due(names(slow=True)):
            self._thread = threading.Thread(target=self._do, name="slow-work")
            self._thread.start()

    def end(self) -> None:
        """Wait until what was begun is done."""
        if self._thread is not None:
            self._thread.join()

    def _do(self) -> None:
        try:
            drain(names(slow=True))
        except DatabaseError as error:
            log.warning("database_away", code=type(error).__name__.lower())
        finally:
            connections.close_all()


class Rounds:
    """Ticks each mechanism at its own pace; a fault in one does not stop the others."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._args = args
        self._next: dict[str, float] = {}
        self._next_tidying = 0.0
        self.slow = SlowWork()
        self.ticks = 0
        self.work = 0

    def go(self) -> None:
        """Do what is due now; a database that is away is tried again in the next round."""
        try:
            self.work += drain(names(slow=False))
            self.slow.begin()
            for mechanism in _mechanisms(self._args):
                self._tick_if_due(mechanism)
            self._tidy_if_due()
        except DatabaseError as error:
            log.warning("database_away", code=type(error).__name__.lower())
            connections.close_all()

    def _tidy_if_due(self) -> None:
        now = time.monotonic()
        if now >= self._next_tidying:
            self._next_tidying = now + TIDY_SECONDS
            do_forget_expired()
            refresh_statistics()

    def _tick_if_due(self, mechanism: Mechanism) -> None:
        now = time.monotonic()
        if now < self._next.get(mechanism.slug, 0.0):
            return
        self._next[mechanism.slug] = now + policy_of(mechanism).tick_seconds
        try:
            self.ticks += do_tick(mechanism.id)
            yesterday = (timezone.now() - timedelta(days=1)).astimezone(UTC).date()
            do_digest_journal(mechanism, yesterday)
            do_order_editions(mechanism)
        except DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - one log's fault must not silence the others.
            log.error(  # noqa: TRY400 - an error's text may hold what must not be logged.
                "tick_failed",
                mechanism=mechanism.slug,
                code=str(getattr(error, "code", type(error).__name__.lower())),
            )


def _worker(args: argparse.Namespace) -> int:
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    earlier = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    rounds = Rounds(args)
    try:
        while not stop.is_set():
            rounds.go()
            stop.wait(POLL_SECONDS)
    finally:
        rounds.slow.end()
        for number, handler in earlier.items():
            signal.signal(number, handler)
    words = f"Ended. {rounds.ticks} ticks made, {rounds.work} pieces of due work done."
    emit(args, {"ticks": rounds.ticks, "due_work_done": rounds.work}, [words])
    return 0


WORKER = Action(_nothing, _worker)
TICK = Action(_nothing, _tick)

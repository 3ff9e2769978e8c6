"""PostgreSQL's own programs for backups, told where the database is and never by argument."""

import os
import shutil
import subprocess

from django.db import connection

_VARIABLES = {"NAME": "PGDATABASE", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
_MORE = {"HOST": "PGHOST", "PORT": "PGPORT"}
_OPTIONS = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT"}


class ToolMissing(Exception):
    """A program of PostgreSQL's is not installed here."""

    code = "postgresql_program_missing"


class ToolFailed(Exception):
    """A program of PostgreSQL's ended with an error."""

    code = "postgresql_program_failed"


def run_tool(program: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore on this installation's database."""
    if shutil.which(program) is None:
        raise ToolMissing(
            f"{program} is not on this machine's PATH: install PostgreSQL's client programs of "
            "the server's version."
        )
    done = subprocess.run(
        [program, *arguments], check=False, capture_output=True, text=True, env=_environment()
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ToolFailed(f"{program} ended with status {done.returncode}: {(said or ['?'])[0]}")


def _environment() -> dict[str, str]:
    """Return the environment that leads to the database; a password stands in no argument."""
    database = connection.settings_dict
    given = {variable: database.get(name) for name, variable in (_VARIABLES | _MORE).items()}
    given |= {variable: database["OPTIONS"].get(name) for name, variable in _OPTIONS.items()}
    return {**os.environ, **{name: str(value) for name, value in given.items() if value}}

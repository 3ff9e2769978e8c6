"""System checks of the configuration: one id per fault, each in docs/configuration.md."""

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core import checks

from openhns.project.configuration import LOCAL_HOST, SETTINGS, Configuration, Problem

SECRET_LENGTH = 50
SECRET_CHARACTERS = 10
DEMONSTRATION_MARK = "demonstration"
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong, and what to do about it; E ids are errors, W ids warnings."""

    check_id: str
    says: str
    do: str


CHECKS = (
    Check(
        "openhns.E001",
        "The data folder cannot be written.",
        "Give the account that runs OpenHNS a folder of its own and name it in OPENHNS_DATA.",
    ),
    Check(
        "openhns.E002",
        "The folder of keys is open to other accounts.",
        "chmod 700 on the folder $OPENHNS_DATA/keys.",
    ),
    Check(
        "openhns.E003",
        "A key file is open to other accounts.",
        "chmod 600 on each file in $OPENHNS_DATA/keys and on the master key file.",
    ),
    Check(
        "openhns.E004",
        "An OPENHNS_ variable is set that nothing reads.",
        "Correct its name or unset it.",
    ),
    Check(
        "openhns.E005",
        "The database URL cannot be read.",
        "Write sqlite:////absolute/path or postgresql://user:password@host:port/name.",
    ),
    Check(
        "openhns.E006",
        "The database URL names a database that OpenHNS does not know.",
        "Use sqlite or postgresql.",
    ),
    Check(
        "openhns.E007",
        "OPENHNS_DEBUG is on while the log host is not local.",
        "Unset OPENHNS_DEBUG: it shows secrets and places to whoever causes a fault.",
    ),
    Check(
        "openhns.E008",
        "The log host is not a host name.",
        "Write a lower-case host name such as log.example.org, without scheme, port or path.",
    ),
    Check(
        "openhns.E009",
        "The secret key is too short or too uniform.",
        "Use at least 50 random characters, or unset it and let OpenHNS make one.",
    ),
    Check(
        "openhns.E010",
        "A file that a variable names is missing or cannot be read as text.",
        "Correct the path or the permissions.",
    ),
    Check(
        "openhns.E011",
        "A secret is given twice, as a value and as a file.",
        "Keep the one that ends in _FILE and unset the other.",
    ),
    Check(
        "openhns.E012",
        "A setting has a word that it does not know.",
        "Use one of the words that docs/configuration.md lists for it.",
    ),
    Check(
        "openhns.E013",
        "A setting that takes yes or no has another value.",
        "Write yes or no.",
    ),
    Check(
        "openhns.E014",
        "The master key lies beside the database inside a folder other than keys/.",
        "Keep it in $OPENHNS_DATA/keys or wholly outside $OPENHNS_DATA.",
    ),
    Check(
        "openhns.E015",
        "The folder of the SQLite database does not exist.",
        "Make the folder, for the account that runs OpenHNS alone, or correct the path.",
    ),
    Check(
        "openhns.E016",
        "The database holds sealed values, and the master key's file is missing.",
        "Put the file back from where the keys are kept: without it no sealed value opens.",
    ),
    Check(
        "openhns.E017",
        "The master key's file cannot be read, or holds no key.",
        "Put the right file back from where the keys are kept.",
    ),
    Check(
        "openhns.E018",
        "The master key does not open the data keys: it is another installation's, or an old one.",
        "Put this installation's newest master key there, or correct the database URL.",
    ),
    Check(
        "openhns.E019",
        "A log's key is missing, cannot be read, or is not the one the log was begun with.",
        "Put the file back into $OPENHNS_DATA/keys; until then nothing is published.",
    ),
    Check(
        "openhns.E020",
        "The key of a mechanism's notices is missing, cannot be read, or is not the recorded one.",
        "Put the file back into $OPENHNS_DATA/keys; until then nothing is transmitted.",
    ),
    Check(
        "openhns.E021",
        "The database does not answer.",
        "See that it runs and that OPENHNS_DATABASE_URL names it.",
    ),
    Check(
        "openhns.E022",
        "The address of the pages is not one that browsers trust.",
        "Write https://HOST with a host name, or http://localhost:PORT on your own computer.",
    ),
    Check(
        "openhns.E023",
        "The demonstration's open door is asked for on a folder that is no demonstration's.",
        "Unset OPENHNS_DEMONSTRATION: it lets anybody act as anybody.",
    ),
    Check(
        "openhns.W001",
        "A path is relative: it changes with the folder in which a command is started.",
        "Write it from the root.",
    ),
    Check(
        "openhns.W002",
        "The database is on another computer and the connection does not check whom it reaches.",
        "Add ?sslmode=verify-full&sslrootcert=/path/to/ca.pem to the database URL.",
    ),
    Check(
        "openhns.W003",
        "A secret's file can be changed by other accounts or read by all.",
        "chmod 600 on the file, or 640 where a group must read it.",
    ),
    Check(
        "openhns.W004",
        "The SQLite database or one of its side files can be read by other accounts.",
        "chmod 600 on the database file and those beside it that end in -wal and -shm.",
    ),
)
BY_ID = {check.check_id: check for check in CHECKS}


def register_checks() -> None:
    """Add the checks to Django's, so that every command which checks anything runs them."""
    checks.register(check_configuration)


def check_configuration(
    app_configs: Sequence[AppConfig] | None = None, **_: Any
) -> list[checks.CheckMessage]:
    """Return a message for each misconfiguration of this installation."""
    del app_configs
    configuration: Configuration = settings.CONFIGURATION
    return [message_of(problem) for problem in problems_of(configuration)]


def problems_of(configuration: Configuration) -> list[Problem]:
    """Return what reading found and what the disk shows."""
    found = list(configuration.problems)
    for examine in EXAMINATIONS:
        found.extend(examine(configuration))
    return found


def message_of(problem: Problem) -> checks.CheckMessage:
    check = BY_ID[problem.check_id]
    kind = checks.Error if ".E" in problem.check_id else checks.Warning
    text = f"{problem.variable}: {check.says} {problem.detail}".strip()
    return kind(text, hint=check.do, id=check.check_id)


def _data_folder(configuration: Configuration) -> Iterator[Problem]:
    """Judge a folder that does not exist yet by the nearest one that does."""
    folder = configuration.data
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK | os.X_OK):
        yield Problem("openhns.E001", "OPENHNS_DATA")


def _keys(configuration: Configuration) -> Iterator[Problem]:
    keys = configuration.keys
    if _mode(keys) & OTHERS:
        yield Problem("openhns.E002", "OPENHNS_DATA")
    if any(_mode(path) & OTHERS for path in _files_in(keys)):
        yield Problem("openhns.E003", "OPENHNS_DATA")
    if _mode(configuration.master_key_file) & OTHERS:
        yield Problem("openhns.E003", "OPENHNS_MASTER_KEY_FILE")


def _master_key_place(configuration: Configuration) -> Iterator[Problem]:
    """Keep the key out of backups: of the data folder they leave out keys/ alone."""
    key = configuration.master_key_file
    if key.is_relative_to(configuration.data) and not key.is_relative_to(configuration.keys):
        yield Problem("openhns.E014", "OPENHNS_MASTER_KEY_FILE")


def _database_folder(configuration: Configuration) -> Iterator[Problem]:
    """Leave out the data folder: `openhns init` makes that one."""
    if not configuration.database["ENGINE"].endswith("sqlite"):
        return
    folder = Path(configuration.database["NAME"]).parent
    if folder != configuration.data and not folder.is_dir():
        yield Problem("openhns.E015", "OPENHNS_DATABASE_URL")


def _debug(configuration: Configuration) -> Iterator[Problem]:
    if configuration.debug and not LOCAL_HOST.fullmatch(configuration.log_host):
        yield Problem("openhns.E007", "OPENHNS_DEBUG")


def _secret_key(configuration: Configuration) -> Iterator[Problem]:
    key = configuration.secret_key
    if key and (len(key) < SECRET_LENGTH or len(set(key)) < SECRET_CHARACTERS):
        yield Problem("openhns.E009", "OPENHNS_SECRET_KEY")


def _passphrase_file(configuration: Configuration) -> Iterator[Problem]:
    path = configuration.key_passphrase_file
    if path and not (path.is_file() and os.access(path, os.R_OK)):
        yield Problem("openhns.E010", "OPENHNS_KEY_PASSPHRASE_FILE")


def _secret_files(configuration: Configuration) -> Iterator[Problem]:
    """Look at secrets' files; container platforms hand them over with a wide mode."""
    named = {s.file_name: os.environ.get(s.file_name) for s in SETTINGS if s.secret}
    named["OPENHNS_KEY_PASSPHRASE_FILE"] = str(configuration.key_passphrase_file or "")
    for variable, path in named.items():
        if path and _mode(Path(path)) & (OTHERS_WRITE | stat.S_IROTH):
            yield Problem("openhns.W003", variable)


def _database_link(configuration: Configuration) -> Iterator[Problem]:
    host = configuration.database.get("HOST", "")
    if not host or host.startswith("/") or host in {"127.0.0.1", "::1"}:
        return
    mode = configuration.database["OPTIONS"].get("sslmode", "")
    if not LOCAL_HOST.fullmatch(host) and mode != "verify-full":
        yield Problem("openhns.W002", "OPENHNS_DATABASE_URL")


def _database_files(configuration: Configuration) -> Iterator[Problem]:
    """Look at SQLite's files: states, times and counts stand in them unsealed."""
    if not configuration.database["ENGINE"].endswith(".sqlite"):
        return
    name = configuration.database["NAME"]
    if any(_mode(Path(name + end)) & OTHERS for end in ("", "-wal", "-shm")):
        yield Problem("openhns.W004", "OPENHNS_DATABASE_URL")


def _demonstration(configuration: Configuration) -> Iterator[Problem]:
    """Believe the mark that the demonstration leaves in its own folder, and nothing else."""
    marked = (configuration.data / DEMONSTRATION_MARK).is_file()
    if configuration.demonstration and not marked:
        yield Problem("openhns.E023", "OPENHNS_DEMONSTRATION")


def _files_in(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.is_file()]
    except OSError:  # It is absent, or not ours to list.
        return []


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0


EXAMINATIONS: tuple[Callable[[Configuration], Iterator[Problem]], ...] = (
    _data_folder,
    _keys,
    _master_key_place,
    _database_folder,
    _debug,
    _secret_key,
    _passphrase_file,
    _secret_files,
    _database_link,
    _database_files,
    _demonstration,
)

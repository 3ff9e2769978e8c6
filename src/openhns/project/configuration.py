"""Every OPENHNS_* variable: declared once here, explained in docs/configuration.md.

Reading never fails and writes nothing. A value that cannot be used becomes a `Problem`, which
`openhns.project.checks` reports with its id, so that an operator sees all faults at once.
"""

import difflib
import os
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from environs import Env, EnvError, FileAwareEnv, validate

from openhns.project.database_url import DatabaseUrlError, parse_database_url

PREFIX = "OPENHNS_"
FILE_SUFFIX = "_FILE"
HOST = re.compile(
    r"(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
ADDRESS = re.compile(r"https://([^/:@\s]+)(:\d{1,5})?|http://localhost(:\d{1,5})?")
LOCAL_HOST = re.compile(r"(.+\.)?localhost")


class Kind(StrEnum):
    """What sort of value a setting takes."""

    FOLDER = "folder"
    FILE = "file"
    DATABASE = "database URL"
    HOST = "host name"
    URL = "address"
    FLAG = "yes or no"
    WORD = "one word of a list"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable of the environment; `default` is written as the documentation states it."""

    name: str
    default: str
    kind: Kind
    help: str
    secret: bool = False
    words: tuple[str, ...] = ()

    @property
    def file_name(self) -> str:
        """The variable that names a file holding the value; for secrets only."""
        return self.name + FILE_SUFFIX


SETTINGS = (
    Setting(
        "OPENHNS_DATA",
        "$XDG_DATA_HOME/openhns, or ~/.local/share/openhns",
        Kind.FOLDER,
        "The folder that holds the database, keys, tiles, evidence and temporary files.",
    ),
    Setting(
        "OPENHNS_DATABASE_URL",
        "sqlite:///$OPENHNS_DATA/db.sqlite3",
        Kind.DATABASE,
        "The database: sqlite:////absolute/path or postgresql://user:password@host:port/name.",
        secret=True,
    ),
    Setting(
        "OPENHNS_SECRET_KEY",
        "made on first need and kept in $OPENHNS_DATA/keys/secret.key",
        Kind.TEXT,
        "Signs short-lived tokens of the web server; it seals nothing.",
        secret=True,
    ),
    Setting(
        "OPENHNS_MASTER_KEY_FILE",
        "$OPENHNS_DATA/keys/master.key",
        Kind.FILE,
        "The file of the key that seals the data keys; it is kept and backed up apart.",
    ),
    Setting(
        "OPENHNS_KEY_PASSPHRASE_FILE",
        "none: the passphrase is asked for",
        Kind.FILE,
        "A file whose first line is the passphrase of a party's key, where nobody can type.",
    ),
    Setting(
        "OPENHNS_LOG_HOST",
        "openhns.localhost",
        Kind.HOST,
        "The host name that begins the origin of each transparency log; it can never change later.",
    ),
    Setting(
        "OPENHNS_AS",
        "none: the recorded local administrator",
        Kind.TEXT,
        "The person in whose name commands act when --as is not given.",
    ),
    Setting(
        "OPENHNS_URL",
        "http://localhost:8000",
        Kind.URL,
        "Where people reach the pages: https://HOST, or http://localhost:PORT. Passkeys and links "
        "in invitations depend on it.",
    ),
    Setting(
        "OPENHNS_DEMONSTRATION",
        "no",
        Kind.FLAG,
        "Set by `openhns demo` for its own folder alone: lets visitors act as invented people.",
    ),
    Setting(
        "OPENHNS_LOG_LEVEL",
        "warning",
        Kind.WORD,
        "The least important message that is written to standard error.",
        words=("debug", "info", "warning", "error", "critical"),
    ),
    Setting(
        "OPENHNS_DEBUG",
        "no",
        Kind.FLAG,
        "Shows faults in full to whoever causes them; for a developer's own computer.",
    ),
    Setting(
        "OPENHNS_TEST_DATABASE",
        "sqlite",
        Kind.WORD,
        "The database that the tests run on; the product itself ignores it.",
        words=("sqlite", "postgres"),
    ),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}


@dataclass(frozen=True, slots=True)
class Problem:
    """A misconfiguration: the id of its check, the variable, and what helps, never the value."""

    check_id: str
    variable: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the environment asks for, with safe values in place of what could not be used."""

    data: Path
    database: dict[str, Any] = field(repr=False)
    secret_key: str = field(repr=False)
    master_key_file: Path
    key_passphrase_file: Path | None
    log_host: str
    acts_as: str
    log_level: str
    url: str
    demonstration: bool
    debug: bool
    test_database: str
    problems: tuple[Problem, ...]

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")

    @property
    def host(self) -> str:
        return self.url.partition("://")[2].partition(":")[0]

    @property
    def keys(self) -> Path:
        """The folder of keys; it is always inside the data folder."""
        return self.data / "keys"


class _Reader:
    """Reads one variable after the other and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._plain = Env()
        self._with_files = FileAwareEnv(strip_whitespace=True)

    def text(self, name: str, default: str = "") -> str:
        """Return the value, or the default where the variable is absent, empty or unusable."""
        setting = BY_NAME[name]
        given = [n for n in _names_of(setting) if os.environ.get(n)]
        if not given:
            return default
        if len(given) > 1:
            self._report("E011", name)
        reader = self._with_files if setting.secret else self._plain
        try:
            return reader.str(name, default)
        except (ValueError, OSError):  # environs does not wrap every fault of a file.
            self._report("E010", setting.file_name)
            return default

    def word(self, name: str) -> str:
        setting = BY_NAME[name]
        if not os.environ.get(name):
            return setting.default
        try:
            return self._plain.str(name, validate=validate.OneOf(setting.words))
        except EnvError:
            self._report("E012", name, "One of: " + ", ".join(setting.words) + ".")
            return setting.default

    def flag(self, name: str) -> bool:
        try:
            return self._plain.bool(name) if os.environ.get(name) else False
        except EnvError:
            self._report("E013", name)
            return False

    def path(self, name: str) -> Path | None:
        """Return an absolute path; one relative to the working folder is taken and reported."""
        if not os.environ.get(name):
            return None
        given = _expanded(self._plain.path(name))
        if not given.is_absolute():
            self._report("W001", name)
        return given.absolute()

    def host(self, name: str) -> str:
        setting = BY_NAME[name]
        host = self.text(name, setting.default)
        if HOST.fullmatch(host):
            return host
        self._report("E008", name)
        return setting.default

    def url(self, name: str) -> str:
        setting = BY_NAME[name]
        url = self.text(name, setting.default).rstrip("/")
        found = ADDRESS.fullmatch(url)
        if found and (found[1] is None or HOST.fullmatch(found[1])):
            return url
        self._report("E022", name)
        return setting.default

    def database(self, name: str, data: Path) -> dict[str, Any]:
        """Return Django's settings; an unusable URL gives a database that opens nothing."""
        url = self.text(name)
        if not url and self._unreadable(name):
            return {"ENGINE": "django.db.backends.dummy"}
        try:
            return parse_database_url(url or f"sqlite:///{_quoted(data / 'db.sqlite3')}")
        except DatabaseUrlError as error:
            self._report("E006" if error.code == "unknown_scheme" else "E005", name, str(error))
            return {"ENGINE": "django.db.backends.dummy"}

    def _unreadable(self, name: str) -> bool:
        return any(
            p.check_id == "openhns.E010" and p.variable.startswith(name) for p in self.problems
        )

    def _report(self, check: str, variable: str, detail: str = "") -> None:
        self.problems.append(Problem(f"openhns.{check}", variable, detail))


def _names_of(setting: Setting) -> tuple[str, ...]:
    return (setting.name, setting.file_name) if setting.secret else (setting.name,)


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError:  # No home folder is known for this account.
        return path


def _quoted(path: Path) -> str:
    return str(path).replace("%", "%25").replace("?", "%3F").replace("#", "%23")


def _default_data() -> Path:
    base = os.environ.get("XDG_DATA_HOME", "")
    if Path(base).is_absolute():
        return Path(base) / "openhns"
    return _expanded(Path("~/.local/share/openhns")).absolute()


def _unknown_variables() -> list[Problem]:
    """Find variables that nothing reads: a misspelt one would be ignored without a word."""
    known = {name for setting in SETTINGS for name in _names_of(setting)}
    unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known)
    return [Problem("openhns.E004", name, _nearest(name, known)) for name in unknown]


def _nearest(name: str, known: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.8)
    return f"Did you mean {near[0]}?" if near else ""


def read_configuration() -> Configuration:
    """Read the environment as it stands now."""
    read = _Reader()
    data = read.path("OPENHNS_DATA") or _default_data()
    return Configuration(
        data=data,
        database=read.database("OPENHNS_DATABASE_URL", data),
        secret_key=read.text("OPENHNS_SECRET_KEY"),
        master_key_file=read.path("OPENHNS_MASTER_KEY_FILE") or data / "keys" / "master.key",
        key_passphrase_file=read.path("OPENHNS_KEY_PASSPHRASE_FILE"),
        log_host=read.host("OPENHNS_LOG_HOST"),
        acts_as=read.text("OPENHNS_AS"),
        log_level=read.word("OPENHNS_LOG_LEVEL"),
        url=read.url("OPENHNS_URL"),
        demonstration=read.flag("OPENHNS_DEMONSTRATION"),
        debug=read.flag("OPENHNS_DEBUG"),
        test_database=read.word("OPENHNS_TEST_DATABASE"),
        problems=(*_unknown_variables(), *read.problems),
    )

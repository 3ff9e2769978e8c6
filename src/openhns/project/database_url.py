"""Reads OPENHNS_DATABASE_URL into Django's settings of one database.

Only the two databases that the tests run on are taken, and only options known to be harmless: a
URL may come from a deployment tool, and an unnoticed option can switch encryption off.
"""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

# Options of libpq that may stand after the question mark (PostgreSQL manual, 32.1.2).
POSTGRESQL_OPTIONS = frozenset(
    {
        "application_name",
        "channel_binding",
        "connect_timeout",
        "host",
        "keepalives_idle",
        "port",
        "sslcert",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "target_session_attrs",
    }
)
# WAL lets readers and one writer work at once. FULL makes each commit reach the disk, on macOS by
# fullfsync as well. What is deleted is overwritten, and sorting leaves no copies on the disk. A
# cache of 32 MiB holds the upper pages of the indexes on random identifiers; SQLite's own 2 MB do
# not.
SQLITE_START = """
    PRAGMA journal_mode=WAL;
    PRAGMA synchronous=FULL;
    PRAGMA fullfsync=ON;
    PRAGMA checkpoint_fullfsync=ON;
    PRAGMA secure_delete=ON;
    PRAGMA temp_store=MEMORY;
    PRAGMA cache_size=-32768;
"""
SQLITE_BUSY_SECONDS = 30
# A thread of the server keeps its connection, for opening one costs as much as several questions.
# It takes a new one now and then, because SQLite reads its statistics only when a file is opened.
_KEPT: dict[str, Any] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


class DatabaseUrlError(ValueError):
    """The URL cannot be used; the text never repeats it, for it may hold a password."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def parse_database_url(url: str) -> dict[str, Any]:
    """Return Django's settings for `sqlite:////path` or `postgresql://user:password@host/name`.

    Parts are percent-decoded. `postgres://` is the same as `postgresql://`; `?host=/folder` names
    the folder of a Unix socket. Raises DatabaseUrlError.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise DatabaseUrlError("unparsable", "Host or port cannot be read.") from None
    if parts.scheme == "sqlite":
        return _sqlite(parts)
    if parts.scheme in {"postgresql", "postgres"}:
        return _postgresql(parts, port)
    raise DatabaseUrlError("unknown_scheme", "Write sqlite:////path or postgresql://...")


def _sqlite(parts: SplitResult) -> dict[str, Any]:
    if parts.netloc or parts.query or parts.fragment:
        raise DatabaseUrlError("unparsable", "Write sqlite:// and an absolute path, nothing else.")
    path = Path(unquote(parts.path.removeprefix("/")))
    if not path.is_absolute():
        raise DatabaseUrlError("unparsable", "The path must be absolute: sqlite: and four slashes.")
    return {
        "ENGINE": "openhns.project.sqlite",
        "NAME": str(path),
        "OPTIONS": {
            # A transaction takes the write lock when it begins, so that it waits for its turn
            # instead of failing halfway.
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_BUSY_SECONDS,
            "init_command": SQLITE_START,
        },
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
        **_KEPT,
    }


def _postgresql(parts: SplitResult, port: int | None) -> dict[str, Any]:
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name or parts.fragment:
        raise DatabaseUrlError("unparsable", "The database's name stands after the host.")
    options = _options(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", unquote(parts.hostname or "")),
        "PORT": options.pop("port", str(port or "")),
        "OPTIONS": {"application_name": "openhns", "connect_timeout": "10", **options},
        **_KEPT,
    }


def _options(query: str) -> dict[str, str]:
    try:
        options = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise DatabaseUrlError("unparsable", "The options cannot be read.") from None
    unknown = sorted(set(options) - POSTGRESQL_OPTIONS)
    if unknown:
        raise DatabaseUrlError(
            "unparsable", "Options may be: " + ", ".join(sorted(POSTGRESQL_OPTIONS)) + "."
        )
    return options

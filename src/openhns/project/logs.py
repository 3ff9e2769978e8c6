"""Logs: JSON lines on standard error, made of event names, codes, counts and ids alone.

A place, a name or a contact in a log would undo the sealing of the database. Nothing here tries to
recognise them: what is not plainly a name of ours, a number, a time or an id is left out. Other
libraries' messages are free text, so of those only the logger and the line of code remain.
"""

import json
import logging
import logging.config
import re
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any, TextIO
from uuid import UUID

import structlog

OWN_LOGGER = "openhns"
WITHHELD = "(withheld)"
# Keys whose values may be words. A word is a code of ours: short, lower case, with at most the
# separators of an event name. Every other key carries numbers, times and ids only.
WORD_KEYS = frozenset(
    {
        "action",
        "channel",
        "check",
        "code",
        "command",
        "event",
        "grade",
        "handler",
        "kind",
        "level",
        "mechanism",
        "outcome",
        "room",
        "state",
        "step",
        "table",
    }
)
WORD = re.compile(r"[a-z][a-z0-9]*(?:[_.:-][a-z0-9]+)*")
WORD_LENGTH = 64
DATABASE_CODE = re.compile(r"[0-9A-Z]{5}|SQLITE_[A-Z_]{1,40}")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# Positions are integers, and so can telephone numbers be: their names give them away.
PLACE_KEY = re.compile(r"lat|lon|e7|cell|place|point|position|coordinate|east|north|phone|tel")


class _StandardError:
    """Writes to whatever standard error is at that moment; tests and commands redirect it."""

    def msg(self, message: str) -> None:
        stream: TextIO = sys.stderr
        stream.write(message + "\n")
        stream.flush()

    debug = info = warning = error = critical = msg


class StandardErrorHandler(logging.Handler):
    """The way there for messages that arrive by standard logging."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        _StandardError().msg(self.format(record))


class SparseFormatter(logging.Formatter):
    """The same restraint for messages of other libraries, which arrive by standard logging."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON line; the message's own text is kept only where it is a word of ours."""
        line: dict[str, Any] = {
            "at": _time(datetime.fromtimestamp(record.created, UTC)),
            "level": record.levelname.lower(),
            "event": _word(record.msg) if record.name.startswith(OWN_LOGGER) else WITHHELD,
            "logger": record.name,
            "line": f"{record.module}:{record.lineno}",
        }
        if record.exc_info and record.exc_info[1]:
            line |= _error(record.exc_info[1])
        return json.dumps(line)


def configure_logs(options: Mapping[str, str]) -> None:
    """Set up structlog and standard logging alike; `options` is settings.LOGGING."""
    level = getattr(logging, options["level"].upper())
    structlog.configure(
        processors=[_spare, structlog.processors.JSONRenderer(sort_keys=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        context_class=dict,
        logger_factory=lambda *_: _StandardError(),
        cache_logger_on_first_use=False,
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"sparse": {"()": SparseFormatter}},
            "handlers": {"stderr": {"()": StandardErrorHandler, "formatter": "sparse"}},
            "root": {"level": level, "handlers": ["stderr"]},
            "loggers": {
                "django": {"level": "NOTSET", "handlers": [], "propagate": True},
                "django.server": {"level": "NOTSET", "handlers": [], "propagate": True},
            },
        }
    )


def _spare(_: Any, level: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Keep what may stand in a log; the names of what was left out are ours and may stay."""
    error = _current_error(event.pop("exc_info", None))
    line = {"at": _time(datetime.now(UTC)), "level": level, "event": _word(event.pop("event", ""))}
    line |= {_word(key): _value(key, value) for key, value in event.items()}
    return line | (_error(error) if error else {})


def _current_error(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _value(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return WITHHELD if PLACE_KEY.search(key) else value
    if isinstance(value, UUID):
        return str(value)
    return _time(value) if isinstance(value, date) else _measure_or_word(key, value)


def _measure_or_word(key: str, value: Any) -> Any:
    if isinstance(value, timedelta):
        return round(value.total_seconds(), 3)
    if isinstance(value, float) and key.endswith("seconds"):
        return round(value, 3)
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, str) and IDENTIFIER.fullmatch(value):
        return value
    return _word(value) if key in WORD_KEYS else WITHHELD


def _word(value: Any) -> str:
    text = value if isinstance(value, str) else ""
    return text if len(text) <= WORD_LENGTH and WORD.fullmatch(text) else WITHHELD


def _time(value: date) -> str:
    return value.isoformat()


def _error(error: BaseException) -> dict[str, Any]:
    """Name an exception by its class, its code and the line that raised it, never by its text.

    Where another library raised it, the line of ours that led there stands beside.
    """
    kind = type(error)
    named: dict[str, Any] = {"error": f"{kind.__module__}.{kind.__qualname__}"}
    if code := _error_code(error):
        named["error_code"] = code
    lines = list(_lines_of(error))
    if lines:
        named["error_line"] = lines[-1]
    own = [line for line in lines if line.startswith(f"{OWN_LOGGER}.")]
    if own and own[-1] != lines[-1]:
        named["error_own_line"] = own[-1]
    return named


def _error_code(error: BaseException) -> str:
    """Return an error's code, or that by which the database named what Django passes on."""
    code = _word(getattr(error, "code", None))
    if code != WITHHELD:
        return code
    given = (getattr(error.__cause__, name, None) for name in ("sqlite_errorname", "sqlstate"))
    return next((c for c in given if isinstance(c, str) and DATABASE_CODE.fullmatch(c)), "")


def _lines_of(error: BaseException) -> Iterator[str]:
    """Yield the lines of code that an error came through, where it was raised last."""
    trace = error.__traceback__
    while trace:
        yield f"{trace.tb_frame.f_globals.get('__name__', '')}:{trace.tb_lineno}"
        trace = trace.tb_next

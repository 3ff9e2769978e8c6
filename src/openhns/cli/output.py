"""What a command prints: words for people, or one JSON object alone for programs."""

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")


def emit(args: argparse.Namespace, data: Mapping[str, Any], lines: Iterable[str] = ()) -> None:
    """Print `data` as JSON where --json is given, and otherwise the lines."""
    if args.json:
        print(json_line(data))
        return
    for line in lines:
        print(clean(line))


def fail(*, as_json: bool, message: str, code: str) -> None:
    """Print an error: one line of words, or JSON where it was asked for."""
    if as_json:
        print(json_line({"error": {"code": code, "message": message}}))
    else:
        print(f"openhns: {clean(message)} [{code}]", file=sys.stderr)


def progress(text: str) -> None:
    """Tell whoever waits how far the work is; never part of the output."""
    if sys.stderr.isatty():
        print(f"\r\033[K{clean(text)}", end="", file=sys.stderr, flush=True)


def progress_ends() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def json_line(data: Mapping[str, Any]) -> str:
    """Return one line of JSON in which no character can move a cursor: those are escaped."""
    text = json.dumps(data, ensure_ascii=False, default=_value)
    return text if text.isascii() and text.isprintable() else _NOT_PLAIN.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    character = found.group()
    hidden = unicodedata.category(character) in _HIDDEN
    return json.dumps(character)[1:-1] if hidden else character


def clean(text: str) -> str:
    """Return text that cannot move a terminal's cursor nor turn its reading direction."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(item) in _HIDDEN else item
        for item in text
    )


def table(rows: Iterable[tuple[str, ...]]) -> Iterable[str]:
    """Yield rows in columns as wide as their widest cell."""
    listed = [tuple(map(clean, row)) for row in rows]
    widths = [max(map(len, column)) for column in zip(*listed, strict=True)]
    for row in listed:
        yield "  ".join(map(str.ljust, row, widths)).rstrip()


def moment(value: datetime) -> str:
    """Return a moment in UTC, to the minute."""
    return f"{value:%Y-%m-%d %H:%M UTC}"


def counted(count: int, noun: str) -> str:
    """Return a count with its noun, which takes an s unless it is one."""
    return f"{count} {noun if count == 1 else noun + 's'}"


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(f"A {type(value).__name__} has no place in the output.")

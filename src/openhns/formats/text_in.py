"""Bytes of a text file to characters: which encoding, and which lines break it."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from openhns.formats.errors import BrokenEncodingError

_CHUNK = 1024 * 1024
_LINES_NAMED = 10
_RUNS = re.compile(rb"[\x80-\xff]+")
_SAMPLE_RUNS = 5_000
# In Windows-1251 the commonest small Cyrillic letters stand from 0xF0 on; in Windows-1256 that
# stretch holds vowel signs, which are rarely written.
_LATE_BYTES = re.compile(rb"[\xf0-\xff]")
_CYRILLIC_SHARE = 0.12


@dataclass(frozen=True, slots=True)
class Encoding:
    """`codec` is Python's name of it; `guessed` says that nothing in the file proves it."""

    codec: str
    label: str
    guessed: bool = False


UTF8 = Encoding("utf-8", "UTF-8")
UTF8_BOM = Encoding("utf-8-sig", "UTF-8 with BOM")
UTF16 = Encoding("utf-16", "UTF-16")


def encoding_of(data: bytes) -> Encoding:
    """Find the encoding of a text, or raise BrokenEncodingError naming the broken lines.

    UTF-8 (with or without BOM) and UTF-16 with BOM are proven by the bytes. Everything else is a
    guess between Windows-1252 (Western), 1256 (Arabic) and 1251 (Cyrillic), and is labelled so.
    A file whose lines are mostly good UTF-8 is a broken UTF-8 file and no guess is made.
    """
    marked = _marked(data)
    if marked is not None:
        return _proven(data, marked)
    if decodes(data, "utf-8"):
        return UTF8
    good, broken, named = _count_lines(data, "utf-8")
    if good >= broken:
        raise _broken("UTF-8", broken, named)
    return _proven(data, _guess(data))


def _marked(data: bytes) -> Encoding | None:
    if data.startswith(codecs.BOM_UTF8):
        return UTF8_BOM
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return UTF16
    return None


def _proven(data: bytes, encoding: Encoding) -> Encoding:
    if decodes(data, encoding.codec):
        return encoding
    if encoding is UTF16:
        raise _broken(encoding.label, 1, [])
    _, broken, named = _count_lines(data, encoding.codec)
    raise _broken(encoding.label, broken, named)


def decodes(data: bytes, codec: str) -> bool:
    """Tell whether all bytes decode, without holding the text."""
    decoder = codecs.getincrementaldecoder(codec)()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(view[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _count_lines(data: bytes, codec: str) -> tuple[int, int, list[int]]:
    """Count the non-ASCII lines that decode and those that do not, and name the first of these."""
    good, broken = 0, 0
    named: list[int] = []
    for number, line in _non_ascii_lines(data):
        try:
            line.decode(codec)
            good += 1
        except UnicodeError:
            broken += 1
            if len(named) < _LINES_NAMED:
                named.append(number)
    return good, broken, named


def _non_ascii_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    start, number = 0, 0
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        number += 1
        line = data[start:end]
        if not line.isascii():
            yield number, line
        start = end + 1


def _guess(data: bytes) -> Encoding:
    runs = [found.group() for found in islice(_RUNS.finditer(data), _SAMPLE_RUNS)]
    letters = b"".join(run for run in runs if len(run) > 1)
    if len(letters) * 2 < sum(map(len, runs)):
        return Encoding("cp1252", "Windows-1252 (guessed)", guessed=True)
    if len(_LATE_BYTES.findall(letters)) > _CYRILLIC_SHARE * len(letters):
        return Encoding("cp1251", "Windows-1251 (guessed)", guessed=True)
    return Encoding("cp1256", "Windows-1256 (guessed)", guessed=True)


def _broken(label: str, count: int, lines: list[int]) -> BrokenEncodingError:
    where = ", ".join(map(str, lines)) or "unknown"
    more = " and more" if count > len(lines) > 0 else ""
    return BrokenEncodingError(
        f"The file's text is broken: bytes that are not {label} stand in line {where}{more}. "
        "Open it in the program that made it and save it again as CSV in UTF-8.",
        lines=tuple(lines),
        count=count,
    )

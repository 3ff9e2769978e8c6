"""A party's bundle as CSV (RFC 4180, UTF-8 with BOM, which spreadsheets need for Arabic).

Its last column numbers the rows from 1, and that column's header states count and hash:
`openhns rows=N sha256=HEX`. So the file remains plain CSV, without comment lines, and a lost tail
shows. The hash is over all bytes after the header's line: `tail -n +2 FILE | sha256sum`.

A text that a spreadsheet would run as a formula gets an apostrophe in front (CWE-1236).
"""

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from openhns.formats.atomic import replacing
from openhns.formats.bundle import Stated, agreed
from openhns.formats.errors import BundleAlteredError
from openhns.formats.exact import decimal_degrees, geometry_json, geometry_wkt, json_text, writable

_RUNNABLE = re.compile("'*\\s*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_STATED = re.compile(r"openhns rows=(\d+) sha256=([0-9a-f]{64})")
_POSITION = ("latitude", "longitude", "outline_wkt")


def write_csv(
    path: Path,
    features: Iterable[Mapping[str, Any]],
    *,
    columns: Sequence[str] | None = None,
) -> Stated:
    """Write features, as for GeoJSON, as rows and return what the file states about itself.

    Columns: `id`, `latitude`, `longitude` (of a point), `outline_wkt` (of anything else), then the
    properties, in the order given or as first met. Raises NotWritableError, FileUnwritableError.
    """
    content, stated = csv_bytes(features, columns=columns)
    with replacing(path) as file:
        file.write(content)
    return stated


def csv_bytes(
    features: Iterable[Mapping[str, Any]], *, columns: Sequence[str] | None = None
) -> tuple[bytes, Stated]:
    """Return what `write_csv` would write, and what it states; raises NotWritableError."""
    rows = list(features)
    names = list(columns) if columns is not None else _names(rows)
    body = _body(rows, names)
    stated = Stated(len(rows), hashlib.sha256(body).hexdigest())
    last = f"openhns rows={stated.count} sha256={stated.sha256}"
    header = _encoded([["id", *_POSITION, *map(safe_text, names), last]])
    return codecs.BOM_UTF8 + header + body, stated


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet runs; `original_text` takes the apostrophe off again."""
    return f"'{text}" if _RUNNABLE.match(text) else text


def original_text(text: str) -> str:
    """Undo `safe_text`."""
    return text[1:] if text.startswith("'") and _RUNNABLE.match(text) else text


def _names(features: Sequence[Mapping[str, Any]]) -> list[str]:
    return list(dict.fromkeys(name for feature in features for name in feature["properties"]))


def _body(features: Sequence[Mapping[str, Any]], names: Sequence[str]) -> bytes:
    return _encoded(
        [
            _cell(feature.get("id")),
            *_position(feature["geometry"]),
            *(_cell(feature["properties"].get(name)) for name in names),
            str(number),
        ]
        for number, feature in enumerate(features, 1)
    )


def _encoded(rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return writable(text.getvalue()).encode()


def _position(geometry: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if geometry is None:
        return "", "", ""
    if geometry.get("type") != "Point":
        return "", "", geometry_wkt(geometry)
    geometry_json(geometry)  # Refuses a position out of range.
    lon, lat = geometry["coordinates"]
    return decimal_degrees(lat), decimal_degrees(lon), ""


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return safe_text(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return safe_text(json_text(value))


def check_csv(path: Path) -> Stated:
    """Compare a bundle with what it states about itself; raises BundleAlteredError."""
    data = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    header, _, body = data.partition(b"\r\n")
    stated = _STATED.search(header.decode("utf-8", "replace"))
    if stated is None:
        raise BundleAlteredError(
            "The file's last header does not state count and hash: it was changed, or is no bundle."
        )
    records = csv.reader(io.StringIO(body.decode("utf-8", "replace"), newline=""))
    found = Stated(sum(1 for _ in records), hashlib.sha256(body).hexdigest())
    return agreed(Stated(int(stated[1]), stated[2]), found)

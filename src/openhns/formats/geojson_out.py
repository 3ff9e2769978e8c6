"""A party's bundle as GeoJSON (RFC 7946), one feature a line.

The foreign member `openhns` (section 6.1) states `count` and `sha256`: SHA-256 over the lines of
the features as they stand, each without its trailing comma and with one line feed. Without this
software: `grep '^{"type":"Feature",' FILE | sed 's/,$//' | sha256sum`.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openhns.formats.atomic import replacing
from openhns.formats.bundle import Stated, agreed
from openhns.formats.errors import BundleAlteredError
from openhns.formats.exact import geometry_json, json_text

_START = b'{"type":"FeatureCollection","features":[\n'
_FEATURE = b'{"type":"Feature",'
_MIDDLE = b"\n],\n"


def write_geojson(
    path: Path,
    features: Iterable[Mapping[str, Any]],
    *,
    facts: Mapping[str, Any] | None = None,
) -> Stated:
    """Write features as they come and return what the file states about itself.

    A feature has `geometry` (GeoJSON with positions [lon, lat] in integers of 1e-7 degree, or
    None), `properties`, and may have an `id`. `facts` join count and hash in the member
    `openhns`. Raises NotWritableError and FileUnwritableError.
    """
    digest, count = hashlib.sha256(), 0
    with replacing(path) as file:
        file.write(_START)
        for feature in features:
            line = _line(feature)
            file.write(b",\n" + line if count else line)
            digest.update(line + b"\n")
            count += 1
        stated = Stated(count, digest.hexdigest())
        member = json_text({**(facts or {}), "count": stated.count, "sha256": stated.sha256})
        file.write(_MIDDLE + b'"openhns":' + member.encode() + b"}\n")
    return stated


def _line(feature: Mapping[str, Any]) -> bytes:
    identifier = f'"id":{json_text(feature["id"])},' if "id" in feature else ""
    geometry = geometry_json(feature["geometry"])
    properties = json_text(feature["properties"])
    text = f'{{"type":"Feature",{identifier}"geometry":{geometry},"properties":{properties}}}'
    return text.encode()


def check_geojson(path: Path) -> Stated:
    """Compare a bundle with what it states about itself; raises BundleAlteredError."""
    digest, count, last = hashlib.sha256(), 0, b""
    with path.open("rb") as file:
        for line in file:
            last = line
            if line.startswith(_FEATURE):
                count += 1
                digest.update(line.rstrip(b"\r\n").removesuffix(b",") + b"\n")
    return agreed(_stated(last), Stated(count, digest.hexdigest()))


def _stated(last_line: bytes) -> Stated:
    try:
        member = json.loads(b"{" + last_line)["openhns"]
        return Stated(int(member["count"]), str(member["sha256"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BundleAlteredError(
            "The bundle does not end with its count and hash: it was cut, or is no bundle."
        ) from error

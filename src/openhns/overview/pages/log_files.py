"""The published log's files, as they stand: exact names only, and nothing beside them."""

import hashlib
import re
from pathlib import Path
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from openhns.record.actions import FIRST_FOLDER
from openhns.record.guard import folder_of
from openhns.record.models import Log
from openhns.tlog.tiles import CHECKPOINT_PATH

# c2sp.org/tlog-tiles: tile/<L>/<N>[.p/<W>], where N is in groups of three digits.
_TILE: Final = re.compile(
    r"tile/(?:entries|0|[1-9]|[1-5][0-9]|6[0-3])/"
    r"(?:x[0-9]{3}/)*[0-9]{3}(?:\.p/(?:[1-9]|[1-9][0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5]))?",
    re.ASCII,
)
_LONGEST_NAME: Final = 100
_FOR_GOOD: Final = "public, max-age=31536000, immutable"
_ASK_EACH_TIME: Final = "no-cache"


@require_safe
def first_log_file(request: HttpRequest, name: str) -> HttpResponse:
    """Serve a file of the log that this installation began with."""
    return _answer(request, Log.objects.filter(folder=FIRST_FOLDER).first(), name)


@require_safe
def log_file(request: HttpRequest, log: str, name: str) -> HttpResponse:
    """Serve a file of the log of that name."""
    return _answer(request, Log.objects.filter(name=log).first(), name)


def _answer(request: HttpRequest, log: Log | None, name: str) -> HttpResponse:
    is_checkpoint = name == CHECKPOINT_PATH
    is_tile = len(name) <= _LONGEST_NAME and _TILE.fullmatch(name) is not None
    if log is None or not (is_checkpoint or is_tile):
        raise Http404
    content = _read(folder_of(log).path / name)
    etag = quote_etag(hashlib.sha256(content).hexdigest()[:32])
    kind = "text/plain; charset=utf-8" if is_checkpoint else "application/octet-stream"
    response = HttpResponse(content, content_type=kind)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = _ASK_EACH_TIME if is_checkpoint else _FOR_GOOD
    # Public by nature: a verifier in a page from elsewhere may read it.
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    found = get_conditional_response(request, etag=etag, response=response)
    return found if found is not None else response


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        raise Http404 from None

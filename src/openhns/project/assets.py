"""The state of the assets, as their addresses name it."""

import hashlib
from pathlib import Path
from typing import Final

_STATIC: Final = Path(__file__).parents[1] / "ui" / "static"
_OF_THE_PARTS: Final = _STATIC / "vendor" / "stamp.txt"
"""Written when the package is built: a hash of all that its parts were made from."""


def assets_stamp() -> str:
    """Return a short name that changes whenever one of the assets does, on every machine alike."""
    state = hashlib.sha256(_OF_THE_PARTS.read_bytes() if _OF_THE_PARTS.is_file() else b"")
    for path in sorted((_STATIC / "ui").rglob("*.*")):
        state.update(path.name.encode() + path.read_bytes())
    return state.hexdigest()[:10]

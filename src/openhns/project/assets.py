"""The state of the assets, as their addresses name it."""

import hashlib
from pathlib import Path

_ASSETS = Path(__file__).parents[1] / "ui" / "static" / "ui"


def assets_stamp() -> str:
    """Return a short name that changes whenever one of the assets does."""
    state = sorted(
        (path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in _ASSETS.rglob("*.*")
    )
    return hashlib.sha256(repr(state).encode()).hexdigest()[:10]

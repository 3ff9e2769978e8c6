"""The key that signs the web server's short-lived tokens, made on first need."""

import secrets
from functools import cache
from pathlib import Path

from openhns.project.data_folder import create_once, make_private_folder

SECRET_BYTES = 48


@cache
def stored_secret_key(keys: Path) -> str:
    """Return the key kept in `keys/secret.key`; two processes that start at once agree on it."""
    path = keys / "secret.key"
    if not path.exists():
        make_private_folder(keys)
        create_once(path, secrets.token_urlsafe(SECRET_BYTES).encode())
    return path.read_text("ascii").strip()

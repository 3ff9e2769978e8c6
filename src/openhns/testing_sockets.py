"""Folders for the Unix sockets of tests."""

import tempfile
from pathlib import Path

# The path of a Unix socket may have about 100 characters; a temporary folder on macOS has half.
MOST_CHARACTERS = 40
SHORT_FOLDER = "/tmp"  # noqa: S108 - mkdtemp makes a folder in it that nobody else can enter.


def make_socket_folder(prefix: str) -> Path:
    """Make a folder for this account alone, where temporary files lie if that is short enough."""
    usual = tempfile.gettempdir()
    place = usual if len(usual) <= MOST_CHARACTERS else SHORT_FOLDER
    return Path(tempfile.mkdtemp(prefix=prefix, dir=place))

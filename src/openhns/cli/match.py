"""`openhns match`: match two files of points with no database and no network."""

from openhns.screening.command import configure
from openhns.screening.command import execute as run

__all__ = ["configure", "run"]

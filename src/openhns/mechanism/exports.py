"""What may leave the operator as a file. A room above enters its own exporters when it is ready."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.module_loading import import_string

from openhns.mechanism.errors import ExportUnknown
from openhns.mechanism.models import Mechanism


@dataclass(frozen=True, slots=True)
class Exported:
    """A file as it leaves: `rows` and `sha256` are what it states about itself.

    `listings` are the sites and movements whose exact places it holds.
    """

    file_name: str
    media_type: str
    content: bytes = field(repr=False)
    rows: int
    sha256: str
    listings: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Exporter:
    """One kind of export: its name in the record, its title, what it holds, and who writes it."""

    name: str
    title: str | Promise
    holds: str | Promise
    write: Callable[[Mechanism], Exported] | str


_exporters: Final[dict[str, Exporter]] = {}


def register(exporter: Exporter) -> None:
    """Make a kind of export known; a dotted path is imported when a file is written."""
    _exporters[exporter.name] = exporter


def known_exporters() -> Mapping[str, Exporter]:
    return dict(sorted(_exporters.items()))


def exporter_named(name: str) -> Exporter:
    if name not in _exporters:
        raise ExportUnknown("There is no export of that name.")
    return _exporters[name]


def write_export(name: str, mechanism: Mechanism) -> Exported:
    write = exporter_named(name).write
    written: Exported = (import_string(write) if isinstance(write, str) else write)(mechanism)
    return written

"""Names of parties, which live a floor above: that room tells us how to look them up."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from django.utils.module_loading import import_string

from openhns.mechanism.models import Mechanism

_how: Final[dict[str, str]] = {}


def register_parties(path: str) -> None:
    """Name the function (a dotted path) that returns a mechanism's parties, names by id."""
    _how["parties"] = path


def party_names(mechanism: Mechanism) -> Mapping[UUID, str]:
    """Return the names of all parties of a mechanism, in their order."""
    if "parties" not in _how:
        return {}
    look_up: Callable[[Mechanism], Mapping[UUID, str]] = import_string(_how["parties"])
    return look_up(mechanism)

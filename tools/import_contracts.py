"""Two import contracts of our own. Rooms that do not exist yet break neither; tests are exempt.

They look at direct imports alone. That is enough: a room's imports of other rooms go downward by
the contract on floors, and the rooms below are under these contracts themselves.
"""

import sys
from abc import abstractmethod
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

STANDARD_LIBRARY = sys.stdlib_module_names | {"__future__", "_typeshed"}


class _RoomsContract(Contract):
    """What both have in common: each import of the rooms is looked at by itself."""

    rooms: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - given.
        """Find each import of a room that it may not have."""
        del verbose
        found = [
            (module, imported)
            for module in sorted(graph.modules)
            if ".tests" not in module and _is_within(module, self.rooms)
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not self.may_import(imported)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that must go."""
        for module, imported in check.metadata["found"]:
            output.print_error(f"{module} may not import {imported}.")

    @abstractmethod
    def may_import(self, module: str) -> bool:
        """Say whether a room may import this module."""


class OnlyTheseContract(_RoomsContract):
    """The rooms import the standard library, each other and what is `allowed`."""

    type_name = "only_these"

    allowed: Any = fields.ListField(subfield=fields.StringField())

    def may_import(self, module: str) -> bool:
        """Say whether it is one of these."""
        return (
            module == "openhns"
            or module.partition(".")[0] in STANDARD_LIBRARY
            or _is_within(module, [*self.rooms, *self.allowed])
        )


class NeverTheseContract(_RoomsContract):
    """The rooms import nothing of what is `forbidden`."""

    type_name = "never_these"

    forbidden: Any = fields.ListField(subfield=fields.StringField())

    def may_import(self, module: str) -> bool:
        """Say whether it is none of these."""
        return not _is_within(module, self.forbidden)


def _is_within(module: str, packages: list[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)

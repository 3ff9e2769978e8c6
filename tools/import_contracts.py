"""An import contract of our own: a room may import these packages and no others."""

import sys
from typing import Any

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

STANDARD_LIBRARY = sys.stdlib_module_names | {"__future__", "_typeshed"}


class OnlyTheseContract(Contract):
    """Keeps a room's imports to the standard library, itself and `allowed`.

    `rooms` are packages, `allowed` the top-level packages or other rooms that they may import.
    Tests of the rooms are exempt. A room that does not exist yet breaks nothing.
    """

    type_name = "only_these"

    rooms: Any = fields.ListField(subfield=fields.StringField())
    allowed: Any = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: FBT001 - given.
        """Find each import of a room that leads anywhere else."""
        del verbose
        found = [
            (module, imported)
            for module in sorted(graph.modules)
            if self._is_in_rooms(module)
            for imported in sorted(graph.find_modules_directly_imported_by(module))
            if not self._may_import(imported)
        ]
        return ContractCheck(kept=not found, metadata={"found": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that must go."""
        for module, imported in check.metadata["found"]:
            output.print_error(f"{module} may not import {imported}.")

    def _is_in_rooms(self, module: str) -> bool:
        return ".tests" not in module and any(_is_within(module, room) for room in self.rooms)

    def _may_import(self, module: str) -> bool:
        return (
            module == "openhns"
            or module.partition(".")[0] in STANDARD_LIBRARY
            or any(_is_within(module, allowed) for allowed in (*self.rooms, *self.allowed))
        )


def _is_within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")

"""The names of this room's due work; its code is loaded when there is some."""

from typing import Final

from openhns.jobs import registry

CLEAR_PASSING: Final = "registry.clear-passing"


def register_work() -> None:
    registry.register(CLEAR_PASSING, "openhns.registry.work.do_clear_passing_work")

"""The names of this room's due work; its code is loaded when there is some."""

from typing import Final

from openhns.jobs import registry

AUDIT: Final = "overview.audit"


def register_work() -> None:
    registry.register(AUDIT, "openhns.overview.auditing.do_audit_work", slow=True)

"""The names of this room's due work; its code is loaded when there is some."""

from typing import Final

from openhns.jobs import registry

AUDIT: Final = "overview.audit"
PUBLISH: Final = "overview.publish"


def register_work() -> None:
    registry.register(AUDIT, "openhns.overview.auditing.do_audit_work", slow=True)
    registry.register(PUBLISH, "openhns.overview.actions.do_publish_work", slow=True)

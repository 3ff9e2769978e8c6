"""The project as a Django app: it brings the system checks and the limits of migrations."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """Registers what holds for the whole installation."""

    name = "openhns.project"
    label = "project"
    verbose_name = "OpenHNS"

    def ready(self) -> None:
        from openhns.project import (  # noqa: PLC0415 - apps must be loaded first.
            checks,
            key_checks,
            migrating,
        )

        checks.register_checks()
        key_checks.register_checks()
        migrating.connect_limits()

from django.apps import AppConfig

from openhns.record import names


class OverviewConfig(AppConfig):
    name = "openhns.overview"
    label = "overview"

    def ready(self) -> None:
        from openhns.overview.events import OverviewEvent  # noqa: PLC0415 - rooms register when ready.

        names.register(OverviewEvent)

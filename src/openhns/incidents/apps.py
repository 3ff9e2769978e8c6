from django.apps import AppConfig

from openhns.record import names


class IncidentsConfig(AppConfig):
    name = "openhns.incidents"
    label = "incidents"

    def ready(self) -> None:
        from openhns.incidents.events import IncidentsEvent  # noqa: PLC0415 - rooms register when ready.

        names.register(IncidentsEvent)

from django.apps import AppConfig

from openhns.record import names


class IncidentsConfig(AppConfig):
    name = "openhns.incidents"
    label = "incidents"

    def ready(self) -> None:
        from openhns.incidents.entries import register_entries  # noqa: PLC0415 - rooms register when ready.
        from openhns.incidents.events import IncidentsEvent  # noqa: PLC0415 - as above.
        from openhns.incidents.own_entries import register_own_entries  # noqa: PLC0415 - as above.

        names.register(IncidentsEvent)
        register_entries()
        register_own_entries()

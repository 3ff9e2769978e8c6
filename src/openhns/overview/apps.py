from django.apps import AppConfig

from openhns.record import names


class OverviewConfig(AppConfig):
    name = "openhns.overview"
    label = "overview"

    def ready(self) -> None:
        from openhns.overview.due import register_work  # noqa: PLC0415 - rooms register when ready.
        from openhns.overview.entries import register_entries  # noqa: PLC0415 - as above.
        from openhns.overview.events import OverviewEvent  # noqa: PLC0415 - as above.

        names.register(OverviewEvent)
        register_work()
        register_entries()

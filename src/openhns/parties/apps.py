from django.apps import AppConfig

from openhns.record import names


class PartiesConfig(AppConfig):
    name = "openhns.parties"
    label = "parties"

    def ready(self) -> None:
        from openhns.parties.events import PartiesEvent  # noqa: PLC0415 - rooms register when ready.

        names.register(PartiesEvent)

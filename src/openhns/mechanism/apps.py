from django.apps import AppConfig

from openhns.record import names


class MechanismConfig(AppConfig):
    name = "openhns.mechanism"
    label = "mechanism"

    def ready(self) -> None:
        from openhns.mechanism.events import MechanismEvent  # noqa: PLC0415 - rooms register when ready.

        names.register(MechanismEvent)

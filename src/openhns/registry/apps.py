from django.apps import AppConfig

from openhns.record import names


class RegistryConfig(AppConfig):
    name = "openhns.registry"
    label = "registry"

    def ready(self) -> None:
        from openhns.registry.events import RegistryEvent  # noqa: PLC0415 - rooms register when ready.

        names.register(RegistryEvent)

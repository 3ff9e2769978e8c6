from django.apps import AppConfig

from openhns.record import names


class RegistryConfig(AppConfig):
    name = "openhns.registry"
    label = "registry"

    def ready(self) -> None:
        from openhns.registry.due import register_work  # noqa: PLC0415 - rooms register when ready.
        from openhns.registry.entries import register_entries  # noqa: PLC0415 - as above.
        from openhns.registry.events import RegistryEvent  # noqa: PLC0415 - as above.
        from openhns.registry.exports import register_exports  # noqa: PLC0415 - as above.
        from openhns.registry.own_entries import register_own_entries  # noqa: PLC0415 - as above.

        names.register(RegistryEvent)
        register_exports()
        register_work()
        register_entries()
        register_own_entries()

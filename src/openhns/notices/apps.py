from django.apps import AppConfig

from openhns.record import names


class NoticesConfig(AppConfig):
    name = "openhns.notices"
    label = "notices"

    def ready(self) -> None:
        from openhns.notices.due import register_work  # noqa: PLC0415 - rooms register when ready.
        from openhns.notices.entries import register_entries  # noqa: PLC0415 - as above.
        from openhns.notices.events import NoticesEvent  # noqa: PLC0415 - as above.
        from openhns.notices.own_entries import register_own_entries  # noqa: PLC0415 - as above.

        names.register(NoticesEvent)
        register_work()
        register_entries()
        register_own_entries()

from django.apps import AppConfig

from openhns.record import names


class NoticesConfig(AppConfig):
    name = "openhns.notices"
    label = "notices"

    def ready(self) -> None:
        # Models exist only now.
        from openhns.notices.events import NoticesEvent  # noqa: PLC0415
        from openhns.notices.work import register_work  # noqa: PLC0415

        names.register(NoticesEvent)
        register_work()

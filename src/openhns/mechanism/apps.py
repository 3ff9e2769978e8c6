from django.apps import AppConfig

from openhns.record import names


class MechanismConfig(AppConfig):
    name = "openhns.mechanism"
    label = "mechanism"

    def ready(self) -> None:
        from openhns.mechanism.events import MechanismEvent  # noqa: PLC0415 - rooms register when ready.
        from openhns.mechanism.sign_in.passkeys import watch_second_factors  # noqa: PLC0415 - as above.

        names.register(MechanismEvent)
        watch_second_factors()

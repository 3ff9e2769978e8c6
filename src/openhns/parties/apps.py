from django.apps import AppConfig

from openhns.record import names


class PartiesConfig(AppConfig):
    name = "openhns.parties"
    label = "parties"

    def ready(self) -> None:
        from openhns.mechanism.directory import (  # noqa: PLC0415 - rooms register when ready.
            register_parties,
        )
        from openhns.parties.entries import register_entries  # noqa: PLC0415 - rooms register now.
        from openhns.parties.events import PartiesEvent  # noqa: PLC0415 - as above.

        names.register(PartiesEvent)
        register_parties("openhns.parties.access.party_names")
        register_entries()

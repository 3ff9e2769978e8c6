from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from openhns.record import names


class MechanismConfig(AppConfig):
    name = "openhns.mechanism"
    label = "mechanism"

    def ready(self) -> None:
        from openhns.mechanism.events import MechanismEvent  # noqa: PLC0415 - rooms register when ready.
        from openhns.mechanism.sign_in.passkeys import watch_second_factors  # noqa: PLC0415 - as above.

        names.register(MechanismEvent)
        watch_second_factors()
        _enter_links()


def _enter_links() -> None:
    from openhns.mechanism.models import Role  # noqa: PLC0415 - models come before this.
    from openhns.mechanism.navigation import Entry, Of, register  # noqa: PLC0415 - as above.
    from openhns.mechanism.visits import MEMBERS, OPERATOR  # noqa: PLC0415 - as above.

    administrator = frozenset({Role.Name.ADMINISTRATOR})
    readers = administrator | {Role.Name.AUDITOR}
    register(
        Entry("mechanism-notes-received", _("Notes"), MEMBERS, 18, Of.ORGANISATION),
        Entry("mechanism-organisations", _("Organisations"), OPERATOR, 36),
        Entry("mechanism-notes", _("Notes"), OPERATOR, 37),
        Entry("mechanism-exports", _("Exports"), OPERATOR, 38),
        Entry("mechanism-journal", _("Access journal"), readers, 58),
        Entry("mechanism-people", _("People"), administrator, 60),
        Entry("mechanism-proposals", _("Requests"), administrator, 61),
    )

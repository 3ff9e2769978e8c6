"""The one way to change anything in the registry."""

from openhns.registry.actions.consenting import (
    do_give_consent,
    do_revoke_consent,
    do_set_consents,
    do_suspend_consents,
)
from openhns.registry.actions.deciding import do_clear_passing, do_decide
from openhns.registry.actions.importing import do_import_sheet
from openhns.registry.actions.signing import do_sign, do_sign_all
from openhns.registry.actions.submitting import do_amend, do_many_submit, do_remove, do_submit

__all__ = [
    "do_amend",
    "do_clear_passing",
    "do_decide",
    "do_give_consent",
    "do_import_sheet",
    "do_many_submit",
    "do_remove",
    "do_revoke_consent",
    "do_set_consents",
    "do_sign",
    "do_sign_all",
    "do_submit",
    "do_suspend_consents",
]

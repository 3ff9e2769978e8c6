"""The one way to change anything in a mechanism."""

from openhns.mechanism.actions.applications import (
    do_receive_application,
    do_set_aside,
    do_take_up,
)
from openhns.mechanism.actions.forgetting import do_forget_expired
from openhns.mechanism.actions.invitations import (
    do_accept_invitation,
    do_invite,
    do_withdraw_invitation,
)
from openhns.mechanism.actions.journal import do_digest_journal
from openhns.mechanism.actions.members import do_enter_member
from openhns.mechanism.actions.notes import do_read_note, do_write_note
from openhns.mechanism.actions.organisations import (
    do_admit,
    do_apply,
    do_decide_on_organisation,
    do_suspend,
)
from openhns.mechanism.actions.persons import do_add_person, do_end_role, do_grant_role
from openhns.mechanism.actions.proposals import (
    do_agree,
    do_decline,
    do_propose_policy,
    do_propose_reset,
    do_propose_role,
    do_request_export,
    do_take_back,
    do_take_export,
)
from openhns.mechanism.actions.setting_up import do_change_policy, do_set_up
from openhns.mechanism.actions.tokens import do_make_token, do_revoke_token, do_revoke_tokens

__all__ = [
    "do_accept_invitation",
    "do_add_person",
    "do_admit",
    "do_agree",
    "do_apply",
    "do_change_policy",
    "do_decide_on_organisation",
    "do_decline",
    "do_digest_journal",
    "do_end_role",
    "do_enter_member",
    "do_forget_expired",
    "do_grant_role",
    "do_invite",
    "do_make_token",
    "do_propose_policy",
    "do_propose_reset",
    "do_propose_role",
    "do_read_note",
    "do_receive_application",
    "do_request_export",
    "do_revoke_token",
    "do_revoke_tokens",
    "do_set_aside",
    "do_set_up",
    "do_suspend",
    "do_take_back",
    "do_take_export",
    "do_take_up",
    "do_withdraw_invitation",
    "do_write_note",
]

"""The one way to change anything about notices and what came back."""

from openhns.notices.actions.answering import (
    do_log_call,
    do_query,
    do_record_letter,
    do_record_receipts,
)
from openhns.notices.actions.objecting import (
    do_answer_objection,
    do_object,
    do_object_signed,
)
from openhns.notices.actions.preparing import do_prepare
from openhns.notices.actions.replying import do_reply
from openhns.notices.actions.transmitting import do_transmit, do_transmit_urgent
from openhns.notices.actions.withdrawing import do_withdraw

__all__ = [
    "do_answer_objection",
    "do_log_call",
    "do_object",
    "do_object_signed",
    "do_prepare",
    "do_query",
    "do_record_letter",
    "do_record_receipts",
    "do_reply",
    "do_transmit",
    "do_transmit_urgent",
    "do_withdraw",
]

"""What screens call the states, answers and grades of this room, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Labels = Mapping[str, str | Promise]

KINDS: Final[Labels] = {
    "alert": _("New entry"),
    "update": _("Changed entry"),
    "cancel": _("Withdrawn entry"),
}
SUBJECTS: Final[Labels] = {"site": _("Site"), "movement": _("Movement")}
STATUSES: Final[Labels] = {
    "prepared": _("Prepared, not sent yet"),
    "transmitted": _("Sent, no answer"),
    "received": _("Received"),
    "acknowledged": _("Acknowledged"),
    "objected": _("Objected to"),
    "queried": _("Queried"),
    "failed": _("Not sent: it failed"),
    "unknown": _("Not known whether it left"),
}
STATUS_TONES: Final[Mapping[str, str]] = {
    "received": "good",
    "acknowledged": "good",
    "objected": "bad",
    "failed": "bad",
    "unknown": "bad",
    "queried": "warn",
    "prepared": "warn",
}
ANSWERS: Final[Labels] = {
    "received": _("Received"),
    "acknowledged": _("Acknowledged"),
    "queried": _("Queried"),
}
PROOFS: Final[Labels] = {
    "A": _("Signed by the party's own tool"),
    "B": _("Signed by the party's key in our web page"),
    "C": _("An authenticated e-mail or a letter on file"),
    "D": _("A call or message that the operator logged"),
    "E": _("Sent only: nothing came back"),
}
# A liaison may type an objection or a query without a key; another receipt is never typed so.
OBJECTION_PROOFS: Final[Labels] = {
    **PROOFS,
    "D": _("Not signed: typed in our page, or a call or message that the operator logged"),
}
STEPS: Final[Labels] = {
    "submitted": _("Received by the operator"),
    "transmitted": _("Transmitted"),
    "received": _("Received by the party"),
    "acknowledged": _("Acknowledged by the party"),
}
TRANSMISSIONS: Final[Labels] = {
    "prepared": _("Prepared, not sent yet"),
    "transmitted": _("Sent"),
    "failed": _("Failed"),
    "unknown": _("Not known whether it left"),
}
VERIFICATIONS: Final[Labels] = {
    "not verified by the operator": _("Not verified by the operator"),
    "not told at this grade": _("Not told at this grade"),
}
# What a party itself is shown: the same kinds and states, from its side.
TOLD_KINDS: Final[Labels] = {
    "alert": _("New"),
    "update": _("Changed"),
    "cancel": _("No longer valid"),
}
TOLD_SUBJECTS: Final[Labels] = {**SUBJECTS, "district": _("Count of a district")}
PARTY_STATUSES: Final[Labels] = {
    "transmitted": _("Waits for an answer"),
    "received": _("Received; waits for an answer"),
    "acknowledged": _("Acknowledged"),
    "objected": _("Objected to"),
    "queried": _("Queried"),
}

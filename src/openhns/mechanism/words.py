"""What screens call the roles, states and figures of this room, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Application, Organisation, Proposal, Role

Labels = Mapping[str, str | Promise]

ROLES: Final[Labels] = {
    Role.Name.REPORTER: _("Reporter of an organisation"),
    Role.Name.APPROVER: _("Approver of an organisation"),
    Role.Name.REVIEWER: _("Reviewer of the operator"),
    Role.Name.TRANSMITTER: _("Transmitter of the operator"),
    Role.Name.ADMINISTRATOR: _("Administrator of the operator"),
    Role.Name.LIAISON: _("Liaison of a party"),
    Role.Name.AUDITOR: _("Auditor"),
}
ROLES_DO: Final[Labels] = {
    Role.Name.REPORTER: _("submits sites and movements of an organisation"),
    Role.Name.APPROVER: _("signs for an organisation and gives its consent"),
    Role.Name.REVIEWER: _("clears, returns and refuses; decides on organisations"),
    Role.Name.TRANSMITTER: _("transmits to the parties and records what they answer"),
    Role.Name.ADMINISTRATOR: _("gives roles, invites people and changes the policy"),
    Role.Name.LIAISON: _("reads what the party was told and answers for it"),
    Role.Name.AUDITOR: _("reads the log, counts and results of audits; nothing sealed"),
}
ORGANISATION_STATUSES: Final[Labels] = {
    Organisation.Status.APPLIED: _("Applied"),
    Organisation.Status.VETTED: _("Vetted"),
    Organisation.Status.REFUSED: _("Refused"),
    Organisation.Status.SUSPENDED: _("Suspended"),
}
ORGANISATION_TONES: Final[Mapping[str, str]] = {
    Organisation.Status.APPLIED: "warn",
    Organisation.Status.VETTED: "good",
    Organisation.Status.REFUSED: "bad",
    Organisation.Status.SUSPENDED: "bad",
}
APPLICATION_STATES: Final[Labels] = {
    Application.State.WAITING: _("Waits for the operator"),
    Application.State.TAKEN_UP: _("Taken up"),
    Application.State.SET_ASIDE: _("Set aside"),
}
PROPOSAL_KINDS: Final[Labels] = {
    Proposal.Kind.ROLE: _("A role"),
    Proposal.Kind.POLICY: _("A change of the policy"),
    Proposal.Kind.EXPORT: _("An export"),
    Proposal.Kind.RESET: _("A new start for an account"),
}
PROPOSAL_STATES: Final[Labels] = {
    Proposal.State.WAITING: _("Waits for a second person"),
    Proposal.State.AGREED: _("Agreed"),
    Proposal.State.DECLINED: _("Declined"),
    Proposal.State.TAKEN_BACK: _("Taken back"),
    "expired": _("Too old"),
}
PROPOSAL_TONES: Final[Mapping[str, str]] = {
    Proposal.State.WAITING: "warn",
    Proposal.State.AGREED: "good",
    Proposal.State.DECLINED: "bad",
}
FIGURES: Final[Labels] = {
    "name": _("Name of the policy"),
    "persons_to_clear": _("Persons who clear a version for relay"),
    "persons_to_vet": _("Persons who decide on an organisation"),
    "second_signature": _("An organisation signs each version a second time"),
    "lead_time_hours": _("Hours of notice before a movement"),
    "emergency_lead_time_hours": _("Hours of notice before a movement in an emergency"),
    "revalidation_days": _("Days until a site must be confirmed again"),
    "match_buffer_m": _("Metres around a site within which an attack matches it"),
    "tick_seconds": _("Seconds between two entries of the log"),
    "smallest_tick": _("Least number of entries that the log grows by"),
    "proof_wait_seconds": _("Seconds that a routine notice waits for its proof"),
    "nearby_m": _("Metres within which another site counts as nearby"),
    "repeated_point": _("Rows at one position before a check warns of it"),
    "relay_hours": _("Hours after which a party was told late"),
    "publication_lag_days": _("Days by which the public page lags behind"),
}
PURPOSES: Final[Labels] = {
    "review queue": _("Review queue"),
    "review of a version": _("Review of a version"),
    "review of what waits for clearance": _("Review of what waits for clearance"),
    "own register": _("Own register"),
    "certificate": _("Certificate"),
    "incident": _("Incident"),
    "prove": _("Proof"),
}


def label(labels: Labels, value: str) -> str:
    """Return what the screen calls a value; a value without a word of its own as it is."""
    return str(labels.get(value, value))


def purpose_words(purpose: str) -> str:
    """Return a purpose of the access journal; a file's kind stands behind its first words."""
    if purpose.startswith("bundle as "):
        return str(_("Bundle for a party")) + f" ({purpose[10:]})"
    if purpose.startswith("export "):
        return str(_("Export")) + f" ({purpose[7:]})"
    return label(PURPOSES, purpose)

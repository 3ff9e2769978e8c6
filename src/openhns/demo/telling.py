"""What a step of the story says to a reader: a sentence, the names it is about, words it quotes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.demo.story import Step, Story

SENTENCES: Final[Mapping[str, str | Promise]] = {
    "set-up": _("The mechanism is set up, with its parties."),
    "vet": _("Two persons of the operator vet an organisation."),
    "submit": _("An organisation submits sites, and a second person signs."),
    "amend": _("An organisation amends a site, and a second person signs."),
    "clear": _("Two reviewers clear sites for relay."),
    "return": _("A reviewer returns a submission with a reason."),
    "transmit": _("What is cleared is transmitted to each party that takes part."),
    "letter": _("A party answers by letter, which is put on file."),
    "call": _("A party answers by telephone, and the call is logged."),
    "object": _("A party objects to a notice."),
    "answer-objection": _("The objection is answered."),
    "report": _("An attack is reported to the operator."),
    "claims": _("What this source says is entered beside what others say."),
    "certify": _("A certificate says what had been sent to whom when the attack happened."),
    "publish-incidents": _("Organisations agree that what had been notified is published."),
    "withdraw": _("A party withdraws; nothing new is sent to it."),
    "note": _("The operator writes to all organisations."),
    "remember": _("Meanwhile, outside the mechanism."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One step in words: the sentence in the reader's language, the quotation as it stands."""

    step: Step
    words: str
    names: tuple[str, ...]
    quoted: str

    @property
    def line(self) -> str:
        """Everything in one line, for a terminal."""
        more = f"{', '.join(self.names)}." if self.names else self.quoted
        return f"{self.words} {more}".strip()


def told(step: Step, story: Story) -> Told:
    """Return what a step says, in the language that is active now."""
    names = tuple(dict.fromkeys(_names(step, story)))
    quoted = step.rest.get("words") or "; ".join(step.rest.get("changes", {}).values())
    return Told(step, str(SENTENCES[step.do]), names, quoted)


def _names(step: Step, story: Story) -> Iterator[str]:
    """Yield the organisation, party and facilities that a step is about."""
    rest = step.rest
    if "organisation" in rest:
        yield story.organisations[rest["organisation"]].name
    if "party" in rest:
        yield str(rest["party"])
    if step.do == "set-up":
        yield from (party.name for party in story.parties)
    yield from (story.facilities[key].name for key in _facilities(step, story))


def _facilities(step: Step, story: Story) -> Iterator[str]:
    rest = step.rest
    yield from rest.get("facilities", ())
    if "facility" in rest:
        yield rest["facility"]
    if "incident" in rest:
        yield story.strikes[rest["incident"]].facility
    if isinstance(rest.get("notices"), list):
        yield from rest["notices"]
    if step.do == "claims":
        of_it = (
            s for s in story.strikes.values() if any(c.source == step.source for c in s.claims)
        )
        yield from (strike.facility for strike in of_it)

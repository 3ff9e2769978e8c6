"""The sentences that stand on a certificate, each in every language of the program.

A certificate is signed once and read by people of several languages: whoever asks for it does not
decide in which of them it is written.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language, gettext_noop, ngettext, override
from django.utils.translation import gettext as _

Said = Mapping[str, str]

SAYS: Final = gettext_noop(
    "This certificate states what the operator of the notification mechanism had sent to each "
    "party, and what had been returned, at the time of a reported attack. It does not state who "
    "struck, nor whether the unit that struck knew of any notice. A match compares a claimed "
    "place and time with what was told; it attributes nothing. Obligations under international "
    "humanitarian law stand with or without any notice."
)
PROVES: Final[Mapping[str, str]] = {
    "A": gettext_noop("an answer signed by the party's own tool"),
    "B": gettext_noop("an answer signed by the party's key in the operator's web page"),
    "C": gettext_noop("an authenticated e-mail or a letter on file"),
    "D": gettext_noop("a call or message that the operator logged"),
    "E": gettext_noop("sent only: nothing came back"),
}
VERDICTS: Final[Mapping[str, str]] = {
    "certain": gettext_noop("certain: the claimed place and time lie wholly within what was told"),
    "possible": gettext_noop("possible: within the stated uncertainty, the place may be one told"),
    "none": gettext_noop("none: nothing held at that time is about a place within the uncertainty"),
}


def in_each_language(say: Callable[[], str]) -> Said:
    """Return what `say` says in each language of the program, by its code."""
    found = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            found[code] = say()
    return found


def in_this_language(said: Said) -> str:
    """Return the words in the active language, or else in English."""
    return said.get(get_language() or "en", said["en"])


def says() -> Said:
    """Return the certificate's own sentence by language."""
    return in_each_language(lambda: _(SAYS))


def readers(*, for_organisation: bool) -> Said:
    """Say by language who may see the certificate."""
    return in_each_language(lambda: _readers_words(for_organisation=for_organisation))


def _readers_words(*, for_organisation: bool) -> str:
    if for_organisation:
        return _(
            "For the operator and the organisation that is named here, and nobody else: it shows "
            "what was told to several parties. Never hand it to a party."
        )
    return _(
        "For the operator alone: it shows what was told to several parties about places of any "
        "organisation. Never hand it to a party."
    )


def statement(
    party: str,
    groups: Mapping[str, Mapping[UUID, Sequence[Any]]],
    counted: Mapping[str, Mapping[str, int]],
    outcomes: Mapping[UUID, Any],
) -> dict[str, Any]:
    """Return the plain sentence on one party by language, and on whose word it rests."""
    held = len(groups["held"])
    if held:
        return {"by": "record", "words": in_each_language(lambda: _held_words(party, held))}
    said = in_each_language(lambda: _told_nothing_words(party, groups, counted, outcomes))
    return {"by": "operator", "words": said}


def _told_nothing_words(
    party: str,
    groups: Mapping[str, Mapping[UUID, Sequence[Any]]],
    counted: Mapping[str, Mapping[str, int]],
    outcomes: Mapping[UUID, Any],
) -> str:
    sentences = [_nothing_words(party, outcomes)] if _any_bounded(outcomes) else []
    most = max((sum(grades.values()) for grades in counted.values()), default=0)
    if not _any_bounded(outcomes) or most:
        sentences.append(_unplaced_words(party, most))
    sentences += _before_and_after(groups)
    sentences.append(
        _("This is the operator's statement: no log shows by itself what was not sent.")
    )
    return " ".join(sentences)


def _any_bounded(outcomes: Mapping[UUID, Any]) -> bool:
    return any(outcome.bounded for outcome in outcomes.values())


def _held_words(party: str, count: int) -> str:
    return ngettext(
        "%(party)s held %(count)d notice about a place within the claimed uncertainty.",
        "%(party)s held %(count)d notices about places within the claimed uncertainty.",
        count,
    ) % {"party": party, "count": count}


def _nothing_words(party: str, outcomes: Mapping[UUID, Any]) -> str:
    if all(outcome.bounded for outcome in outcomes.values()):
        text = _("No notice held at that time and about a place within the uncertainty had been "
                 "sent to %(party)s.")  # fmt: skip
    else:
        text = _("By the claims that bound the place, no notice held at that time and about a "
                 "place within the uncertainty had been sent to %(party)s.")  # fmt: skip
    return text % {"party": party}


def _unplaced_words(party: str, count: int) -> str:
    if not count:
        return _("%(party)s held no notice of any place at that time.") % {"party": party}
    return ngettext(
        "%(party)s held %(count)d notice at that time of which it cannot be said whether it is "
        "about the place of the attack.",
        "%(party)s held %(count)d notices at that time of which it cannot be said whether any is "
        "about the place of the attack.",
        count,
    ) % {"party": party, "count": count}


def _before_and_after(groups: Mapping[str, Mapping[UUID, Sequence[Any]]]) -> list[str]:
    found = []
    if groups["ended"]:
        found.append(
            _("It had been told earlier of a place within the uncertainty; that notice was "
              "replaced, cancelled or had run out before. What was told may still be known.")
        )  # fmt: skip
    if groups["later"]:
        found.append(_("It was told of a place within the uncertainty only after the attack."))
    return found


def proved(grade: str, *, bulk: bool, machine: bool) -> str:
    """Return what an answer proves, in words."""
    parts = [_(PROVES[grade])]
    if bulk:
        parts.append(_("acknowledged in bulk: not one by one"))
    if machine:
        parts.append(_("answered by a machine, not by a person"))
    return ", ".join(parts)

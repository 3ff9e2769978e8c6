"""What screens call the figures and states of this room, in the reader's language."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhns.overview.publication.bands import BASIS

Labels = Mapping[str, str | Promise]

NOTIFIED: Final[Labels] = {
    "yes": gettext_lazy("Notified: yes"),
    "no": gettext_lazy("Notified: no"),
    "cannot be said": gettext_lazy("Cannot be said"),
}
NOTIFIED_TONES: Final[Mapping[str, str]] = {"yes": "bad", "no": "", "cannot be said": "warn"}
TABLES: Final[Labels] = {
    "acknowledged": gettext_lazy("Acknowledged at all"),
    "within_a_day": gettext_lazy("Acknowledged within a day"),
    "within_a_week": gettext_lazy("Acknowledged within a week"),
    "proof_a": gettext_lazy("Proof A: signed by the party's own tool"),
    "proof_b": gettext_lazy("Proof B or better: signed by the party's key"),
    "proof_c": gettext_lazy("Proof C or better: signed, or a letter or e-mail on file"),
}
ERRORS: Final[Labels] = {
    "late": gettext_lazy("Places that some party was told of late, or not at all when it should"),
    "returned": gettext_lazy("Places of which a submission was returned or refused"),
}
_HALF: Final = 50
_WHOLE: Final = 100


def number(value: int) -> str:
    return str(formats.number_format(value, force_grouping=True))


def band(figure: Mapping[str, Any]) -> str:
    """Return a band in words: between which counts the truth lies."""
    lower, upper = figure["from"], figure["to"]
    if upper is None:
        return _("%(lower)s or more") % {"lower": number(lower)}
    if not lower:
        return _("fewer than %(upper)s") % {"upper": number(upper)}
    return _("%(lower)s to %(upper)s") % {"lower": number(lower), "upper": number(upper)}


def share(figure: Mapping[str, Any] | None) -> str:
    """Return a share in words: between which percentages the truth lies."""
    if figure is None or figure["percent"] is None:
        return _("too few to show")
    return _("%(lower)d to %(upper)d %%") % {"lower": figure["from"], "upper": figure["to"]}


def why_no_shares(figure: Mapping[str, Any]) -> str:
    """Return why a party's shares are not shown, or "" where they are."""
    if figure["percent"] is not None:
        return ""
    return _(
        "Too few to show: this party had been told of too few places. A share is published only "
        "over %(least)s places or more, for over fewer one single site could be read from it."
    ) % {"least": _least()}


def why_no_errors(figure: Mapping[str, Any]) -> str:
    """Return why the shares of our own errors are not shown, or "" where they are."""
    if figure["percent"] is not None:
        return ""
    return _(
        "Too few to show: too few places had been submitted. A share is published only over "
        "%(least)s places or more, for over fewer one single site could be read from it."
    ) % {"least": _least()}


def _least() -> str:
    """Return over how many places a share is shown: its border, and the most that it may be off."""
    border = BASIS.borders[0]
    facts = {"lower": number(int(border)), "upper": number(int(border + BASIS.reach))}
    return _("%(lower)s to %(upper)s") % facts


def silence(figure: Mapping[str, Any]) -> str:
    """Return the share of places that were never acknowledged: what is left of the others."""
    if figure["percent"] is None:
        return _("too few to show")
    rest = {"lower": _WHOLE - figure["to"], "upper": _WHOLE - figure["from"]}
    return _("%(lower)d to %(upper)d %%") % rest


def half_by(
    in_a_day: Mapping[str, Any], in_a_week: Mapping[str, Any], at_all: Mapping[str, Any]
) -> str:
    """Return when half of all places were acknowledged, silence counted, as far as it is sure.

    This follows from the published shares alone, so that it tells nothing that they do not.
    """
    if at_all["percent"] is None:
        return _("too few to show")
    if in_a_day["from"] >= _HALF:
        return _("half within a day")
    if in_a_week["from"] >= _HALF:
        return _("half within a week")
    if at_all["to"] < _HALF:
        return _("half were never acknowledged")
    if at_all["from"] >= _HALF and in_a_week["to"] < _HALF:
        return _("half, after more than a week")
    return _("not certain enough to say: the ranges below are too wide")


FINDINGS: Final[Labels] = {
    "published": gettext_lazy("The published log does not agree with itself, or with the database"),
    "tick": gettext_lazy("A tick is not as the log says"),
    "log": gettext_lazy("The log's own row is not as its ticks say"),
    "chain": gettext_lazy("A party's chain is not the sum of its events"),
    "event changed": gettext_lazy("An event was changed"),
    "event added": gettext_lazy("An event was added behind the log's back"),
    "event removed": gettext_lazy("An event is gone from the database"),
    "row changed": gettext_lazy("A row was changed behind the log's back"),
    "row added": gettext_lazy("A row was added behind the log's back"),
    "row removed": gettext_lazy("A row is gone"),
}

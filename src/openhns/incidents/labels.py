"""What screens call verdicts, reasons and findings of this room, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.incidents import findings
from openhns.incidents.drafts import Finding

Labels = Mapping[str, str | Promise]

VERDICTS: Final[Labels] = {
    "certain": _("Certain match"),
    "possible": _("Possible match"),
    "none": _("No match"),
}
VERDICT_TONES: Final[Mapping[str, str]] = {"certain": "bad", "possible": "warn"}
MEANINGS: Final[Labels] = {
    "certain": _(
        "Certain: wherever within its uncertainty the attack was, it was at a place that this "
        "party had been told, and at a time at which it held that notice."
    ),
    "possible": _(
        "Possible: within the uncertainty on both sides, the attack may have been at a place "
        "that this party had been told."
    ),
    "none": _(
        "None: nothing that this party held at that time is about a place within the uncertainty."
    ),
}
REASONS: Final[Labels] = {
    "place_certain": _("the place fits wherever in its radius it was"),
    "place_possible": _("the place fits in part of its radius"),
    "place_none": _("the place does not fit"),
    "place_unknown": _("nothing bounds the place"),
    "time_certain": _("it was held throughout that time"),
    "time_possible": _("it was held in part of that time"),
    "time_none": _("it was not held at that time"),
    "time_unknown": _("the time is not known"),
    "movement_on_its_way": _("a convoy was somewhere along its way"),
    "transmission_unknown": _("it is not known whether the notice left"),
}
FACTS: Final[Labels] = {
    "reported_perpetrator": _("Perpetrator, as the source reports it"),
    "reported_perpetrator_name": _("Perpetrator's name, as the source reports it"),
    "reported_weapon": _("Weapon, as the source reports it"),
    "reported_location": _("Kind of location, as the source reports it"),
    "reported_facility": _("Facility, as the source reports it"),
    "reported_certainty": _("Certainty, as the source states it"),
    "admin1": _("Province"),
    "place": _("Town or village"),
    "named_source": _("Source that it names"),
}
SIDES: Final[Labels] = {
    "before": _("before the attack"),
    "after": _("after the attack"),
    "unclear": _("before or after, that is not clear"),
}
PARTICIPATION_THEN: Final[Labels] = {
    "participating": _("took part"),
    "suspended": _("was suspended"),
    "withdrawn": _("had withdrawn"),
    "not yet participating": _("took no part yet"),
}
FINDINGS: Final[Mapping[str, str]] = {
    item.code: item.words for item in vars(findings).values() if isinstance(item, Finding)
}

"""The form by which an organisation reports an attack."""

from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openhns.geodesy.notation import read_position
from openhns.geodesy.position import PositionError
from openhns.incidents.actions import Report
from openhns.incidents.reading import CLOCK_SLACK
from openhns.mechanism.models import Mechanism
from openhns.registry.checks.position_parses import words_of_fault
from openhns.registry.models import Listing
from openhns.registry.pages.submission_forms import (
    figure_field,
    in_zone,
    text_field,
    zone_field,
)

_LONGEST: Final = 20_000
_AT_SITE_M: Final = 50
_FARTHEST_M: Final = 10_000_000


class ReportForm(forms.Form):
    """What happened, when and where, and who says so."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=36)
    words = forms.CharField(
        label=_("What happened"),
        help_text=_("What was seen and heard, and what was hit. Who did it is not asked here."),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"dir": "auto"}),
    )
    source = text_field(
        _("Who says so"),
        help_text=_("Such as our staff at the site, a neighbour, a driver. Names are not needed."),
        needed=True,
    )
    here = forms.BooleanField(label=_("It was at this site"), required=False, initial=True)
    position = figure_field(
        _("Position"),
        help_text=_("In any notation. Empty where nobody knows it."),
    )
    precision_m = forms.IntegerField(
        label=_("How far from there it may have been, in metres"),
        required=False,
        min_value=1,
        max_value=_FARTHEST_M,
    )
    admin1 = text_field(_("Province"))
    zone = zone_field()
    start = figure_field(
        _("Not before"),
        help_text=_("Empty where nobody knows how long before."),
        kind="datetime-local",
    )
    end = figure_field(_("Not after"), kind="datetime-local", needed=True)

    def __init__(
        self, mechanism: Mechanism, listing: Listing | None, data: Any = None, **named: Any
    ) -> None:
        initial = {"key": str(uuid4()), **named.pop("initial", {})}
        super().__init__(data, initial=initial, **named)
        self.mechanism = mechanism
        self.site = listing is not None and listing.kind == Listing.Kind.SITE
        if self.site:
            self.fields["precision_m"].initial = _AT_SITE_M
        else:
            del self.fields["here"]

    def clean_position(self) -> str:
        text = str(self.cleaned_data["position"])
        if text:
            try:
                read_position(text)
            except PositionError as error:
                said = gettext(words_of_fault(error.code))
                raise ValidationError(said, code=error.code) from None
        return text

    def clean(self) -> None:
        for name in ("start", "end"):
            self._moment(name)
        start, end = (self.cleaned_data.get(name) for name in ("start", "end"))
        if start and end and start > end:
            self.add_error("end", _("This lies before the time above."))
        began = start or end
        if began and began > timezone.now() + CLOCK_SLACK:
            said = _("This lies in the future; an attack is reported afterwards.")
            self.add_error("start" if start else "end", said)
        if self.at_site and self.cleaned_data.get("position"):
            self.add_error("position", _("Give the place once: at this site, or by a position."))
        placed = self.at_site or self.cleaned_data.get("position")
        if placed and self.cleaned_data.get("precision_m") is None:
            said = _("Say how far from there it may have been; 1000 where you cannot say better.")
            self.add_error("precision_m", said)

    @property
    def at_site(self) -> bool:
        return bool(self.cleaned_data.get("here"))

    def _moment(self, name: str) -> None:
        typed = self.cleaned_data.get(name)
        if not typed:
            self.cleaned_data[name] = None
            return
        try:
            zoned = in_zone(typed, self.cleaned_data.get("zone", "+00:00"))
            moment = datetime.fromisoformat(zoned)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or moment.tzinfo is None:
            self.add_error(name, _("This is no date and time: write it as 2026-01-31 08:00."))
        self.cleaned_data[name] = moment

    def report(self, site_position: str | None) -> Report:
        """Return what is reported; `site_position` is where the site is, if it was there."""
        typed = self.cleaned_data
        position = site_position if self.at_site else typed["position"] or None
        return Report(
            words=typed["words"],
            source=typed["source"],
            start=typed["start"],
            end=typed["end"],
            position=position,
            precision_m=typed["precision_m"] if position else None,
            country=self.mechanism.countries[0] if len(self.mechanism.countries) == 1 else None,
            admin1=typed["admin1"],
        )

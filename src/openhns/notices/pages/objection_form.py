"""The form by which a party objects in its own page."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from openhns.notices.answers import LONGEST_ECHELON
from openhns.proofs.marks import one_form

LONGEST_GROUNDS: Final = 20_000
# The offsets from UTC that clocks somewhere show, in minutes.
_OFFSETS: Final = sorted(
    {*range(-12 * 60, 15 * 60, 60), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765}
)


def offset_text(minutes: int) -> str:
    """Return an offset from UTC as RFC 3339 writes it."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


OFFSETS: Final = [(offset_text(each), f"UTC{offset_text(each)}") for each in _OFFSETS]


class ObjectForm(forms.Form):
    """What a party objects. `signed` is filled by the page's script where there is a key."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    signed = forms.CharField(widget=forms.HiddenInput, required=False, max_length=200_000)
    grounds = forms.CharField(
        label=_("Grounds"),
        help_text=_("What this party objects, in its own words."),
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
        max_length=LONGEST_GROUNDS,
    )
    warning = forms.BooleanField(
        label=_("This is a warning"),
        help_text=_(
            "Protection of medical units may cease only after a warning, with a reasonable time "
            "limit, has remained unheeded (First Geneva Convention, Article 21; Fourth, Article "
            "19). The warning reaches the organisation at once."
        ),
        required=False,
    )
    limit_at = forms.CharField(
        label=_("Time limit"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local", "dir": "ltr"}),
        required=False,
        max_length=30,
    )
    zone = forms.ChoiceField(
        label=_("Time zone of the limit"),
        choices=OFFSETS,
        initial="+00:00",
        required=False,
        widget=forms.Select(attrs={"dir": "ltr"}),
    )
    made_by = forms.CharField(
        label=_("Who makes the objection"),
        help_text=_("The office or command, in your own words. The operator reads it."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
        max_length=LONGEST_ECHELON,
    )

    def clean_grounds(self) -> str:
        return one_form(self.cleaned_data["grounds"])

    def clean_made_by(self) -> str:
        return one_form(self.cleaned_data["made_by"])

    def clean(self) -> dict[str, Any]:
        """Make one moment of the limit and its zone; it lies in the time to come."""
        data = self.cleaned_data
        data["limit"] = None
        if data.get("limit_at"):
            limit = moment_of(data["limit_at"], data.get("zone") or "+00:00")
            if limit is None:
                self.add_error("limit_at", _("This is no date and time."))
            elif limit <= now():
                self.add_error("limit_at", _("A time limit lies in the time to come."))
            data["limit"] = limit
        return data


def moment_of(text: str, offset: str) -> datetime | None:
    """Return the moment of a local date and time under an offset; None where it is none."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        return None
    if local.tzinfo is not None or offset not in dict(OFFSETS):
        return None
    hours, minutes = map(int, offset[1:].split(":"))
    shift = timedelta(hours=hours, minutes=minutes) * (-1 if offset[0] == "-" else 1)
    try:
        return local.replace(tzinfo=timezone(shift)).astimezone(UTC)
    except OverflowError:
        return None

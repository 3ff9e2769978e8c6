"""A moment as people give it: a date, a time of day, and the zone that their clock shows."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# The offsets from UTC that clocks somewhere show, in minutes.
_MINUTES: Final = sorted(
    {*range(-12 * 60, 15 * 60, 60), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765}
)


def _offset(minutes: int) -> str:
    """Return an offset from UTC as RFC 3339 writes it."""
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


OFFSETS: Final = [(_offset(each), f"UTC{_offset(each)}") for each in _MINUTES]
_SHIFTS: Final = {_offset(each): timedelta(minutes=each) for each in _MINUTES}


class MomentWidget(forms.MultiWidget):
    """A date with a time of day, and a zone beside it; works without JavaScript."""

    use_fieldset = True

    def __init__(self) -> None:
        moment = {"type": "datetime-local", "dir": "ltr", "aria-label": _("Date and time")}
        zone = {"dir": "ltr", "aria-label": _("Time zone")}
        super().__init__([forms.TextInput(attrs=moment), forms.Select(zone, choices=OFFSETS)])

    def decompress(self, value: Any) -> list[str]:
        """Return what the two inputs show of a moment, in UTC."""
        if not isinstance(value, datetime):
            return ["", "+00:00"]
        return [value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M"), "+00:00"]


class HiddenMomentWidget(MomentWidget):
    """The same two values, carried from one page of a form to the next."""

    def __init__(self) -> None:
        forms.MultiWidget.__init__(self, [forms.HiddenInput(), forms.HiddenInput()])


class MomentField(forms.MultiValueField):
    """An aware moment in UTC, or None where it is not required and was left empty."""

    widget = MomentWidget
    hidden_widget = HiddenMomentWidget

    def __init__(self, **more: Any) -> None:
        fields = (
            forms.CharField(max_length=30, required=False),
            forms.ChoiceField(choices=OFFSETS, required=False),
        )
        more.setdefault("help_text", _("As the clock at the place showed it, with its zone."))
        super().__init__(fields, require_all_fields=False, **more)

    def clean(self, value: Any) -> datetime | None:
        """Return the moment; an empty date is none, whatever its zone."""
        if not value or not str(value[0] or "").strip():
            if self.required:
                raise ValidationError(_("Give the date and the time."), code="required")
            return None
        found: datetime | None = super().clean(value)
        return found

    def compress(self, data_list: Sequence[str]) -> datetime | None:
        text, offset = data_list
        try:
            local = datetime.fromisoformat(text.strip())
            if local.tzinfo is None:
                local = local.replace(tzinfo=timezone(_SHIFTS[offset or "+00:00"]))
            return local.astimezone(UTC)
        except (ValueError, OverflowError, KeyError):
            raise ValidationError(
                _("This is no date and time: write it as 2026-01-31T08:00."), code="invalid"
            ) from None

"""What this room's forms have in common."""

from typing import Any, Final
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON: Final = 2_000


def line(label: Any, longest: int = 200, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, **options)


def prose(label: Any, longest: int = LONGEST_REASON, **options: Any) -> forms.CharField:
    """Return a field of several lines, read in the direction of what is written in it."""
    widget = forms.Textarea(attrs={"dir": "auto", "rows": 4})
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)


class OnceForm(forms.Form):
    """A form whose key is made when its page is shown: sent twice, it is one act."""

    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)


class ReasonForm(forms.Form):
    """A reason, and nothing else; its field may stand on a page beside another reason."""

    reason = prose(_("Reason"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="because_%s")

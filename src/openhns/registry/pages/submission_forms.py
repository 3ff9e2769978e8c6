"""The forms by which sites and movements are submitted: plain fields that become named facts.

Whatever was typed stays in the form. Positions are texts in any notation that is read; only the
checks judge them.
"""

from abc import ABCMeta, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Final
from uuid import uuid4

from django import forms
from django.forms import BoundField
from django.forms.forms import DeclarativeFieldsMetaclass
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from openhns.gazetteer.countries import country
from openhns.mechanism.models import Mechanism
from openhns.registry.drafts import LONGEST_TEXT
from openhns.registry.models import Listing
from openhns.registry.stops import STOP
from openhns.registry.words import CATEGORIES
from openhns.ui.templatetags.ui import ltr

Text = Any  # A text, or the promise of one.
Group = tuple[Text, list[BoundField]]
MORE_ROWS: Final = 3
_MOST_ROWS: Final = 60
_ZONE: Final = "zone"


def _any_notation() -> SafeString:
    examples = {"decimal": ltr("16.27162, -0.04461"), "degrees": ltr("16°16'18\"N 0°02'41\"W")}
    words = _("In any notation: {decimal}; or {degrees}; or a grid reference (MGRS).")
    return format_html(str(words), **examples)


_ANY_NOTATION: Final = lazy(_any_notation, SafeString)()
_FUNCTIONING: Final = (
    ("", _("Not stated")),
    ("fully operational", _("Fully operational")),
    ("partially operational", _("Partially operational")),
    ("temporarily closed", _("Temporarily closed")),
    ("permanently closed", _("Permanently closed")),
    ("not yet opened", _("Not yet opened")),
    ("unknown", _("Not known")),
)
_OFFSETS: Final = tuple(
    f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    for minutes in sorted(
        {*range(-12 * 60, 15 * 60, 60), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765}
    )
)


def text_field(label: Text, *, help_text: Text = "", needed: bool = False) -> forms.CharField:
    """Return a field for words in any script."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=needed,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )


def figure_field(
    label: Text, *, help_text: Text = "", kind: str = "text", needed: bool = False
) -> forms.CharField:
    """Return a field for what is read from left to right: positions, numbers, dates."""
    attributes = {"dir": "ltr", "autocomplete": "off", "type": kind, "spellcheck": "false"}
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=needed,
        max_length=LONGEST_TEXT,
        widget=forms.TextInput(attrs=attributes),
    )


def lines_field(label: Text, *, help_text: Text = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        required=False,
        max_length=20 * LONGEST_TEXT,
        widget=forms.Textarea(attrs={"dir": "ltr", "autocomplete": "off", "rows": 4}),
    )


def zone_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Time zone of the times"),
        choices=[(offset, f"UTC{offset}") for offset in _OFFSETS],
        initial="+00:00",
        widget=forms.Select(attrs={"dir": "ltr"}),
    )


def in_zone(text: str, zone: str) -> str:
    """Return a time of day with its zone, in UTC; what is no such time as it was typed."""
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            moment = datetime.fromisoformat(f"{moment.isoformat()}{zone}")
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError):
        return text


class AbstractForm(DeclarativeFieldsMetaclass, ABCMeta):
    """The class of forms that leave something to those that derive from them."""


class SubmissionForm(forms.Form, metaclass=AbstractForm):
    """What both kinds share: a key that makes two sends one, and groups of fields."""

    kind: ClassVar[Listing.Kind]
    map_input: ClassVar[str]
    key = forms.CharField(widget=forms.HiddenInput, max_length=36)

    def __init__(self, mechanism: Mechanism, data: Any = None, **named: Any) -> None:
        initial = {"key": str(uuid4()), **named.pop("initial", {})}
        super().__init__(data, initial=initial, **named)
        self._offer_countries(mechanism.countries)
        self._keep_choices()

    def _offer_countries(self, covered: Sequence[str]) -> None:
        """Offer the mechanism's countries; one alone needs no choice."""
        if len(covered) == 1:
            del self.fields["country"]
        elif covered:
            known = [
                (iso3, found.english if (found := country(iso3)) else iso3) for iso3 in covered
            ]
            choices = [("", _("Choose a country")), *sorted(known, key=lambda pair: pair[1])]
            label = self.fields["country"].label
            self.fields["country"] = forms.ChoiceField(label=label, choices=choices, required=False)

    def _keep_choices(self) -> None:
        """Offer also what stands already: sheets have words of their own, but no zones."""
        for name, field in self.fields.items():
            if name == _ZONE:
                continue
            given = self.data.get(name) if self.is_bound else self.initial.get(name)
            if isinstance(field, forms.ChoiceField) and given and not field.valid_value(given):
                kept = str(given)[:LONGEST_TEXT]
                field.choices = [*list(field.choices), (kept, kept)]  # type: ignore[arg-type]

    def groups(self) -> Iterator[Group]:
        """Yield the fields that are shown, in groups under their headings."""
        for heading, names in self.layout():
            yield heading, [self[name] for name in names if name in self.fields]

    @abstractmethod
    def layout(self) -> Sequence[tuple[Text, Sequence[str]]]:
        """Return the names of the fields under each heading."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """Return what was typed as the facts of a submission; empty ones are ""."""

    def plain(self, names: Sequence[str]) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


_SITE_TEXTS: Final = (
    "name", "name_local", "aliases", "type", "category", "function", "operator", "identifier",
    "functioning_status", "accuracy", "position_method", "entrance", "country", "admin1",
    "admin2", "pcode", "place", "contact", "phone", "valid_from", "valid_until", "urgent",
)  # fmt: skip


class SiteForm(SubmissionForm):
    """One site."""

    kind = Listing.Kind.SITE
    map_input = "id_position"

    name = text_field(_("Name"), needed=True)
    name_local = text_field(_("Name in local script"))
    aliases = text_field(_("Other names"), help_text=_("Several are parted by semicolons."))
    type = text_field(_("What it is"), help_text=_("Such as hospital, school, warehouse, office."))
    category = forms.ChoiceField(
        label=_("Category"),
        help_text=_("At the vicinity grade a party is told this and no more of what it is."),
        choices=[("", _("Found from the words above")), *CATEGORIES.items()],
        required=False,
    )
    function = text_field(_("Function"), help_text=_("What happens there for people."))
    operator = text_field(_("Run by"))
    identifier = text_field(
        _("Your own identifier"),
        help_text=_("If it was registered under this identifier before, this amends it."),
    )
    functioning_status = forms.ChoiceField(
        label=_("Functioning"), choices=_FUNCTIONING, required=False
    )

    position = figure_field(_("Position"), help_text=_ANY_NOTATION)
    latitude = figure_field(_("or latitude"))
    longitude = figure_field(_("and longitude"))
    accuracy = figure_field(
        _("Accuracy in metres"), help_text=_("How far the device may have erred.")
    )
    position_method = text_field(
        _("How the position was found"),
        help_text=_("Such as measured at the gate with a phone; taken from a satellite picture."),
    )
    entrance = figure_field(_("Entrance"), help_text=_("Its position, in any notation."))
    footprint = lines_field(
        _("Footprint"),
        help_text=_("The corners of the grounds, one position a line, in their order."),
    )

    country = text_field(_("Country"))
    admin1 = text_field(_("Province"))
    admin2 = text_field(_("District"))
    pcode = figure_field(_("P-code"))
    place = text_field(_("Town, village or address"))

    contact = text_field(_("Contact day and night"), help_text=_("Never told to any party."))
    phone = figure_field(_("Telephone"), kind="tel")

    valid_from = figure_field(_("Valid from"), help_text=_("Empty: from now on."), kind="date")
    valid_until = figure_field(_("Valid until"), help_text=_("Empty: without an end."), kind="date")
    urgent = forms.BooleanField(
        label=_("Urgent: people are in danger unless parties are told at once"), required=False
    )

    def __init__(self, mechanism: Mechanism, data: Any = None, **named: Any) -> None:
        super().__init__(mechanism, data, **named)
        for name in ("position", "latitude", "longitude"):
            self.fields[name].one_of_several = True  # type: ignore[attr-defined]

    def layout(self) -> Sequence[tuple[Text, Sequence[str]]]:
        return (
            (_("Where it is"), ("position", "latitude", "longitude", "accuracy",
                                "position_method")),
            (_("What it is"), ("name", "name_local", "type", "category", "function", "operator",
                               "functioning_status")),
            (_("Where that lies"), ("country", "admin1", "admin2", "place", "pcode")),
            (_("Whom to reach"), ("contact", "phone")),
            (_("More"), ("aliases", "identifier", "entrance", "footprint", "valid_from",
                         "valid_until", "urgent")),
        )  # fmt: skip

    def clean(self) -> None:
        typed = self.plain(("position", "latitude", "longitude"))
        if typed.get("position") and (typed.get("latitude") or typed.get("longitude")):
            self.add_error("position", _("Give the position once: in one field, or in two."))

    def facts(self) -> dict[str, Any]:
        found = self.plain(_SITE_TEXTS)
        corners = self.cleaned_data["footprint"].splitlines()
        found["footprint"] = [corner.strip() for corner in corners if corner.strip()]
        return found | _one_of(self.plain(("position", "latitude", "longitude")))


def _one_of(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the position as it was given: in one field or in two, or nothing."""
    if typed.get("position"):
        return {"position": typed["position"]}
    pair = {name: typed[name] for name in ("latitude", "longitude") if typed.get(name)}
    return {"latitude": "", "longitude": "", **pair} if pair else {}


_MOVEMENT_TEXTS: Final = (
    "reference", "type", "purpose", "route", "vehicles", "plates", "persons", "country", "origin",
    "destination", "origin_position", "destination_position", "contact", "phone", "urgent",
)  # fmt: skip


class MovementForm(SubmissionForm):
    """One movement: where from, the stops in rows, where to, each with its time."""

    kind = Listing.Kind.MOVEMENT
    map_input = "id_origin_position"

    rows = forms.IntegerField(
        widget=forms.HiddenInput, initial=MORE_ROWS, min_value=0, max_value=_MOST_ROWS
    )
    reference = text_field(_("Name or reference"), needed=True)
    type = text_field(
        _("Type of movement"), help_text=_("Such as staff, food, other aid, people who move.")
    )
    purpose = text_field(_("Purpose"))
    persons = figure_field(_("Number of persons"))
    vehicles = text_field(_("Vehicles"), help_text=_("Several are parted by semicolons."))
    plates = text_field(_("Number plates"), help_text=_("Several are parted by semicolons."))
    zone = zone_field()
    origin = text_field(_("From"))
    origin_position = figure_field(
        _("Position of the origin"), help_text=_ANY_NOTATION, needed=True
    )
    departure = figure_field(_("Departure"), kind="datetime-local", needed=True)
    destination = text_field(_("To"))
    destination_position = figure_field(
        _("Position of the destination"), help_text=_ANY_NOTATION, needed=True
    )
    arrival = figure_field(_("Arrival"), kind="datetime-local", needed=True)
    route = text_field(_("Route in words"))
    country = text_field(_("Country"))
    contact = text_field(_("Contact on the way"), help_text=_("Never told to any party."))
    phone = figure_field(_("Telephone"), kind="tel")
    urgent = forms.BooleanField(
        label=_("Urgent: the shorter lead time of emergencies"), required=False
    )

    def __init__(self, mechanism: Mechanism, data: Any = None, **named: Any) -> None:
        super().__init__(mechanism, data, **named)
        for number in range(1, self.row_count + 1):
            shown = {"number": number}
            self.fields[f"{STOP}{number}_name"] = text_field(_("Stop %(number)d: name") % shown)
            self.fields[f"{STOP}{number}_position"] = figure_field(
                _("Stop %(number)d: position") % shown
            )
            self.fields[f"{STOP}{number}_at"] = figure_field(
                _("Stop %(number)d: time") % shown, kind="datetime-local"
            )

    @property
    def row_count(self) -> int:
        given = self.data.get("rows") if self.is_bound else self.initial.get("rows", MORE_ROWS)
        try:
            return min(max(0, int(given or 0)), _MOST_ROWS)
        except ValueError:
            return MORE_ROWS

    def stop_rows(self) -> list[list[BoundField]]:
        return [[self[name] for name in _row(number)] for number in range(1, self.row_count + 1)]

    def layout(self) -> Sequence[tuple[Text, Sequence[str]]]:
        return (
            (_("What moves"), ("reference", "type", "purpose", "persons", "vehicles", "plates")),
            (_("From"), ("origin", "origin_position", "departure", "zone")),
            (_("Stops on the way"), ()),
            (_("To"), ("destination", "destination_position", "arrival")),
            (_("More"), ("route", "country", "contact", "phone", "urgent")),
        )

    def facts(self) -> dict[str, Any]:
        found, zone = self.plain(_MOVEMENT_TEXTS), self.cleaned_data["zone"]
        found |= {name: in_zone(self.cleaned_data[name], zone) for name in ("departure", "arrival")}
        return found | {"stops": self._stops(zone)}

    def _stops(self, zone: str) -> list[list[str]]:
        rows = [
            [self.cleaned_data[name] for name in _row(number)]
            for number in range(1, self.row_count + 1)
        ]
        return [[place, in_zone(at, zone), name] for name, place, at in rows if name or place or at]


def _row(number: int) -> tuple[str, str, str]:
    return f"{STOP}{number}_name", f"{STOP}{number}_position", f"{STOP}{number}_at"


FORMS: Final[Mapping[Listing.Kind, type[SubmissionForm]]] = {
    Listing.Kind.SITE: SiteForm,
    Listing.Kind.MOVEMENT: MovementForm,
}


class RemovalForm(forms.Form):
    """Why something is removed."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=36)
    reason = forms.CharField(
        label=_("Why is it removed?"),
        help_text=_("Such as closed, moved, entered by mistake. The operator reads it."),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"dir": "auto"}),
    )
    urgent = forms.BooleanField(label=_("Urgent: the entry endangers people"), required=False)

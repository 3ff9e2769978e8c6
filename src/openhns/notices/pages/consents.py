"""Which party may be told what of one site or movement, drawn exactly as each would be told it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from openhns.mechanism.models import Role
from openhns.mechanism.visits import Visit, page
from openhns.notices.grades import Validity, told_validity, told_verification
from openhns.notices.hiding import share_of_single_cells
from openhns.notices.shown import told_facts, told_features, would_tell
from openhns.notices.words import VERIFICATIONS
from openhns.parties.access import participations_now, parties_of
from openhns.parties.models import Participation, Party
from openhns.parties.words import PARTICIPATION, PARTICIPATION_TONES
from openhns.registry.access import read_contents
from openhns.registry.actions import do_set_consents
from openhns.registry.actions.known import standing_version
from openhns.registry.models import Consent, Listing, Version
from openhns.registry.models.consent import Grade
from openhns.registry.own import access_own_listing
from openhns.registry.register import is_large
from openhns.registry.shown import Fact
from openhns.registry.words import FIELDS, label
from openhns.ui.maps import Map
from openhns.ui.refusals import refusals_in

Text = str | Promise
NOTHING: Final = ""
_TITLES: Final[Mapping[str, Text]] = {
    Grade.EXACT: _("Exact place"),
    Grade.VICINITY: _("Vicinity"),
    Grade.PRESENCE: _("Part of a count"),
}
_WORDS: Final[Mapping[str, Text]] = {
    Grade.EXACT: _(
        "The party is told the exact position, the name, what it is and who runs it. It "
        "can keep this very place from harm, and can find it as easily."
    ),
    Grade.VICINITY: _(
        "The party is told one fixed area and the kind of place, and no name. The area is the "
        "same for every place in it. Whoever knows a public list of such places may guess which "
        "one is meant."
    ),
    Grade.PRESENCE: _(
        "The party is told only how many such places lie in the district, as a band such as 1-4 "
        "or 5-19. No notice names the place, so nobody can later show that the party was told of "
        "it."
    ),
}
_CHOICES: Final = (
    (Grade.EXACT.value, _TITLES[Grade.EXACT]),
    (Grade.VICINITY.value, _TITLES[Grade.VICINITY]),
    (Grade.PRESENCE.value, _TITLES[Grade.PRESENCE]),
    (NOTHING, _("Nothing")),
)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a party would see at one grade; `map` is None where no place is told."""

    grade: str
    title: Text
    words: Text
    facts: Sequence[Fact]
    map: Map | None


@dataclass(frozen=True, slots=True)
class Row:
    """One party: how it takes part, what it may be told now, and the choice, if it is offered."""

    party: Party
    participation: Text
    tone: str
    consent: Consent | None
    field: forms.BoundField | None


class ConsentForm(forms.Form):
    """A choice for each party that takes part."""

    document = forms.CharField(
        label=_("The paper that this rests on"),
        help_text=_("Such as the date of a letter or of a decision; kept with the consent."),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )

    def __init__(
        self, parties: Sequence[Party], held: Mapping[UUID, Consent], *args: Any, **named: Any
    ) -> None:
        super().__init__(*args, **named)
        self.parties = {name_of_choice(party): party for party in parties}
        for name, party in self.parties.items():
            consent = held.get(party.id)
            resting = consent is None or consent.suspended_at is not None
            self.fields[name] = forms.ChoiceField(
                label=party.name,
                choices=_CHOICES,
                required=False,
                initial=NOTHING if consent is None or resting else consent.grade,
                widget=forms.RadioSelect,
            )

    def wanted(self) -> dict[Party, Grade | None]:
        chosen = {party: self.cleaned_data[name] for name, party in self.parties.items()}
        return {party: Grade(grade) if grade else None for party, grade in chosen.items()}


def name_of_choice(party: Party) -> str:
    return f"grade-{party.id}"


@page(Role.Name.REPORTER)
def consents(visit: Visit, organisation: UUID, kind: Listing.Kind, listing: UUID) -> HttpResponse:
    """Show what each grade tells of this place, and take what each party may be told."""
    own = visit.organisation(organisation, Role.Name.REPORTER)
    found = access_own_listing(visit.person, own, kind, listing)
    parties = parties_of(visit.mechanism)
    now = participations_now(visit.mechanism)
    offered = [
        party for party in parties if now.get(party.id) == Participation.Status.PARTICIPATING
    ]
    held = {item.party_id: item for item in found.consents.filter(revoked_at=None)}
    form = ConsentForm(offered, held, visit.request.POST or None)
    if visit.request.method == "POST" and form.is_valid():
        with refusals_in(form):
            _set(visit, found, form)
            return redirect("notices-consents", visit.mechanism.slug, own.id, kind, found.id)
    shown = {
        "organisation": own,
        "listing": found,
        "form": form,
        "rows": [_row(party, now.get(party.id, ""), held, form) for party in parties],
        "share": share_of_single_cells(visit.mechanism, large=is_large(visit.mechanism.id)),
        **_previews(visit, found),
    }
    return render(visit.request, "notices/consents.html", shown)


def _set(visit: Visit, listing: Listing, form: ConsentForm) -> None:
    new, taken = do_set_consents(
        listing, form.wanted(), form.cleaned_data["document"], acting_user=visit.person
    )
    if taken:
        words = _(
            "Taken back. With the next transmission the party is told to remove the entry; what "
            "it was told before stays known to it."
        )
        messages.success(visit.request, words)
    if new:
        messages.success(visit.request, _("Recorded. It holds for what is told from now on."))
    if not new and not taken:
        messages.info(visit.request, _("Nothing was changed."))


def _row(party: Party, participation: str, held: Mapping[UUID, Consent], form: ConsentForm) -> Row:
    name = name_of_choice(party)
    return Row(
        party,
        label(PARTICIPATION, participation) if participation else _("Does not take part yet"),
        PARTICIPATION_TONES.get(participation, ""),
        held.get(party.id),
        form[name] if name in form.fields else None,
    )


def _previews(visit: Visit, listing: Listing) -> dict[str, Any]:
    """Return what each grade tells of the version that stands; reading it is journalled."""
    version = standing_version(listing)
    if version is None:
        return {"name": "", "previews": []}
    content = read_contents(visit.person, visit.mechanism, [version], "consent")[version.id]
    name = str(content.get("name", ""))
    previews = [_preview(visit, listing, version, content, grade) for grade in Grade]
    return {"name": name, "version": version, "previews": previews}


def _preview(
    visit: Visit, listing: Listing, version: Version, content: Mapping[str, Any], grade: Grade
) -> Preview:
    told = would_tell(content, listing.kind, grade)
    features = told_features(told, str(_TITLES[grade]))
    drawn = Map(f"as-{grade}", _TITLES[grade], features, countries=visit.mechanism.countries)
    return Preview(
        grade,
        _TITLES[grade],
        _WORDS[grade],
        [*told_facts(told), *_beside(listing, version, content, grade)],
        drawn if features else None,
    )


def _beside(
    listing: Listing, version: Version, content: Mapping[str, Any], grade: Grade
) -> list[Fact]:
    """Return what a notice tells beside the place: its validity, and who verified it."""
    if grade == Grade.PRESENCE:
        return []
    # An alert of a vicinity begins on the day on which it is made, at the earliest.
    earliest = timezone.now() if grade == Grade.VICINITY else version.valid_from
    validity = Validity(max(version.valid_from, earliest), version.valid_until)
    told = told_validity(validity, listing.kind, grade)
    moments = {"valid_from": told.start, "valid_until": told.end}
    dates = [
        Fact(name, label(FIELDS, name), (moment,), "moment")
        for name, moment in moments.items()
        if moment is not None
    ]
    verified = label(VERIFICATIONS, told_verification(content, grade)["status"])
    return [*dates, Fact("verification", _("Verified"), (verified,))]

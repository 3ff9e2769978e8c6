"""The replay: each step of the story as the act of one person, by the actions of everybody else."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from openhns.demo.clock import clock_at
from openhns.demo.story import Claimed, Facility, Step, Story, Strike
from openhns.incidents.actions import Own, Report, Reported, do_certify, do_report
from openhns.incidents.publishing import do_consent_to_publish
from openhns.jobs.actions import drain
from openhns.mechanism.actions import (
    do_add_person,
    do_apply,
    do_decide_on_organisation,
    do_grant_role,
    do_set_up,
    do_write_note,
)
from openhns.mechanism.models import Mechanism, Organisation, Person, Role
from openhns.mechanism.people import local_administrator
from openhns.notices.actions import (
    do_answer_objection,
    do_log_call,
    do_object,
    do_record_letter,
    do_transmit,
    do_withdraw,
)
from openhns.notices.models import Notice, Objection
from openhns.parties.actions import do_add_party
from openhns.parties.models import Party
from openhns.record.actions import do_tick
from openhns.registry.actions import do_amend, do_decide, do_sign, do_submit
from openhns.registry.models import Decision, Listing, Version

_ILLUSTRATIVE: Final = "Illustrative"
_ADMINISTRATOR: Final = "administrator"


class Replay:
    """Walks the story from its first step to its last, with the clock at each step's time."""

    def __init__(self, story: Story) -> None:
        self._story = story
        self._root = local_administrator()
        self.mechanism: Mechanism
        self.people: dict[str, Person] = {}
        self._organisations: dict[str, Organisation] = {}
        self._parties: dict[str, Party] = {}
        self._listings: dict[str, Listing] = {}
        self._reported: dict[str, Reported] = {}
        self._acts: Mapping[str, Callable[[Step], None]] = {
            "set-up": self._set_up,
            "vet": self._vet,
            "submit": self._submit,
            "amend": self._amend,
            "clear": self._clear,
            "return": self._return,
            "transmit": self._transmit,
            "letter": self._letter,
            "call": self._call,
            "object": self._object,
            "answer-objection": self._answer,
            "report": self._report,
            "claims": self._claims,
            "certify": self._certify,
            "publish-incidents": self._publish,
            "withdraw": self._withdraw,
            "note": self._note,
            "remember": self._remember,
        }

    def steps(self) -> Iterator[Step]:
        """Do one step after the other; whatever an action refuses is raised."""
        for step in self._story.steps:
            with clock_at(step.at):
                self._acts[step.do](step)
                drain()
                do_tick(self.mechanism.id)
            yield step

    def _set_up(self, _step: Step) -> None:
        story, root = self._story, self._root
        self.mechanism = do_set_up(
            story.slug, story.countries, story.languages, story.policy, acting_user=root
        )
        for party in story.parties:
            self._parties[party.name] = do_add_party(
                self.mechanism, party.name, party.since, acting_user=root
            )
        for key, each in story.organisations.items():
            contact = {"words": each.words}
            self._organisations[key] = do_apply(
                each.name, contact, mechanism=self.mechanism, acting_user=root
            )
        self._enter_people()

    def _enter_people(self) -> None:
        """Enter everybody; the administrators last, for they then make each other's roles."""
        for key, each in self._story.people.items():
            self.people[key] = do_add_person(
                each.name, mechanism=self.mechanism, acting_user=self._root
            )
        given = [each for each in self._story.people.values() if each.role]
        first: Person | None = None
        for each in sorted(given, key=lambda each: each.role == _ADMINISTRATOR):
            party = self._parties.get(each.party)
            do_grant_role(
                self.people[each.key],
                self.mechanism,
                Role.Name(each.role),
                self._organisations.get(each.organisation),
                party.id if party else None,
                acting_user=self._root,
                seconded_by=first,
            )
            if each.role == _ADMINISTRATOR:
                first = first or self.people[each.key]

    def _vet(self, step: Step) -> None:
        organisation = self._organisations[step.rest["organisation"]]
        for who in step.rest["by"]:
            do_decide_on_organisation(
                organisation,
                favourable=True,
                reason=f"{_ILLUSTRATIVE}: known to the operator.",
                acting_user=self.people[who],
            )

    def _submit(self, step: Step) -> None:
        for key in step.rest["facilities"]:
            self._submit_one(self._story.facilities[key], step)

    def _submit_one(self, facility: Facility, step: Step) -> None:
        consents = dict.fromkeys(self._parties.values(), step.rest["consent"])
        submitted = do_submit(
            _facts(facility),
            consents,
            organisation=self._organisations[facility.organisation],
            acting_user=self.people[step.rest["by"]],
        )
        self._listings[facility.key] = submitted.version.listing
        do_sign(submitted.version, acting_user=self.people[step.rest["signed_by"]])

    def _amend(self, step: Step) -> None:
        amended = do_amend(
            self._listings[step.rest["facility"]],
            step.rest["changes"],
            acting_user=self.people[step.rest["by"]],
        )
        do_sign(amended.version, acting_user=self.people[step.rest["signed_by"]])

    def _newest(self, key: str) -> Version:
        return self._listings[key].versions.latest("number")

    def _clear(self, step: Step) -> None:
        for key in step.rest["facilities"]:
            for who in step.rest["by"]:
                reason = (
                    f"{_ILLUSTRATIVE}: the position is the centre of the town, as the public "
                    "record gives it; relayed with its precision."
                )
                do_decide(
                    self._newest(key), Decision.Word.CLEAR, reason, acting_user=self.people[who]
                )

    def _return(self, step: Step) -> None:
        version = self._newest(step.rest["facility"])
        by = self.people[step.rest["by"]]
        do_decide(version, Decision.Word.RETURN, step.rest["words"], acting_user=by)

    def _transmit(self, step: Step) -> None:
        do_transmit(self.mechanism, acting_user=self.people[step.rest["by"]])

    def _notices(self, party: Party, named: Any) -> list[UUID] | None:
        if named == "all":
            return None
        wanted = [self._listings[key] for key in named]
        found = Notice.objects.filter(party=party, listing__in=wanted)
        return list(found.values_list("id", flat=True))

    def _letter(self, step: Step) -> None:
        party = self._parties[step.rest["party"]]
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder, "letter.txt")
            file.write_text(f"{step.rest['words']}\n", encoding="utf-8")
            do_record_letter(
                party,
                self._notices(party, step.rest["notices"]),
                file,
                acting_user=self.people[step.rest["by"]],
            )

    def _call(self, step: Step) -> None:
        party = self._parties[step.rest["party"]]
        do_log_call(
            party,
            self._notices(party, step.rest["notices"]),
            step.rest["words"],
            f"Liaison officer ({party.name}), {_ILLUSTRATIVE.lower()}",
            answer=step.rest["answer"],
            acting_user=self.people[step.rest["by"]],
        )

    def _object(self, step: Step) -> None:
        party = self._parties[step.rest["party"]]
        listing = self._listings[step.rest["facility"]]
        do_object(
            Notice.objects.filter(party=party, listing=listing).latest("number"),
            step.rest["words"],
            warning=step.rest["warning"],
            time_limit=step.at + timedelta(days=step.rest["days"]),
            acting_user=self.people[step.rest["by"]],
        )

    def _answer(self, step: Step) -> None:
        listing = self._listings[step.rest["facility"]]
        objection = Objection.objects.filter(notice__listing=listing).latest("recorded_at")
        by = self.people[step.rest["by"]]
        do_answer_objection(objection, step.rest["words"], acting_user=by)

    def _report(self, step: Step) -> None:
        strike = self._story.strikes[step.rest["incident"]]
        self._report_own(strike)
        for claim in strike.claims:
            if self._published(claim.source, step.at):
                self._claim(strike, claim, self.people[step.rest["by"]])

    def _report_own(self, strike: Strike) -> None:
        """Report as the organisation, about its own site where it was registered by then."""
        organisation = self._story.facilities[strike.facility].organisation
        own = Own(self._organisations[organisation], self._listings.get(strike.facility))
        report = self._as_report(strike, self._illustrative_report(strike))
        reported = do_report(
            report,
            mechanism=self.mechanism,
            acting_user=self._somebody(organisation, Role.Name.REPORTER),
            own=own,
        )
        self._reported[strike.key] = reported

    def _somebody(self, organisation: str, role: Role.Name) -> Person:
        people = self._story.people.values()
        found = (p.key for p in people if (p.organisation, p.role) == (organisation, role))
        return self.people[next(found)]

    def _illustrative_report(self, strike: Strike) -> Claimed:
        """Return what the organisation would have reported; the record does not hold it."""
        bounds = [(each.from_, each.until) for each in strike.claims]
        return Claimed(
            source=f"the organisation that runs the site ({_ILLUSTRATIVE.lower()})",
            from_=min(start for start, _ in bounds),
            until=min(max(end for _, end in bounds), strike.reported_at),
            words=f"{_ILLUSTRATIVE}: our site was struck. We ask what had been sent to whom.",
        )

    def _published(self, source: str, moment: datetime) -> bool:
        return self._story.sources[source].published <= moment.date()

    def _claim(self, strike: Strike, claim: Claimed, by: Person) -> None:
        known = self._reported.get(strike.key)
        reported = do_report(
            self._as_report(strike, claim),
            mechanism=self.mechanism,
            acting_user=by,
            incident=known.incident if known else None,
        )
        self._reported[strike.key] = reported

    def _as_report(self, strike: Strike, claim: Claimed) -> Report:
        facility = self._story.facilities[strike.facility]
        source = self._story.sources.get(claim.source)
        title = claim.source if source is None else source.title
        symbol = f" ({source.symbol})" if source and source.symbol else ""
        open_place = claim.position == "none"
        place = facility.position
        return Report(
            words=" ".join(_sentences(claim)),
            source=f"{title}{symbol}",
            start=claim.from_,
            end=claim.until,
            position=None if open_place else f"{place.lat}, {place.lon}",
            precision_m=None if open_place else place.precision_m,
            country="SYR",
            facts={"perpetrator": claim.reported_perpetrator},
        )

    def _claims(self, step: Step) -> None:
        """Enter what a source says that has now been published, where it is not entered yet."""
        for strike in self._story.strikes.values():
            late = strike.key in self._reported
            for claim in strike.claims if late else ():
                if claim.source == step.source:
                    self._claim(strike, claim, self.people[step.rest["by"]])

    def _certify(self, step: Step) -> None:
        do_certify(
            self._reported[step.rest["incident"]].incident,
            organisation=self._organisations[step.rest["for"]],
            acting_user=self.people[step.rest["by"]],
        )

    def _publish(self, step: Step) -> None:
        for strike in self._story.strikes.values():
            if strike.facility in step.rest["facilities"]:
                self._publish_one(strike)

    def _publish_one(self, strike: Strike) -> None:
        organisation = self._story.facilities[strike.facility].organisation
        do_consent_to_publish(
            self._reported[strike.key].incident,
            organisation=self._organisations[organisation],
            acting_user=self._somebody(organisation, Role.Name.APPROVER),
        )

    def _withdraw(self, step: Step) -> None:
        party = self._parties[step.rest["party"]]
        do_withdraw(party, step.at, step.rest["words"], acting_user=self.people[step.rest["by"]])

    def _note(self, step: Step) -> None:
        by = self.people[step.rest["by"]]
        do_write_note({"en": step.rest["words"]}, mechanism=self.mechanism, acting_user=by)

    def _remember(self, step: Step) -> None:
        """Do nothing: what happened outside the mechanism stands in no record of it."""


def _facts(facility: Facility) -> dict[str, Any]:
    place = facility.position
    return {
        "name": facility.name,
        "name_local": facility.name_local,
        "aliases": list(facility.aliases),
        "type": facility.type,
        "latitude": place.lat,
        "longitude": place.lon,
        "accuracy": str(place.precision_m),
        "position_method": place.source,
        "country": "SYR",
    }


def _sentences(claim: Claimed) -> Iterator[str]:
    yield claim.words
    if claim.place_words:
        yield claim.place_words
    if claim.standard_of_proof:
        yield f"Standard of proof named by the source: {claim.standard_of_proof}."

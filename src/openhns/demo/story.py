"""The demonstration's files, read into values; a word that nothing reads is an error."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

FOLDER: Final = Path(__file__).parent / "northwest_syria"
KNOWN: Final = ("record", "illustrative")

Value = TypeVar("Value")


class StoryWrong(Exception):
    """A file of the demonstration says what nothing reads, or states a fact without its source."""

    code = "story_wrong"


@dataclass(frozen=True, slots=True)
class Source:
    """A document, report or press article; `symbol` and `address` where it has them."""

    title: str
    published: date
    symbol: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """A name with what is known of it, and from where."""

    name: str
    known: str
    source: str = ""
    since: datetime | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """An invented organisation."""

    name: str
    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Somebody:
    """An invented person and their role; the outsider has none."""

    key: str
    name: str
    role: str = ""
    organisation: str = ""
    party: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The centre of a town, as text, with its precision in metres and where it is from."""

    lat: str
    lon: str
    precision_m: int
    source: str


@dataclass(frozen=True, slots=True)
class Facility:
    """A facility of the public record, at the centre of its town.

    `on_list` holds what the record states of it, `words` with their `source`; `illustrative` what
    the demonstration does with it.
    """

    key: str
    name: str
    name_local: str
    type: str
    town: str
    position: Place
    organisation: str
    on_list: Mapping[str, str]
    illustrative: str
    aliases: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one source says of a strike. `position` "none" leaves the place open."""

    source: str
    from_: datetime
    until: datetime
    words: str
    reported_perpetrator: str = ""
    standard_of_proof: str = ""
    place_words: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Strike:
    """A strike on a facility, when it was reported, and the claims that compete."""

    key: str
    facility: str
    reported_at: datetime
    claims: Sequence[Claimed]


@dataclass(frozen=True, slots=True)
class Step:
    """One act of the replay: what, when, by whom; the other words belong to the act."""

    at: datetime
    do: str
    known: str
    source: str
    rest: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TourStep:
    """One step of the tour: as whom, which page, and title and words by language."""

    who: str
    open: str
    text: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that the demonstration replays."""

    slug: str
    countries: Sequence[str]
    languages: Sequence[str]
    policy: str
    parties: Sequence[Stated]
    never_told: Sequence[Stated]
    organisations: Mapping[str, Organisation]
    people: Mapping[str, Somebody]
    facilities: Mapping[str, Facility]
    strikes: Mapping[str, Strike]
    sources: Mapping[str, Source]
    steps: Sequence[Step]


@cache
def read_story(folder: Path = FOLDER) -> Story:
    """Read the files. Raise StoryWrong."""
    mechanism = _read(folder, "mechanism")
    people = _read(folder, "people")
    story = Story(
        slug=mechanism["slug"],
        countries=mechanism["countries"],
        languages=mechanism["languages"],
        policy=mechanism["policy"],
        parties=[_stated(each) for each in mechanism["parties"]],
        never_told=[_stated(each) for each in mechanism["never_told"]],
        organisations=_by_key(Organisation, people["organisations"]),
        people=_by_key(Somebody, people["people"]),
        facilities={each["key"]: _facility(each) for each in _read(folder, "facilities")},
        strikes={each["key"]: _strike(each) for each in _read(folder, "incidents")},
        sources={k: _value(Source, each) for k, each in _read(folder, "sources").items()},
        steps=[_step(each) for each in _read(folder, "timeline")],
    )
    _require_sources(story)
    return story


@cache
def read_tour(folder: Path = FOLDER) -> tuple[TourStep, ...]:
    """Read the tour. Raise StoryWrong."""
    return tuple(_tour_step(each) for each in _read(folder, "tour"))


def _require_sources(story: Story) -> None:
    """Raise StoryWrong for a fact of the record that names no source of `sources.yaml`."""
    for fact, source in _of_the_record(story):
        if source not in story.sources:
            named = f"{source!r}, which sources.yaml lacks" if source else "no source"
            raise StoryWrong(f"{fact} is of the public record and names {named}.")


def _of_the_record(story: Story) -> Iterator[tuple[str, str]]:
    """Yield each fact that is of the record, and the source that it names, or ""."""
    for stated in (*story.parties, *story.never_told):
        if stated.known == KNOWN[0]:
            yield stated.name, stated.source
    for place in story.facilities.values():
        yield f"What is said of {place.key} and the list", place.on_list.get("source", "")
    for strike in story.strikes.values():
        for claim in strike.claims:
            yield f"A claim of {strike.key}", claim.source
    for step in story.steps:
        if step.known == KNOWN[0] or step.source:
            yield f"The step {step.do} of {step.at:%Y-%m-%d}", step.source


def _tour_step(given: Mapping[str, Any]) -> TourStep:
    text = {name: value for name, value in given.items() if name not in {"who", "open"}}
    return TourStep(given["who"], given["open"], text)


def _read(folder: Path, name: str) -> Any:
    return yaml.safe_load((folder / f"{name}.yaml").read_text(encoding="utf-8"))


def _value(kind: type[Value], given: Mapping[str, Any]) -> Value:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type] # All are dataclasses.
    unknown = set(given) - names
    if unknown:
        raise StoryWrong(f"{kind.__name__} has no {', '.join(sorted(unknown))}.")
    return kind(**given)


def _by_key(kind: type[Value], given: Sequence[Mapping[str, Any]]) -> dict[str, Value]:
    return {each["key"]: _value(kind, each) for each in given}


def _facility(given: Mapping[str, Any]) -> Facility:
    return _value(Facility, {**given, "position": _value(Place, given["position"])})


def _strike(given: Mapping[str, Any]) -> Strike:
    claims = [_claim(each) for each in given["claims"]]
    return _value(Strike, {**given, "claims": claims})


def _claim(given: Mapping[str, Any]) -> Claimed:
    renamed = {("from_" if name == "from" else name): value for name, value in given.items()}
    return _value(Claimed, renamed)


def _stated(given: Mapping[str, Any]) -> Stated:
    stated = _value(Stated, given)
    _require_known(stated.name, stated.known)
    return stated


def _step(given: Mapping[str, Any]) -> Step:
    rest = dict(given)
    taken = {name: rest.pop(name, "") for name in ("at", "do", "known", "source")}
    _require_known(f"The step {taken['do']}", taken["known"])
    return Step(**taken, rest=rest)


def _require_known(what: str, known: object) -> None:
    if known not in KNOWN:
        raise StoryWrong(f"{what} has to say `known: record` or `known: illustrative`.")

"""`openhns clear`: clear for relay what was submitted, or list what waits and why."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from openhns.cli.common import acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.mechanism.models import Mechanism, Person
from openhns.registry.access import access_version, findings_shown_to, read_contents
from openhns.registry.actions.deciding import Cleared, do_clear_passing, do_decide, waiting_versions
from openhns.registry.checks.finding import Finding, worth_telling
from openhns.registry.models import Decision, Version
from openhns.registry.reviewing import cleared_unchecked, waiting_unchecked


class NothingToClear(Exception):
    """The command was told neither which versions nor to clear what passes."""

    code = "nothing_to_clear"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Clear for relay. --passing clears every version that no check holds; versions with a "
        "warning are cleared one by one, with a reason. The policy on two persons is obeyed."
    )
    parser.add_argument("versions", nargs="*", metavar="VERSION", help="or a listing's identifier")
    parser.add_argument("--passing", action="store_true", help="all that no check holds")
    parser.add_argument("--list", action="store_true", help="list what waits, and why")
    parser.add_argument("--reason", default="", help="why a version is cleared despite a warning")


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    if sum((bool(args.versions), args.passing, args.list)) != 1:
        raise NothingToClear("Name versions, or say --passing, or --list to see what waits.")
    if args.list:
        return _list(args, mechanism, person)
    unchecked = waiting_unchecked(mechanism) if args.passing else []
    done = _passing(mechanism, person) if args.passing else _each(args, mechanism, person)
    not_checked = cleared_unchecked(unchecked)
    settle(mechanism)
    data = {
        "cleared": done.cleared,
        "held": dict(done.held),
        "waiting_for_second_person": done.waiting_for_second_person,
        "not_checked": not_checked,
    }
    emit(args, data, _lines(done, not_checked))
    return 0


def _passing(mechanism: Mechanism, person: Person) -> Cleared:
    return do_clear_passing(mechanism, acting_user=person)


def _each(args: argparse.Namespace, mechanism: Mechanism, person: Person) -> Cleared:
    versions = [access_version(person, mechanism, wanted) for wanted in args.versions]
    done = [
        do_decide(version, Decision.Word.CLEAR, args.reason, acting_user=person)
        for version in versions
    ]
    settled = sum(item.settled for item in done)
    return Cleared(settled, {}, len(done) - settled)


def _lines(done: Cleared, not_checked: Mapping[str, int]) -> Iterator[str]:
    yield f"{done.cleared} cleared for relay."
    for name, count in not_checked.items():
        yield f"  not checked: {count} of them by {name}"
    for reason, count in done.held.items():
        yield f"  held: {count} by {reason}"
    if done.held:
        yield "`openhns clear --list` names them; `openhns clear VERSION --reason TEXT` clears one."
    if done.waiting_for_second_person:
        count = done.waiting_for_second_person
        yield f"{count} wait for a second person: `openhns clear --passing --as USER`."


def _list(args: argparse.Namespace, mechanism: Mechanism, person: Person) -> int:
    versions = waiting_versions(mechanism, acting_user=person)
    contents = read_contents(person, mechanism, versions, "review of what waits for clearance")
    findings = findings_shown_to(person, mechanism, versions)
    facts = [_facts(version, contents, findings) for version in versions]
    emit(args, {"waiting": facts}, _list_lines(facts))
    return 0


def _facts(
    version: Version, contents: Mapping[Any, Any], findings: Mapping[Any, Any]
) -> dict[str, Any]:
    told = worth_telling(findings[version.id])
    return {
        "version": version.id,
        "listing": version.listing_id,
        "action": str(version.action),
        "urgent": version.urgent,
        "name": contents[version.id].get("name", ""),
        "submitted_at": version.submitted_at,
        "cleared_by": sum(d.word == Decision.Word.CLEAR for d in version.decisions.all()),
        "findings": [item.to_json() for item in told],
    }


def _list_lines(facts: list[dict[str, Any]]) -> Iterator[str]:
    for item in facts:
        yield f"{item['version']}  {item['action']}  {item['name']}"
        for finding in item["findings"]:
            yield f"    {Finding.from_json(finding).sentence}"
    yield f"{len(facts)} wait."

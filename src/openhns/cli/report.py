"""`openhns report`: one attack, or a further claim on one, reported by hand."""

import argparse
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from openhns.cli.common import acting_user, mechanism_of, read_time, settle, settle_what_is_left
from openhns.cli.output import emit
from openhns.incidents.access import access_incident
from openhns.incidents.actions import Report, Reported, do_report


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Report an attack as one source tells it. Nothing that another source said is "
        "overwritten: with --incident it becomes a further claim beside the others. The very same "
        "report given again is recognised and writes nothing."
    )
    parser.add_argument("--words", required=True, help="what the source says happened, verbatim")
    parser.add_argument("--source", required=True, help="who says so")
    parser.add_argument(
        "--from", dest="start", type=read_time, metavar="TIME", help="not before this time"
    )
    parser.add_argument(
        "--until", type=read_time, metavar="TIME", required=True, help="not after this time"
    )
    parser.add_argument("--position", help="decimal degrees, degrees and minutes, or MGRS")
    parser.add_argument(
        "--precision", type=int, metavar="METRES", help="how far from it the attack may have been"
    )
    parser.add_argument("--country", metavar="ISO3")
    parser.add_argument("--perpetrator", default="", help="as the source reports it")
    parser.add_argument("--weapon", default="", help="as the source reports it")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--incident", type=UUID, metavar="ID", help="the incident it is about")
    which.add_argument(
        "--key",
        metavar="KEY",
        help="an idempotency key: the same one never reports twice (default: by the content)",
    )


def run(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    incident = access_incident(person, mechanism, args.incident) if args.incident else None
    report = Report(
        words=args.words,
        source=args.source,
        start=args.start,
        end=args.until,
        position=args.position,
        precision_m=args.precision,
        country=args.country,
        facts={"perpetrator": args.perpetrator, "weapon": args.weapon},
    )
    done = do_report(
        report,
        mechanism=mechanism,
        acting_user=person,
        incident=incident,
        idempotency_key=args.key,
    )
    (settle if done.new_claim else settle_what_is_left)(mechanism)
    emit(args, _data(done), _lines(done))
    return 0


def _data(done: Reported) -> dict[str, Any]:
    return {
        "incident": done.incident.id,
        "claim": done.claim.id,
        "new_claim": done.new_claim,
        "verdict": done.outcome.verdict,
        "matches": [
            {
                "notice": pair.notice_id,
                "party": pair.party_id,
                "grade": pair.grade,
                "verdict": pair.verdict,
                "distance_m": pair.distance_m,
                "reasons": pair.reasons,
            }
            for pair in done.outcome.pairs
        ],
        "held": done.outcome.summary(),
    }


def _lines(done: Reported) -> Iterator[str]:
    known = "recorded" if done.new_claim else "known already; nothing was written"
    yield f"Incident {done.incident.id}: claim {done.claim.id} {known}."
    held = done.outcome.summary()
    yield f"Held by parties at the time: {held['certain']} certain, {held['possible']} possible."
    if held["possible_somewhere"]:
        yield f"Held somewhere, place not comparable: {held['possible_somewhere']}."
    yield f"For the certificate: openhns incidents certificate {done.incident.id}"

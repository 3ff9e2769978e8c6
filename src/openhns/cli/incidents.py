"""`openhns incidents`: list them, show one, certify what had been sent when it happened."""

import argparse
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import emit, table
from openhns.incidents.access import (
    access_incident,
    best_verdicts,
    claim_counts,
    incidents_visible_to,
    read_claims,
)
from openhns.incidents.actions import do_certify
from openhns.incidents.models import Claim, Incident
from openhns.incidents.rendering import render
from openhns.incidents.words import in_this_language
from openhns.mechanism.access import access_organisation
from openhns.proofs import jws
from openhns.proofs.canonical import canonical
from openhns.tlog.durable import OWNER_ONLY, write_file


def _configure_list(parser: argparse.ArgumentParser) -> None:
    parser.description = "List the incidents, newest report first, with their best match."


def _list(args: argparse.Namespace) -> int:
    incidents = incidents_visible_to(acting_user(args), mechanism_of(args))
    claims, verdicts = claim_counts(incidents), best_verdicts(incidents)
    listed = [_brief(item, claims[item.id], verdicts.get(item.id)) for item in incidents]
    rows = [(str(i["id"]), i["match"], str(i["claims"]), i["title"]) for i in listed]
    heads = ("incident", "match", "claims", "title")
    emit(args, {"incidents": listed}, table([heads, *rows]) if rows else ["No incident."])
    return 0


def _brief(incident: Incident, claims: int, verdict: str | None) -> dict[str, Any]:
    return {
        "id": incident.id,
        "title": incident.content["title"],
        "reported_at": incident.reported_at,
        "claims": claims,
        "match": verdict or "none",
    }


def _configure_show(parser: argparse.ArgumentParser) -> None:
    parser.description = "Show one incident: its claims side by side, and its matches."
    parser.add_argument("id", type=UUID, metavar="ID")


def _show(args: argparse.Namespace) -> int:
    person = acting_user(args)
    incident = access_incident(person, mechanism_of(args), args.id)
    claims = [_claim(claim) for claim in read_claims(person, incident)]
    verdict = best_verdicts([incident]).get(incident.id)
    facts = {**_brief(incident, len(claims), verdict), "claims": claims}
    emit(args, facts, _shown(incident, claims))
    return 0


def _claim(claim: Claim) -> dict[str, Any]:
    matches = claim.matches.select_related("party").order_by("party__name", "notice_id")
    return {
        "id": claim.id,
        "recorded_at": claim.recorded_at,
        **claim.content,
        "possible_somewhere": claim.possible_somewhere,
        "matches": [
            {
                "party": match.party.name,
                "notice": match.notice_id,
                "verdict": match.verdict,
                **match.content,
            }
            for match in matches
        ],
    }


def _shown(incident: Incident, claims: list[dict[str, Any]]) -> Iterator[str]:
    yield f"Incident {incident.id}, reported {incident.reported_at.isoformat()}"
    for number, claim in enumerate(claims, start=1):
        yield f"Claim {number}, by {claim['source']}, recorded {claim['recorded_at'].isoformat()}"
        yield f"  {claim['words']}"
        yield f"  from {claim['from'] or 'an unknown time'} until {claim['until']}"
        for name, text in claim["facts"].items():
            yield f"  {name.replace('_', ' ')} (as the source has it): {text}"
        counts = Counter((match["party"], match["verdict"]) for match in claim["matches"])
        for (party, verdict), count in sorted(counts.items()):
            yield f"  {party}: {count} {verdict}"
        if claim["possible_somewhere"]:
            yield f"  held somewhere, place not comparable: {claim['possible_somewhere']}"


def _configure_certificate(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Issue a status-at-strike certificate: what had been sent to each party and what came "
        "back, signed and recorded. It is for the operator, or for the organisation that is "
        "named: it shows what several parties were told."
    )
    parser.add_argument("id", type=UUID, metavar="ID")
    parser.add_argument("--organisation", metavar="ORG", help="about this one's places only")
    parser.add_argument(
        "-o",
        "--output",
        type=Path,
        metavar="FILE",
        help="write it as plain words, or as signed text (FILE.jws) or JSON (FILE.json)",
    )


def _certificate(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    incident = access_incident(person, mechanism, args.id)
    organisation = (
        access_organisation(person, mechanism, args.organisation) if args.organisation else None
    )
    issued = do_certify(incident, acting_user=person, organisation=organisation)
    settle(mechanism)
    document = jws.read(issued.jws).payload
    lines = list(render(document))
    if args.output:
        content = _as_file(args.output, issued.jws, document, lines)
        write_file(args.output, content, OWNER_ONLY)
        readers = in_this_language(document["readers"]["words"])
        lines = [f"Certificate {issued.id} is in {args.output}. {readers}"]
    facts = {"id": issued.id, "jws_sha256": issued.jws_sha256, "certificate": document}
    emit(args, facts, lines)
    return 0


def _as_file(path: Path, signed: str, document: Any, lines: list[str]) -> bytes:
    if path.suffix == ".jws":
        return signed.encode("ascii")
    if path.suffix == ".json":
        return canonical(document)
    return ("\n".join(lines) + "\n").encode()


LIST = Action(_configure_list, _list)
SHOW = Action(_configure_show, _show)
CERTIFICATE = Action(_configure_certificate, _certificate)

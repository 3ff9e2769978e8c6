"""Sheets, facts and worlds for the tests of this room."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openhns.registry.actions import do_import_sheet, do_submit
from openhns.registry.actions.importing import Imported, Request
from openhns.registry.actions.keyed import Submitted
from openhns.registry.checks.finding import Finding, Verdict
from openhns.registry.checks.running import run_checks
from openhns.registry.drafts import DRAFT_OF
from openhns.registry.models import Listing
from openhns.testing_world import World

HEADER = ("Site ID", "Name", "Type", "Latitude", "Longitude")
GAO = {"latitude": "16.27162", "longitude": "-0.04461"}


def clinic(number: int = 1, **facts: Any) -> dict[str, Any]:
    """Return the facts of a clinic in Gao, each number at a place of its own."""
    return {
        "name": f"Aljanabandia clinic {number}",
        "type": "Clinic",
        "latitude": f"{16.27001 + number * 0.01:.5f}",
        "longitude": "-0.04461",
        **facts,
    }


def movement(**facts: Any) -> dict[str, Any]:
    return {
        "reference": "Convoy 7",
        "departure": "2031-05-01T06:00Z",
        "arrival": "2031-05-01T18:00Z",
        "origin": "Gao",
        "origin_latitude": "16.27162",
        "origin_longitude": "-0.04461",
        "destination": "Ansongo",
        "destination_latitude": "15.65967",
        "destination_longitude": "0.50220",
        "plates": "AB 1234; CD 5678",
        **facts,
    }


def submit(world: World, facts: Mapping[str, Any], **more: Any) -> Submitted:
    """Submit as Alice."""
    return do_submit(facts, organisation=world.organisation, acting_user=world.alice, **more)


def findings_of(
    world: World, facts: Mapping[str, Any], kind: Listing.Kind = Listing.Kind.SITE
) -> dict[str, Finding]:
    """Run the checks over one draft; of several findings by one name the gravest is returned."""
    draft = DRAFT_OF[kind](facts)
    _, (findings,) = run_checks([draft], world.mechanism, world.organisation)
    order = list(Verdict)
    return {
        item.name: item for item in sorted(findings, key=lambda item: order.index(item.verdict))
    }


def write_sheet(
    folder: Path,
    rows: Sequence[Sequence[str]],
    header: Sequence[str] = HEADER,
    name: str = "sites.csv",
) -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return path


def sheet_rows(count: int, start: int = 1) -> list[list[str]]:
    return [
        [f"ML-{n}", f"Aljanabandia clinic {n}", "Clinic", f"{16.2 + n * 0.013:.5f}", "-0.04461"]
        for n in range(start, start + count)
    ]


def import_sheet(world: World, path: Path, **more: Any) -> Imported:
    """Import as Alice for her organisation."""
    user = more.pop("acting_user", world.alice)
    organisation = more.pop("organisation", "Ministry of Health")
    request = Request(path, organisation, **more)
    return do_import_sheet(request, mechanism=world.mechanism, acting_user=user)

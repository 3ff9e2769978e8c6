"""`openhns publish`: the public figures, on their fixed days."""

import argparse
from collections.abc import Iterable, Iterator
from typing import Any

from openhns.cli.common import mechanism_of
from openhns.cli.output import emit
from openhns.mechanism.models import Mechanism
from openhns.overview.actions import (
    do_publish_editions,
    draft_edition,
    due_editions,
    newest_edition,
)
from openhns.overview.models import Edition
from openhns.overview.publication.calendar import next_edition
from openhns.record.actions import do_tick


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Publish the editions whose day has come: the first of each month, counting what was so "
        "as many days before as the policy says. `serve` and `worker` do this by themselves. "
        "What was published is never changed."
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="show the next due one, keep nothing"
    )


def run(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    if args.dry_run:
        editions = [draft_edition(mechanism, due) for due in due_editions(mechanism, most=1)]
    else:
        editions = do_publish_editions(mechanism)
        do_tick(mechanism.id)
    following = _following(mechanism)
    data = {
        "dry_run": args.dry_run,
        "editions": [_facts(edition) for edition in editions],
        "next": following,
    }
    emit(args, data, _lines(editions, following, dry_run=args.dry_run))
    return 0


def _following(mechanism: Mechanism) -> str:
    newest = newest_edition(mechanism)
    return next_edition(mechanism, newest.day if newest else None).day.isoformat()


def _facts(edition: Edition) -> dict[str, Any]:
    return {
        "edition": edition.number,
        "day": edition.day.isoformat(),
        "counted_at": edition.counted_at,
        "tables": edition.tables,
        "incidents": len(edition.incidents),
    }


def _lines(editions: Iterable[Edition], following: str, *, dry_run: bool) -> Iterator[str]:
    verb = "would be" if dry_run else "is"
    for edition in editions:
        yield f"Edition {edition.number} of {edition.day} {verb} published."
        for table, rows in edition.tables.items():
            for row, figure in rows.items():
                yield f"  {table}, {row}: {_figure(figure)}"
    yield f"The next one is due on {following}."


def _figure(figure: dict[str, Any]) -> str:
    if "from" in figure:
        upper = figure["to"]
        return f"{figure['from']} to {upper}" if upper is not None else f"{figure['from']} or more"
    within = figure.get("within")
    return f"within {within} points" if within else "over too few to be shown"

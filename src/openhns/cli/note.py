"""`openhns note write|list`."""

import argparse
from pathlib import Path
from typing import Any

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import emit
from openhns.mechanism.access import require_any_role
from openhns.mechanism.actions import do_write_note
from openhns.mechanism.errors import NoteInvalid
from openhns.mechanism.models import Note
from openhns.mechanism.people import OPERATOR_ROLES

_FIRST_LETTERS = 60


def _configure_write(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--text", action="append", default=[], metavar="LANG=TEXT", help="once per language"
    )
    parser.add_argument(
        "--file", action="append", default=[], metavar="LANG=FILE", help="once per language"
    )


def _write(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    text = dict(map(_pair, args.text))
    text |= {language: _content(path) for language, path in map(_pair, args.file)}
    note = do_write_note(text, mechanism=mechanism, acting_user=acting_user(args))
    settle(mechanism)
    facts = _facts(note)
    emit(args, facts, [f"The note went to {facts['organisations']} organisations."])
    return 0


def _pair(argument: str) -> tuple[str, str]:
    language, equals, text = argument.partition("=")
    if not equals:
        raise NoteInvalid("A text is given with its language: --text en=... or --file fr=PATH.")
    return language, text


def _content(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except UnicodeDecodeError:
        raise NoteInvalid("The note's file is not UTF-8 text.") from None


def _facts(note: Note) -> dict[str, Any]:
    return {
        "id": note.id,
        "written_at": note.written_at,
        "languages": sorted(note.content["text"]),
        "organisations": note.deliveries.count(),
        "read": note.deliveries.exclude(read_at=None).count(),
    }


def _nothing(parser: argparse.ArgumentParser) -> None:
    del parser


def _list(args: argparse.Namespace) -> int:
    mechanism = mechanism_of(args)
    require_any_role(acting_user(args), mechanism, sorted(OPERATOR_ROLES))
    notes = list(Note.objects.filter(mechanism=mechanism).order_by("written_at"))
    facts = [_facts(note) | {"text": note.content["text"]} for note in notes]
    emit(args, {"notes": facts}, map(_line, facts))
    return 0


def _line(facts: dict[str, Any]) -> str:
    text = " ".join(next(iter(facts["text"].values())).split())[:_FIRST_LETTERS]
    return (
        f"{facts['written_at']:%Y-%m-%d %H:%M}  read by {facts['read']} of "
        f"{facts['organisations']}: {text}"
    )


WRITE = Action(_configure_write, _write)
LIST = Action(_nothing, _list)

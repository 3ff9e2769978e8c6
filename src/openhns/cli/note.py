"""`openhns note write|list|read`."""

import argparse
from pathlib import Path
from typing import Any
from uuid import UUID

from openhns.cli.common import Action, acting_user, mechanism_of, settle
from openhns.cli.output import counted, emit
from openhns.mechanism.access import access_organisation, require_any_role
from openhns.mechanism.actions import do_read_note, do_write_note
from openhns.mechanism.errors import NoteInvalid, NotFound
from openhns.mechanism.models import Note, NoteDelivery
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
    emit(args, facts, [f"The note went to {counted(facts['organisations'], 'organisation')}."])
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
        f"{facts['id']}  {facts['written_at']:%Y-%m-%d %H:%M}  read by {facts['read']} of "
        f"{facts['organisations']}: {text}"
    )


def _configure_read(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Show a note to an organisation that got it, and record that it was read: the first "
        "reading counts. It takes somebody of that organisation."
    )
    parser.add_argument("note", type=UUID, metavar="NOTE", help="its id, as `note list` shows it")
    parser.add_argument("--organisation", metavar="ORG", required=True)


def _read(args: argparse.Namespace) -> int:
    mechanism, person = mechanism_of(args), acting_user(args)
    organisation = access_organisation(person, mechanism, args.organisation)
    delivery = NoteDelivery.objects.filter(note_id=args.note, organisation=organisation).first()
    if delivery is None:
        raise NotFound("There is no note of that identifier for this organisation.")
    read = do_read_note(delivery, acting_user=person)
    settle(mechanism)
    text = read.note.content["text"]
    facts = {"id": read.note_id, "organisation": organisation.id, "read_at": read.read_at}
    lines = (line for language in sorted(text) for line in (f"[{language}]", text[language]))
    emit(args, facts | {"text": text}, lines)
    return 0


READ = Action(_configure_read, _read)
WRITE = Action(_configure_write, _write)
LIST = Action(_nothing, _list)

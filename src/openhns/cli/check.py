"""`openhns check`: every misconfiguration, each with its id and what to do about it."""

import argparse
from typing import Any

from django.core import checks
from django.db import DEFAULT_DB_ALIAS

from openhns.cli.output import emit
from openhns.project.key_checks import TAG


def configure(parser: argparse.ArgumentParser) -> None:
    del parser


def run(args: argparse.Namespace) -> int:
    messages = checks.run_checks()
    messages += checks.run_checks(tags=[TAG], databases=[DEFAULT_DB_ALIAS])
    errors = sum(message.level >= checks.ERROR for message in messages)
    found = [_member(message) for message in messages]
    data = {"errors": errors, "warnings": len(messages) - errors, "messages": found}
    lines = [f"{item['id']} {item['level']}: {item['says']} {item['do']}" for item in found]
    emit(args, data, lines or ["The configuration is sound."])
    return 1 if errors else 0


def _member(message: checks.CheckMessage) -> dict[str, Any]:
    level = "error" if message.level >= checks.ERROR else "warning"
    return {"id": message.id, "level": level, "says": message.msg, "do": message.hint or ""}

"""Which words are which command; a command's module is loaded when it is called, never before."""

import argparse
import difflib
import gc
import importlib
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, TextIO, cast


class Door(Protocol):
    """What a command's module offers, or an object in it."""

    def configure(self, parser: argparse.ArgumentParser) -> None: ...

    def run(self, args: argparse.Namespace) -> int: ...


class Needs(StrEnum):
    """What must be there before a command runs."""

    NOTHING = "nothing"  # Two files and the standard library: Django is never imported.
    SETTINGS = "settings"  # Django with its settings; the database may be absent.
    INSTALLATION = "installation"  # What `openhns init` made.


class CommandUnknown(Exception):
    """The words name no command."""

    code = "command_unknown"


class CommandNotHere(Exception):
    """The command belongs to the program, and this version does not bring it yet."""

    code = "command_not_here"


@dataclass(frozen=True, slots=True)
class Command:
    """A command: its words, where its code stands (`module` or `module:object`), what it needs."""

    name: str
    place: str
    help: str
    needs: Needs = Needs.INSTALLATION

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.split())


COMMANDS = (
    Command("demo", "demo", "The demonstration.", Needs.NOTHING),
    Command("init", "init", "Prepare an installation and begin a mechanism.", Needs.SETTINGS),
    Command("check", "check", "Check the configuration.", Needs.SETTINGS),
    Command("keys", "keys:LIST", "Show the keys by number and fingerprint, never a key."),
    Command("keys list", "keys:LIST", "The same."),
    Command("keys rotate", "keys:ROTATE", "Seal everything under a new data key."),
    Command("keys change-master", "keys:CHANGE_MASTER", "Wrap the data keys under a new key."),
    Command("organisation apply", "organisation:APPLY", "Enter an organisation that applies."),
    Command("organisation vet", "organisation:VET", "Decide on an organisation."),
    Command("organisation suspend", "organisation:SUSPEND", "Suspend a vetted organisation."),
    Command("organisation list", "organisation:LIST", "List organisations and their status."),
    Command("person add", "person:ADD", "Make an account for a person."),
    Command("person invite", "person:INVITE", "Make a link by which a person can sign in."),
    Command("person role", "person:ROLE", "Give a person a role, or end it."),
    Command("person list", "person:LIST", "List people and their roles."),
    Command("policy show", "policy:SHOW", "Show the policy of a mechanism."),
    Command("policy change", "policy:CHANGE", "Change the policy of a mechanism."),
    Command("import", "import_", "Import a sheet of sites, movements or incidents."),
    Command("sign", "sign", "Sign versions for an organisation, a second time."),
    Command("clear", "clear", "Clear for relay what was submitted."),
    Command("decide", "decide", "Clear, return or refuse one version."),
    Command("consent", "consent", "Give, list or revoke consent."),
    Command("submit", "submit", "Submit one site or movement."),
    Command("transmit", "transmit", "Prepare and transmit what the parties are to be told."),
    Command("receipt letter", "receipt:LETTER", "Put a party's letter or e-mail on file."),
    Command("receipt call", "receipt:CALL", "Log a call or message by which a party answered."),
    Command("object make", "object_:MAKE", "Record that a party objects to a notice."),
    Command("object answer", "object_:ANSWER", "Record the answer to an objection."),
    Command("object list", "object_:LIST", "List the objections that wait for an answer."),
    Command("query make", "query:MAKE", "Record that a party queries a notice."),
    Command("query reply", "query:REPLY", "Reply to a party's query."),
    Command("query list", "query:LIST", "List the queries that wait for a reply."),
    Command("bundle", "bundle", "Write what a party holds as a file it can load."),
    Command("withdraw", "withdraw", "Record that a party leaves, and what follows."),
    Command("party add", "party:ADD", "Add a party."),
    Command("party keygen", "party_keygen", "Make a party's key.", Needs.SETTINGS),
    Command("party register", "party_keys:REGISTER", "Register a party's key."),
    Command("party revoke", "party_keys:REVOKE", "Let a party's key count no longer."),
    Command("party focal-point", "party:FOCAL_POINT", "Name whom the operator reaches."),
    Command("party list", "party:LIST", "List parties, their participation and keys."),
    Command("party acknowledge", "party_acknowledge", "Answer notices with a party's key."),
    Command("note write", "note:WRITE", "Write to all organisations."),
    Command("note list", "note:LIST", "List notes and who has read them."),
    Command("note read", "note:READ", "Read an organisation's copy of a note, and record it."),
    Command("report", "report", "Report an attack."),
    Command("incidents list", "incidents:LIST", "List incidents with their best match."),
    Command("incidents show", "incidents:SHOW", "Show an incident's claims side by side."),
    Command("incidents certificate", "incidents:CERTIFICATE", "Certify what had been sent."),
    Command("publish", "publish", "Publish the figures whose day has come."),
    Command("match", "match", "Match two files, without a database.", Needs.NOTHING),
    Command("prove", "prove", "Write a proof that a stranger can check."),
    Command("verify", "verify", "Verify a proof, without database and network.", Needs.NOTHING),
    Command("log checkpoint", "log_checkpoint", "Show the log's checkpoint, or its key."),
    Command("log policy", "log_policy", "Write the policy by which proofs are verified."),
    Command("log audit", "log_audit", "Compare the database with the log.", Needs.NOTHING),
    Command("log tidy", "log_tidy", "Remove what is superseded from the log's folder."),
    Command("log republish", "log_republish", "Write a lost folder of the log again."),
    Command("serve", "serve", "Serve the pages, the HTTP API and the log."),
    Command("worker", "worker:WORKER", "Do due work and tick until told to stop."),
    Command("tick", "worker:TICK", "Do due work and tick once."),
    Command("backup", "backup", "Copy database, log and evidence into a folder; never a key."),
    Command("restore", "restore", "Restore a backup into an empty installation.", Needs.SETTINGS),
)
_MOST_WORDS = 2


def find(words: list[str]) -> tuple[Command | None, list[str]]:
    """Return the command and what follows its words; None where a list of commands is wanted."""
    for count in range(_MOST_WORDS, 0, -1):
        for command in COMMANDS:
            if command.words == tuple(words[:count]) and len(command.words) == count:
                return command, words[count:]
    return None, words


def explain(words: list[str]) -> int:
    """Print the commands there are, or say what was not understood."""
    asks = [word for word in words if word in {"-h", "--help"}]
    named = [word for word in words if not word.startswith("-")]
    if words[:1] == ["--version"]:
        from importlib.metadata import version  # noqa: PLC0415 - slow, and seldom asked for.

        print(f"openhns {version('openhns')}")
        return 0
    group = [command for command in COMMANDS if command.words[0] == (named or [""])[0]]
    if named and not (group and len(named) == 1):
        raise CommandUnknown(_not_understood(" ".join(named[:_MOST_WORDS])))
    _print_commands(group or list(COMMANDS), sys.stdout if asks else sys.stderr)
    return 0 if asks else 2


def _not_understood(name: str) -> str:
    near = difflib.get_close_matches(name, [command.name for command in COMMANDS], n=1)
    hint = f"did you mean `openhns {near[0]}`?" if near else "`openhns --help` lists them."
    return f"There is no such command; {hint}"


def _print_commands(listed: list[Command], stream: TextIO) -> None:
    print("usage: openhns COMMAND ...   (openhns COMMAND --help says more)\n", file=stream)
    for command in listed:
        print(f"  {command.name:<22}{command.help}", file=stream)


def load(command: Command) -> Door:
    """Import a command's code, Django first where it needs Django."""
    if command.needs != Needs.NOTHING:
        django_setup()
    name, _, member = command.place.partition(":")
    full = f"openhns.cli.{name}"
    try:
        module = importlib.import_module(full)
    except ModuleNotFoundError as error:
        if error.name != full:
            raise
        raise CommandNotHere(f"`openhns {command.name}` is not part of this version yet.") from None
    return cast("Door", getattr(module, member) if member else module)


def django_setup() -> None:
    """Prepare Django; settings come from OPENHNS_* variables."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhns.project.settings")
    import django  # noqa: PLC0415 - `verify` and `match` start without it.
    from django.apps import apps  # noqa: PLC0415 - as above.

    if not apps.ready:
        django.setup()
        gc.freeze()  # What is loaded now stays to the end.


def add_common_options(parser: argparse.ArgumentParser, command: Command) -> None:
    parser.add_argument("--json", action="store_true", help="print one JSON object and no words")
    if command.needs == Needs.NOTHING:
        return
    parser.add_argument("--as", dest="acting_as", metavar="USER", help="act as this person")
    with suppress(argparse.ArgumentError):  # `init` has one of its own.
        parser.add_argument("--mechanism", metavar="SLUG", help="where there are several")


def prepare(command: Command) -> None:
    """Stop before any harm where the configuration is wrong or nothing was set up."""
    if command.needs == Needs.NOTHING:
        return
    from openhns.cli import readiness  # noqa: PLC0415 - needs Django.

    if command.name != "check":
        readiness.require_sound_configuration()
    if command.needs == Needs.INSTALLATION:
        readiness.require_installation()

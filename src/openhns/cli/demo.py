"""`openhns demo`: replay the public record of northwest Syria, and serve it, ready to click."""

import argparse
import os
import shlex
import socket
import sys
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from openhns.cli.output import emit

if TYPE_CHECKING:
    from openhns.demo.people import SignIn

DEFAULT_PORT: Final = 8000
_PORTS: Final = 50
LOG_HOST: Final = "demonstration.localhost"


class DemoInTheWay(Exception):
    """The folder holds something already."""

    code = "demo_folder_in_use"


class PortTaken(Exception):
    """Another program listens there."""

    code = "demo_port_taken"


def configure(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        "Replay the public record of northwest Syria, 2019 to 2020, in a new folder with a "
        "database of its own, then serve it on this computer alone: open the address that is "
        "printed, and act as each role in turn. Dates of notification, answers, organisations and "
        "people are invented."
    )
    where = "where to put it; by default demo-data here, or demo-data-2 and so on"
    parser.add_argument("--data", type=Path, metavar="DIR", help=where)
    parser.add_argument(
        "--port", type=int, metavar="N", help=f"({DEFAULT_PORT}, or one that is free)"
    )
    parser.add_argument("--no-serve", action="store_true", help="replay, and serve nothing")


def run(args: argparse.Namespace) -> int:
    data = (args.data or _free_folder()).absolute()
    if not _holds_nothing(data):
        raise DemoInTheWay(f"{data} is not empty: remove it, or name another by --data DIR.")
    port = _port(args.port)
    url = f"http://localhost:{port}"
    _use(data, url)
    steps, people = _replay(args)
    doors = [_door(each, url) for each in people]
    facts = {"data": str(data), "url": url, "serve": _serve_by_hand(data, url, port)}
    lines = _where_to_look(data, url, facts["serve"] if args.no_serve else "", doors)
    emit(args, {**facts, "steps": steps, "people": doors}, lines)
    return 0 if args.no_serve else _serve(port)


def _serve(port: int) -> int:
    """Serve as a program of its own: its settings are read anew, now that the mark stands."""
    os.environ["OPENHNS_DEMONSTRATION"] = "yes"
    command = [sys.executable, "-m", "openhns", "serve", "--port", str(port)]
    sys.stdout.flush()
    os.execv(sys.executable, command)  # noqa: S606 - this very program, by its own arguments.


def _free_folder() -> Path:
    """Return the first demo-data folder here that holds nothing, so that a second run works."""
    names = chain(["demo-data"], (f"demo-data-{number}" for number in count(2)))
    return next(Path(name) for name in names if _holds_nothing(Path(name)))


def _holds_nothing(folder: Path) -> bool:
    return not folder.exists() or not any(folder.iterdir())


def _port(wanted: int | None) -> int:
    """Return the port asked for, or the first free one from the default on."""
    ports = [wanted] if wanted else list(range(DEFAULT_PORT, DEFAULT_PORT + _PORTS))
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise PortTaken(f"Another program listens on port {ports[0]}: name another by --port N.")


def _use(data: Path, url: str) -> None:
    """Point this process, and no other, to the demonstration's own folder and database."""
    for name in [name for name in os.environ if name.startswith("OPENHNS_")]:
        del os.environ[name]
    data.mkdir(parents=True, mode=0o700, exist_ok=True)
    os.environ["OPENHNS_DATA"] = str(data)
    os.environ["OPENHNS_LOG_HOST"] = LOG_HOST
    os.environ["OPENHNS_URL"] = url


def _replay(args: argparse.Namespace) -> tuple[int, list["SignIn"]]:
    """Prepare the installation and walk the story; return the count of steps, and who is there."""
    from openhns.cli.commands import django_setup  # noqa: PLC0415 - settings come first.

    django_setup()
    from openhns.cli import installing  # noqa: PLC0415 - as above.
    from openhns.demo.people import let_sign_in  # noqa: PLC0415 - as above.
    from openhns.demo.replay import Replay  # noqa: PLC0415 - as above.
    from openhns.demo.story import read_story  # noqa: PLC0415 - as above.
    from openhns.demo.telling import told  # noqa: PLC0415 - as above.

    with installing.one_at_a_time():
        installing.prepare()
    story = read_story()
    replay = Replay(story)
    done = 0
    for step in replay.steps():
        done += 1
        if not args.json:
            print(f"{step.at:%d %b %Y}  {told(step, story).line} [{step.known}]", flush=True)
    return done, let_sign_in(story.people, replay.people)


def _door(person: "SignIn", url: str) -> dict[str, str]:
    """Return who somebody is, and where a visitor acts as them."""
    from openhns.mechanism.words import ROLES  # noqa: PLC0415 - as above.

    role = str(ROLES[person.role]) if person.role else "No role"
    door = f"{url}/demonstration/#as-{person.key}"
    return {"name": person.name, "role": role, "handle": person.handle, "door": door}


def _serve_by_hand(data: Path, url: str, port: int) -> str:
    """Return the command that serves the demonstration, for a shell."""
    program = shlex.quote(Path(sys.argv[0]).name)
    return (
        f"OPENHNS_DEMONSTRATION=yes OPENHNS_DATA={shlex.quote(str(data))} "
        f"OPENHNS_LOG_HOST={LOG_HOST} OPENHNS_URL={url} {program} serve --port {port}"
    )


def _where_to_look(data: Path, url: str, serve: str, doors: list[dict[str, str]]) -> list[str]:
    """Return what is said at the end; `serve` is the command to give, or "" if this one serves."""
    kept = f"  export OPENHNS_DATA={shlex.quote(str(data))} OPENHNS_LOG_HOST={LOG_HOST}"
    open_it = f"Open {url}/demonstration/ and act as each role in turn"
    here = [f"{open_it}.", "Ctrl-C ends it."]
    by_hand = ["Serve it by:", f"  {serve}", f"{open_it}, once it is served."]
    return [
        "",
        *(by_hand if serve else here),
        "Each person has a door; the button there lets you act as them:",
        *(f"  {each['name']}, {each['role']}: {each['door']}" for each in doors),
        f"The page {url}/demonstration/ says how everybody signs in: name, password and code.",
        f"Everything lies in {data}; remove it with: rm -r {shlex.quote(str(data))}",
        "Go on by command:",
        kept,
        f"  {Path(sys.argv[0]).name} log audit",
    ]

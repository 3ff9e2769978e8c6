import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from openhns.cli import main
from openhns.cli.commands import COMMANDS, Needs
from openhns.cli.output import clean, json_line
from openhns.testing import Installation

BEST_OF = 5


def test_help_lists_every_command_and_loads_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    listed = capsys.readouterr().out
    assert all(f"  {command.name} " in listed for command in COMMANDS)
    assert main([]) == 2
    assert main(["party"]) == 2
    assert main(["party", "--help"]) == 0
    assert "party keygen" in capsys.readouterr().out


def test_a_misspelt_command_gets_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["party", "regsiter"]) == 2
    told = capsys.readouterr().err
    assert "openhns party register" in told
    assert "command_unknown" in told
    assert main(["frobnicate", "--json"]) == 2
    assert '"code": "command_unknown"' in capsys.readouterr().out


def test_a_wrong_option_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["party", "list", "--colour"]) == 2
    assert "--colour" in capsys.readouterr().err


def test_verify_starts_within_half_a_second(tmp_path: Path) -> None:
    """Processor time is taken, and the best of a few: other work runs on the same machine."""
    program = Path(sys.executable).with_name("openhns")
    proof = tmp_path / "proof.json"
    proof.write_text("{}")

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "verify", proof], check=False, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(BEST_OF)) < 0.5


def test_commands_without_an_installation_say_so_and_make_nothing(
    installation: Installation,
) -> None:
    for command in COMMANDS:
        if command.name in {"party list", "keys"}:
            done = installation.run(*command.words)
            assert done.returncode == 2, done
            assert "not_initialised" in done.stderr
            assert "Traceback" not in done.stderr
    assert list(installation.data.iterdir()) == []
    assert {command.needs for command in COMMANDS} == set(Needs)


def test_an_unreachable_database_is_one_line(installation: Installation) -> None:
    nowhere = Installation(installation.data, "postgresql://x:secret@127.0.0.1:1/none")
    done = nowhere.run("party", "list")
    assert done.returncode == 2
    assert "database_unusable" in done.stderr
    assert "secret" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_misconfiguration_stops_a_command_and_check_names_it(
    installation: Installation,
) -> None:
    wrong = Installation(installation.data, "mysql://x")
    done = wrong.run("init", "--mechanism", "mali")
    assert (done.returncode, "openhns.E006" in done.stderr) == (2, True)
    checked = wrong.run("check")
    assert (checked.returncode, "openhns.E006" in checked.stdout) == (1, True)
    assert installation.run("check").returncode == 0


def test_output_cannot_move_the_cursor_nor_turn_the_reading_direction() -> None:
    assert clean("a\x1b[2Jb\u202ec") == "a\N{REPLACEMENT CHARACTER}[2Jb\N{REPLACEMENT CHARACTER}c"
    assert clean("مستشفى, лікарня") == "مستشفى, лікарня"


def test_json_escapes_what_could_move_a_cursor_and_loses_nothing() -> None:
    hostile = "\x1b[2J\x7f\x9b2J\x85\u202e\u2066\u2028\U000e0001 Gao غاو é"
    line = json_line({hostile: [hostile]})
    assert clean(line) == line
    assert json.loads(line) == {hostile: [hostile]}
    assert "غاو é" in line

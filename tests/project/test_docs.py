"""The documentation and the code say the same."""

import re
from pathlib import Path

import pytest

from openhns.project.checks import CHECKS, Check
from openhns.project.configuration import SETTINGS, Setting
from openhns.record.names import known_events

PROJECT = Path(__file__).resolve().parents[2]
CONFIGURATION = PROJECT / "docs" / "configuration.md"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])


def _rows(start: str) -> list[str]:
    return [line for line in CONFIGURATION.read_text().splitlines() if line.startswith(start)]


def _setting_row(setting: Setting) -> str:
    names = f"`{setting.name}`"
    if setting.secret:
        names += f" or `{setting.file_name}`"
    kind = ", ".join(f"`{word}`" for word in setting.words) or setting.kind.value
    return f"| {names} | {kind} | {setting.default} | {setting.help} |"


def _check_row(check: Check) -> str:
    return f"| `{check.check_id}` | {check.says} | {check.do} |"


def test_every_setting_is_documented_and_no_other() -> None:
    assert _rows("| `OPENHNS_") == [_setting_row(setting) for setting in SETTINGS]


def test_every_check_is_documented_and_no_other() -> None:
    assert _rows("| `openhns.") == [_check_row(check) for check in CHECKS]


def test_every_event_is_documented_and_no_other() -> None:
    lines = (PROJECT / "docs" / "events.md").read_text().splitlines()
    listed = [line for line in lines if line.startswith("| `")]
    expected = [f"| `{name}` | {event.description} |" for name, event in known_events().items()]
    assert listed == expected


def test_ids_of_checks_are_used_once() -> None:
    ids = [check.check_id for check in CHECKS]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    broken = [to for to in LINK.findall(page.read_text()) if not (page.parent / to).exists()]
    assert broken == []


def test_continuous_integration_runs_the_test_command_of_the_readme() -> None:
    commands = [
        line
        for line in (PROJECT / ".ci" / "run").read_text().splitlines()
        if line and not line.startswith(("#", "set ", "cd "))
    ]
    assert commands == ["exec make test"]
    assert "make test" in (PROJECT / "README.md").read_text()


def test_every_decision_is_listed_and_numbered_once() -> None:
    folder = PROJECT / "docs" / "decisions"
    listed = (folder / "README.md").read_text()
    records = sorted(path.name for path in folder.glob("[0-9]*.md"))
    assert [name for name in records if f"({name})" not in listed] == []
    assert [name[:4] for name in records] == [f"{n:04}" for n in range(1, len(records) + 1)]

"""`openhns check` names each key file that does not fit what the database holds."""

import shutil
from pathlib import Path

import pytest

from openhns.project.key_checks import check_keys
from openhns.sealing.keys import new_key, write_key_file
from openhns.testing import Installation
from openhns.testing_world import make_world

pytestmark = pytest.mark.django_db(transaction=True)


def found() -> list[str]:
    messages = check_keys(databases=["default"])
    return [str(message.id).removeprefix("openhns.") for message in messages]


def remove(path: Path) -> None:
    path.unlink()


def spoil(path: Path) -> None:
    path.write_text("no key")


def exchange(path: Path) -> None:
    """Put a key of the right form there that is another's."""
    path.unlink()
    write_key_file(path, new_key())


FAULTS = [
    ("master.key", remove, "E016"),
    ("master.key", spoil, "E017"),
    ("master.key", exchange, "E018"),
    *(("log-{slug}.key", fault, "E019") for fault in (remove, spoil, exchange)),
    *(("notices-*.key", fault, "E020") for fault in (remove, spoil, exchange)),
]


def test_each_fault_of_a_key_file_is_named_by_its_id(data_folder: Path, tmp_path: Path) -> None:
    slug = make_world().mechanism.slug
    assert found() == []
    keys, kept = data_folder / "keys", tmp_path / "kept"
    shutil.copytree(keys, kept)
    for name, fault, expected in FAULTS:
        file = next(keys.glob(name.format(slug=slug)))
        fault(file)
        assert found() == [expected], (name, fault)
        shutil.copytree(kept, keys, dirs_exist_ok=True)
    assert found() == []


def test_the_check_shows_it_and_other_commands_keep_their_own_errors(
    installation: Installation,
) -> None:
    assert installation.run("check").returncode == 0
    assert list(installation.data.iterdir()) == []
    assert installation.run("init", "--mechanism", "mali").returncode == 0
    assert installation.run("check").returncode == 0
    (installation.data / "keys" / "master.key").unlink()
    checked = installation.run("check")
    assert (checked.returncode, "openhns.E016" in checked.stdout) == (1, True), checked.stderr
    done = installation.run("person", "add", "--name", "Alice")
    assert (done.returncode, "master_key_unusable" in done.stderr) == (2, True), done.stderr


def test_a_database_that_does_not_answer_is_named(installation: Installation) -> None:
    nowhere = Installation(installation.data, "postgresql://x:secret@127.0.0.1:1/none")
    done = nowhere.run("check")
    assert (done.returncode, "E021" in done.stdout) == (1, True), done.stderr
    assert "secret" not in done.stdout + done.stderr

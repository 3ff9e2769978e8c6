"""Folders and keys are made once, whole, and for this account alone."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

from openhns.project.data_folder import create_once, make_private_folder, prepare_data_folder
from openhns.project.secret_key import stored_secret_key


def test_the_data_folder_is_open_to_its_account_alone(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"
    prepare_data_folder(data)
    folders = [data, *data.iterdir()]
    assert {folder.name for folder in folders} == {"data", "keys", "tiles", "evidence", "tmp"}
    assert {S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_preparing_twice_changes_nothing(tmp_path: Path) -> None:
    prepare_data_folder(tmp_path)
    (tmp_path / "keys" / "master.key").write_bytes(b"kept")
    prepare_data_folder(tmp_path)
    assert (tmp_path / "keys" / "master.key").read_bytes() == b"kept"


def test_a_file_is_created_once_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert create_once(path, b"first")
    assert not create_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_processes_that_start_at_once_agree_on_the_secret_key(tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    make_private_folder(keys)
    with ThreadPoolExecutor(8) as pool:
        seen = set(pool.map(stored_secret_key.__wrapped__, [keys] * 8))
    assert len(seen) == 1
    assert len(seen.pop()) >= 50
    assert [path.name for path in keys.iterdir()] == ["secret.key"]

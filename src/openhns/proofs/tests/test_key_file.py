import json
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from openhns.proofs import jws
from openhns.proofs.canonical import canonical
from openhns.proofs.key_file import (
    KeyFileError,
    KeyFileExists,
    PublicPart,
    WeakPassphrase,
    WrongPassphrase,
    check_passphrase,
    read_key_file,
    read_public_part,
    write_key_file,
    write_public_file,
)

PASSPHRASE = "four plain words here"


def public_part(key: Ed25519PrivateKey) -> PublicPart:
    raw = key.public_key().public_bytes_raw()
    return PublicPart("log.example/x", "an-id", "Party \u0623", raw, jws.thumbprint(raw), "a.b.c")


@pytest.fixture
def written(tmp_path: Path) -> tuple[Path, Ed25519PrivateKey]:
    key, path = Ed25519PrivateKey.generate(), tmp_path / "a.key"
    write_key_file(path, key, public_part(key), PASSPHRASE)
    return path, key


def change(path: Path, **members: Any) -> None:
    value = json.loads(path.read_bytes()) | members
    path.write_bytes(canonical(value))


def test_a_key_file_opens_with_its_passphrase(written: tuple[Path, Ed25519PrivateKey]) -> None:
    path, key = written
    opened, public = read_key_file(path, PASSPHRASE)
    assert opened.private_bytes_raw() == key.private_bytes_raw()
    assert public == read_public_part(path) == public_part(key)
    assert key.private_bytes_raw() not in path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [item.name for item in path.parent.iterdir()] == ["a.key"]


def test_the_same_letters_composed_otherwise_open_it(tmp_path: Path) -> None:
    key, path = Ed25519PrivateKey.generate(), tmp_path / "a.key"
    write_key_file(path, key, public_part(key), "me\u0301decins d'ici")
    opened, _ = read_key_file(path, "m\u00e9decins d'ici")
    assert opened.private_bytes_raw() == key.private_bytes_raw()


def test_a_wrong_passphrase_opens_nothing(written: tuple[Path, Ed25519PrivateKey]) -> None:
    with pytest.raises(WrongPassphrase):
        read_key_file(written[0], PASSPHRASE + ".")


def test_a_key_is_never_overwritten(written: tuple[Path, Ed25519PrivateKey]) -> None:
    path, key = written
    before = path.read_bytes()
    with pytest.raises(KeyFileExists):
        write_key_file(path, key, public_part(key), PASSPHRASE)
    assert path.read_bytes() == before
    assert [item.name for item in path.parent.iterdir()] == ["a.key"]


@pytest.mark.parametrize(
    "members",
    [
        {"log": "log.example/other"},
        {"party": {"id": "another", "name": "Party \u0623"}},
        {"possession": "d.e.f"},
    ],
)
def test_nobody_changes_what_stands_beside_the_key(
    written: tuple[Path, Ed25519PrivateKey], members: dict[str, Any]
) -> None:
    change(written[0], **members)
    with pytest.raises(WrongPassphrase):
        read_key_file(written[0], PASSPHRASE)


@pytest.mark.parametrize(
    "members",
    [
        {"kid": "A" * 43},
        {"key": jws.jwk(bytes(32))},
        {"key": "x"},
        {"party": []},
        {"v": 2},
        {"type": "other"},
        {"type": 7},
        {"more": 1},
        {"kdf": {"name": "PBKDF2", "hash": "SHA-256", "rounds": 1, "salt": "AA"}},
        {"kdf": {"name": "PBKDF2", "hash": "SHA-256", "rounds": 10**12, "salt": "AA"}},
        {"kdf": {"name": "PBKDF2", "hash": "SHA-1", "rounds": 600_000, "salt": "AA"}},
        {"kdf": []},
        {"cipher": {"name": "AES-256-GCM", "iv": "AA"}},
        {"sealed": "!"},
        {"sealed": 5},
        {"possession": 5},
        {"log": 5},
    ],
)
def test_a_misshapen_key_file_is_refused_by_name(
    written: tuple[Path, Ed25519PrivateKey], members: dict[str, Any]
) -> None:
    change(written[0], **members)
    with pytest.raises(KeyFileError):
        read_key_file(written[0], PASSPHRASE)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b"\xff", b"nul", b"{" * 1000, b"1" * 70_000])
def test_what_is_no_key_file_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(data)
    with pytest.raises(KeyFileError):
        read_public_part(path)


def test_an_absent_file_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="No such file"):
        read_public_part(tmp_path / "none.key")


def test_the_public_half_stands_alone(tmp_path: Path) -> None:
    key, path = Ed25519PrivateKey.generate(), tmp_path / "a.pub"
    write_public_file(path, public_part(key))
    assert read_public_part(path) == public_part(key)
    with pytest.raises(KeyFileError, match="no private one"):
        read_key_file(path, PASSPHRASE)


@pytest.mark.parametrize("member", ["log", "possession"])
def test_a_public_half_whose_words_are_no_text_is_refused_by_name(
    tmp_path: Path, member: str
) -> None:
    path = tmp_path / "a.pub"
    write_public_file(path, public_part(Ed25519PrivateKey.generate()))
    change(path, **{member: 5})
    with pytest.raises(KeyFileError, match="is not a text"):
        read_public_part(path)


@pytest.mark.parametrize("weak", ["", "short", "1234567", "123456789012345"])
def test_a_passphrase_that_falls_to_guessing_is_refused(weak: str) -> None:
    with pytest.raises(WeakPassphrase):
        check_passphrase(weak)


def test_words_and_a_long_number_are_taken() -> None:
    check_passphrase(PASSPHRASE)
    check_passphrase("1234567890123456")

"""A sealed value opens where it was sealed, and nowhere else."""

from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from openhns.sealing import keys
from openhns.sealing.padding import SMALLEST_BUCKET, PaddingError, bucket, pad, unpad
from openhns.sealing.sealed import NotOpened
from openhns.testing import shared


def ring(*numbers: int) -> keys.KeyRing:
    return keys.KeyRing(uuid4(), {number: keys.new_key() for number in numbers}, keys.new_key())


@given(st.binary(max_size=5_000))
def test_a_content_comes_back_as_it_went_in(content: bytes) -> None:
    one, row = ring(1), uuid4()
    assert one.open("a.b.sealed", row, one.seal("a.b.sealed", row, content)) == content


@given(st.integers(0, 2**24))
def test_padding_hides_the_length_and_costs_little(length: int) -> None:
    size = bucket(length)
    assert size >= length
    assert size <= max(SMALLEST_BUCKET, length * 1.12 + 1)


def test_short_contents_all_have_one_size() -> None:
    one, row = ring(1), uuid4()
    sizes = {len(one.seal("f", row, b"x" * length)) for length in range(200)}
    assert len(sizes) == 1


@given(st.binary(max_size=600))
def test_damaged_padding_is_not_opened(content: bytes) -> None:
    padded = bytearray(pad(content))
    padded.append(0)
    with pytest.raises(PaddingError):
        unpad(bytes(padded))


def test_a_blob_moved_to_another_row_field_or_scope_does_not_open() -> None:
    one, row = ring(1), uuid4()
    blob = one.seal("a.b.sealed", row, b"a hospital")
    elsewhere = keys.KeyRing(uuid4(), one.keys, one.hash_key)
    for other, field, place in [
        (one, "a.b.sealed", uuid4()),
        (one, "a.c.sealed", row),
        (elsewhere, "a.b.sealed", row),
    ]:
        with pytest.raises(NotOpened):
            other.open(field, place, blob)


def test_any_changed_bit_is_noticed() -> None:
    one, row = ring(1), uuid4()
    blob = one.seal("f", row, b"a hospital")
    for place in range(len(blob)):
        changed = bytearray(blob)
        changed[place] ^= 1
        with pytest.raises((NotOpened, keys.UnknownKey)):
            one.open("f", row, bytes(changed))


def test_the_newest_key_seals_and_every_key_opens() -> None:
    old, row = ring(1), uuid4()
    blob = old.seal("f", row, b"before")
    both = keys.KeyRing(old.scope, {**old.keys, 2: keys.new_key()}, old.hash_key)
    assert both.open("f", row, blob) == b"before"
    with pytest.raises(keys.UnknownKey):
        old.open("f", row, both.seal("f", row, b"after"))


def test_a_data_key_opens_under_its_own_master_key_alone() -> None:
    master, scope, key = keys.new_key(), uuid4(), keys.new_key()
    wrapped = keys.wrap(master, scope, 3, key)
    assert keys.unwrap(master, scope, 3, wrapped) == key
    for args in [(keys.new_key(), scope, 3), (master, uuid4(), 3), (master, scope, 4)]:
        with pytest.raises(keys.UnknownKey):
            keys.unwrap(*args, wrapped)


def test_a_keyed_hash_tells_nothing_without_its_key() -> None:
    one, other = ring(1), ring(1)
    assert one.keyed_hash("name", "alice") == one.keyed_hash("name", "alice")
    assert one.keyed_hash("name", "alice") != other.keyed_hash("name", "alice")
    assert one.keyed_hash("name", "alice") != one.keyed_hash("email", "alice")


def test_a_key_file_is_for_its_owner_and_never_overwritten(tmp_path: Path) -> None:
    path, key = tmp_path / "keys" / "master.key", keys.new_key()
    keys.write_key_file(path, key)
    assert keys.read_master_key(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(FileExistsError):
        keys.write_key_file(path, keys.new_key())


@pytest.mark.parametrize("content", ["", "not base64!", "c2hvcnQ="])
def test_a_damaged_key_file_says_what_to_do(tmp_path: Path, content: str) -> None:
    path = tmp_path / "master.key"
    path.write_text(content)
    with pytest.raises(keys.MasterKeyError, match=r"put the file back|needs 32"):
        keys.read_master_key(path)


def test_the_cipher_agrees_with_project_wycheproof() -> None:
    """The library is trusted for AES-GCM; this shows that it is the one we think."""
    import json  # noqa: PLC0415

    vectors = json.loads(shared("vectors/wycheproof_aes_gcm_test.json").read_text())
    checked = 0
    for group in vectors["testGroups"]:
        if (group["keySize"], group["ivSize"], group["tagSize"]) != (256, 96, 128):
            continue
        for case in group["tests"]:
            checked += 1
            key, nonce = AESGCM(bytes.fromhex(case["key"])), bytes.fromhex(case["iv"])
            sealed, data = bytes.fromhex(case["ct"] + case["tag"]), bytes.fromhex(case["aad"])
            if case["result"] == "invalid":
                with pytest.raises(InvalidTag):
                    key.decrypt(nonce, sealed, data)
            else:
                assert key.decrypt(nonce, sealed, data) == bytes.fromhex(case["msg"])
    assert checked > 50

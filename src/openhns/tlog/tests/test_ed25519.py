"""The one strict rule for signatures, against published vectors and hand-made edge cases."""

import hashlib
import json
from typing import Any

import pytest

from openhns.testing import shared
from openhns.tlog import ed25519
from openhns.tlog.errors import PublicKeyError, SignatureError
from openhns.tlog.tests import curve

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
ORDER_8 = 2707385501144840649318225287225658788936804267575313519463743609750303402022
SIGN_BIT = 2**255
MESSAGE = b"the hospital in the old town"
SEED = bytes(range(32))
KEY = ed25519.public_key_of(SEED)
SIGNATURE = ed25519.sign(SEED, MESSAGE)


def little(number: int) -> bytes:
    return number.to_bytes(32, "little")


SMALL_ORDER = [
    little(y + sign) for y in (0, 1, P - 1, ORDER_8, P - ORDER_8) for sign in (0, SIGN_BIT)
]
NON_CANONICAL = [little(y + sign) for y in range(P, 2**255) for sign in (0, SIGN_BIT)]
NOT_ON_CURVE = [little(y + sign) for y in (2, 7, 8, 11) for sign in (0, SIGN_BIT)]


def wycheproof() -> list[dict[str, Any]]:
    vectors = json.loads(shared("vectors/ed25519/wycheproof_ed25519_test.json").read_text())
    return [
        {"key": bytes.fromhex(group["publicKey"]["pk"]), **test}
        for group in vectors["testGroups"]
        for test in group["tests"]
    ]


def accepts(key: bytes, signature: bytes, message: bytes) -> bool:
    try:
        ed25519.verify(key, signature, message)
    except SignatureError:
        return False
    return True


def test_every_wycheproof_vector_is_judged_as_published() -> None:
    vectors = wycheproof()
    assert len(vectors) == 151
    for vector in vectors:
        signature, message = bytes.fromhex(vector["sig"]), bytes.fromhex(vector["msg"])
        is_valid = vector["result"] == "valid"
        assert accepts(vector["key"], signature, message) is is_valid, vector["tcId"]


def test_own_signature_verifies() -> None:
    ed25519.check_public_key(KEY)
    ed25519.verify(KEY, SIGNATURE, MESSAGE)
    assert len(ed25519.generate_seed()) == 32


@pytest.mark.parametrize("key", SMALL_ORDER + NON_CANONICAL + NOT_ON_CURVE)
def test_no_unusable_public_key_is_accepted(key: bytes) -> None:
    with pytest.raises(PublicKeyError):
        ed25519.check_public_key(key)
    with pytest.raises(SignatureError):
        ed25519.verify(key, SIGNATURE, MESSAGE)


@pytest.mark.parametrize("key", SMALL_ORDER)
def test_a_small_order_key_that_would_sign_everything_is_refused(key: bytes) -> None:
    """With A of small order, R = S*B - k*A holds for some message whatever was signed."""
    for signature in (little(1) + little(0), key + little(0)):
        assert not any(accepts(key, signature, bytes([n])) for n in range(64))


@pytest.mark.parametrize("point", SMALL_ORDER + NON_CANONICAL)
def test_no_small_order_or_non_canonical_r_is_accepted(point: bytes) -> None:
    with pytest.raises(SignatureError, match="signature's R"):
        ed25519.verify(KEY, point + SIGNATURE[32:], MESSAGE)


@pytest.mark.parametrize("added", [ORDER, 2 * ORDER, 7 * ORDER])
def test_a_malleated_scalar_is_refused(added: int) -> None:
    scalar = int.from_bytes(SIGNATURE[32:], "little") + added
    with pytest.raises(SignatureError, match="group order"):
        ed25519.verify(KEY, SIGNATURE[:32] + little(scalar), MESSAGE)


@pytest.mark.parametrize("scalar", [ORDER, ORDER + 1, 2**253, 2**256 - 1])
def test_no_scalar_from_the_group_order_on_is_accepted(scalar: int) -> None:
    with pytest.raises(SignatureError, match="group order"):
        ed25519.verify(KEY, SIGNATURE[:32] + little(scalar), MESSAGE)


def test_a_key_of_mixed_order_is_bound_by_the_equation_without_the_cofactor() -> None:
    """A = a*B + T with T of order 8: S*B = R + k*A holds exactly where k*T vanishes."""
    scalar = 12345
    torsion = curve.point_of_order_8()
    assert torsion[1] in {ORDER_8, P - ORDER_8}
    key = curve.encode(curve.add(curve.multiply(curve.BASE, scalar), torsion))
    ed25519.check_public_key(key)
    r = curve.encode(curve.multiply(curve.BASE, 678))
    judged = set()
    for number in range(64):
        message = bytes([number])
        k = int.from_bytes(hashlib.sha512(r + key + message).digest(), "little") % ORDER
        signature = r + little((678 + k * scalar) % ORDER)
        assert accepts(key, signature, message) is (k % 8 == 0)
        judged.add(k % 8 == 0)
    assert judged == {True, False}


def test_an_r_of_mixed_order_is_refused() -> None:
    scalar = 12345
    key = curve.encode(curve.multiply(curve.BASE, scalar))
    straight = curve.multiply(curve.BASE, 678)
    for point in (straight, curve.add(straight, curve.point_of_order_8())):
        r = curve.encode(point)
        k = int.from_bytes(hashlib.sha512(r + key + MESSAGE).digest(), "little") % ORDER
        signature = r + little((678 + k * scalar) % ORDER)
        assert accepts(key, signature, MESSAGE) is (point == straight)


def test_any_flipped_bit_of_key_signature_or_message_is_refused() -> None:
    for bit in range(256):
        assert not accepts(flip(KEY, bit), SIGNATURE, MESSAGE)
    for bit in range(512):
        assert not accepts(KEY, flip(SIGNATURE, bit), MESSAGE)
    for bit in range(8 * len(MESSAGE)):
        assert not accepts(KEY, SIGNATURE, flip(MESSAGE, bit))


@pytest.mark.parametrize("length", [0, 31, 33, 63, 65])
def test_wrong_lengths_are_refused(length: int) -> None:
    with pytest.raises(PublicKeyError):
        ed25519.check_public_key(bytes(length))
    with pytest.raises(SignatureError):
        ed25519.verify(KEY, bytes(length), MESSAGE)


def flip(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)

"""A signed message is read by others as by us, and by nobody once it was changed."""

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from joserfc import jws as independent
from joserfc.jwk import OKPKey

from openhns.proofs import jws
from openhns.proofs.jws import JwsError

ALICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BOB = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PAYLOAD = {"text": "مستشفى", "number": 7}


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


# RFC 9864 gives "EdDSA" a successor; docs/decisions/0006 says why ours is still the old name.
@pytest.mark.filterwarnings("ignore:EdDSA is deprecated")
def test_an_independent_reader_accepts_what_we_sign() -> None:
    text = jws.sign(ALICE, "openhns-notice", PAYLOAD)
    key = OKPKey.import_key(dict(jws.jwk(public(ALICE))))
    read = independent.deserialize_compact(text, key, algorithms=["EdDSA", "Ed25519"])
    assert json.loads(read.payload) == PAYLOAD
    assert key.thumbprint() == jws.thumbprint(public(ALICE))


def test_it_names_the_key_by_its_rfc_8037_thumbprint() -> None:
    """RFC 8037 appendix A.2 and A.3."""
    key = jws.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
    assert jws.thumbprint(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


def test_what_one_signed_another_did_not() -> None:
    text = jws.sign(ALICE, "openhns-notice", PAYLOAD)
    assert jws.verify(text, public(ALICE), "openhns-notice") == PAYLOAD
    with pytest.raises(JwsError, match="another key"):
        jws.verify(text, public(BOB), "openhns-notice")
    with pytest.raises(JwsError, match="not a 'openhns-receipt'"):
        jws.verify(text, public(ALICE), "openhns-receipt")


@given(st.data())
@settings(max_examples=300)
def test_any_changed_character_is_noticed(data: st.DataObject) -> None:
    text = jws.sign(ALICE, "openhns-notice", PAYLOAD)
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.characters(codec="ascii").filter(lambda c: c != text[place]))
    with pytest.raises(JwsError):
        jws.verify(text[:place] + other + text[place + 1 :], public(ALICE), "openhns-notice")


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "none", "kid": "k", "typ": "t"},
        {"alg": "EdDSA", "kid": "k", "typ": "t", "jwk": {}},
        {"alg": "EdDSA", "typ": "t"},
        {"alg": "EdDSA", "kid": 5, "typ": "t"},
        ["alg"],
    ],
)
def test_no_header_leads_elsewhere(header: object) -> None:
    head = jws.encode(json.dumps(header, separators=(",", ":"), sort_keys=True).encode())
    with pytest.raises(JwsError):
        jws.read(f"{head}.{jws.encode(b'{}')}.{jws.encode(bytes(64))}")


@given(st.text(max_size=200))
def test_no_text_brings_the_reader_down(text: str) -> None:
    with pytest.raises(JwsError):
        jws.read(text)

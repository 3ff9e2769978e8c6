"""A text full of combining marks takes no time, and no language's own text is touched."""

import json
import subprocess
import sys
import unicodedata
from pathlib import Path
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhns.formats.header_words import fold_header
from openhns.proofs import jws
from openhns.proofs.canonical import CanonicalError, canonical
from openhns.proofs.marks import MOST_MARKS, composed, cut_runs
from openhns.proofs.tests.forging import forged

SLOW = "a" + "\u0301\u0316" * 500_000
HEADER = jws.encode(canonical({"alg": "EdDSA", "kid": "k", "typ": "openhns-notice"}))


def test_a_hostile_jws_is_refused_quickly_before_any_key_is_looked_for() -> None:
    payload = jws.encode(json.dumps({"a": SLOW}, ensure_ascii=False).encode())
    begun = perf_counter()
    with pytest.raises(jws.JwsError, match="combining marks"):
        jws.read(f"{HEADER}.{payload}.AA")
    assert perf_counter() - begun < 2


@pytest.mark.parametrize("escaped", [True, False])
def test_verify_names_the_step_that_such_a_file_fails(tmp_path: Path, *, escaped: bool) -> None:
    file = tmp_path / "proof.json"
    whole = json.loads(forged().to_bytes())
    file.write_text(json.dumps(whole | {"subject": SLOW}, ensure_ascii=escaped))
    done = subprocess.run(
        [Path(sys.executable).with_name("openhns"), "verify", file],
        check=False,
        capture_output=True,
        text=True,
        timeout=20,
    )
    (failed,) = (line for line in done.stdout.splitlines() if "FAILS" in line)
    assert failed.split()[:2] == ["1.", "form"]
    assert "more than 30 combining marks in a row" in failed


def test_a_run_of_thirty_stays_and_what_follows_is_cut() -> None:
    run = "\u0301" * MOST_MARKS
    assert canonical(f"a{run}b{run}")
    with pytest.raises(CanonicalError):
        canonical(f"a{run}\u0316")
    assert cut_runs(f"a{run}\u0316b{run}") == f"a{run}b{run}"


@given(st.text())
def test_ordinary_text_is_only_composed(text: str) -> None:
    assert composed(text) == unicodedata.normalize("NFC", text)


def test_a_header_of_marks_is_folded_quickly() -> None:
    begun = perf_counter()
    fold_header(SLOW)
    assert perf_counter() - begun < 2

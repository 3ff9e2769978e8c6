"""What tests of several rooms share; nothing in the product imports it."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]


def shared(path: str) -> Path:
    """Return a real input from the folder beside the project, or skip the test."""
    found = PROJECT.parent / "shared" / path
    if not found.exists():
        pytest.skip(f"real input {path} is not beside this checkout")
    return found

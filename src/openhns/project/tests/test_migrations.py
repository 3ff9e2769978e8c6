"""The tables that migrations make are the tables that the code expects."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_table_has_changed_without_a_migration(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=1)
    assert capsys.readouterr().out.strip() == "No changes detected"

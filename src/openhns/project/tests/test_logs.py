"""No value of the domain ever reaches a log line."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from openhns.project.logs import configure_logs
from openhns.record.fixed_sql import values_by_sql

SITE = UUID("0190a5f0-0000-7000-8000-000000000001")
SECRETS = ("Alice Clinic", "مستشفى", "14.4974", "+223 20 22 27 12", "8a1fb46622dffff")


class Grade(StrEnum):
    EXACT = "exact"


def _fail() -> None:
    raise ValidationError(SECRETS[0], code="too_far")


@pytest.fixture(autouse=True)
def logs_of_the_product() -> Iterator[None]:
    configure_logs({"level": "debug"})
    yield
    configure_logs(settings.LOGGING)


def _last(captured: pytest.CaptureFixture[str]) -> dict[str, Any]:
    line = captured.readouterr().err.splitlines()[-1]
    found: dict[str, Any] = json.loads(line)
    return found


def test_names_of_events_ids_counts_and_times_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    structlog.get_logger().info(
        "site:clear",
        site=SITE,
        subject=str(SITE),
        rows=3,
        grade=Grade.EXACT,
        took_seconds=0.25,
        after=timedelta(hours=1),
        late=False,
    )
    line = _last(capsys)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "event": "site:clear",
        "site": str(SITE),
        "subject": str(SITE),
        "rows": 3,
        "grade": "exact",
        "took_seconds": 0.25,
        "after": 3600.0,
        "late": False,
    }


@pytest.mark.parametrize("secret", SECRETS)
def test_words_and_places_are_withheld_wherever_they_stand(
    secret: str, capsys: pytest.CaptureFixture[str]
) -> None:
    log = structlog.get_logger()
    log.warning(secret)
    log.warning("site:clear", name=secret, state=secret, **{secret: 1})
    log.warning(
        "site:clear",
        positions=[secret],
        latitude=14.4974,
        lat_e7=144974000,
        nested={"state": secret},
    )
    written = capsys.readouterr().err
    assert secret not in written
    assert "14.49" not in written
    assert "14497" not in written
    assert written.count("(withheld)") >= 6


def test_an_error_is_named_by_class_code_and_line(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        _fail()
    except ValidationError:
        structlog.get_logger().exception("notice:transmit")
    line = _last(capsys)
    assert line["error"] == "django.core.exceptions.ValidationError"
    assert line["error_code"] == "too_far"
    assert line["error_line"].endswith(f":{_fail.__code__.co_firstlineno + 1}")
    assert SECRETS[0] not in json.dumps(line, ensure_ascii=False)


@pytest.mark.django_db
def test_an_error_of_the_database_is_named_by_its_code_and_by_our_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        with transaction.atomic():
            values_by_sql("SELECT nothing FROM nowhere")
    except DatabaseError:
        structlog.get_logger().exception("notice:transmit")
    line = _last(capsys)
    assert line["error_code"] in {"SQLITE_ERROR", "42P01"}
    assert line["error_line"].startswith(("django.db.", "psycopg."))
    assert line["error_own_line"].startswith("openhns.")
    assert "nowhere" not in json.dumps(line)


@pytest.mark.parametrize("name", ["django.request", "django.db.backends", "pyogrio", "openhns.x"])
def test_messages_of_libraries_lose_their_text(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger(name).warning("Not found: %s", SECRETS[0])
    logging.getLogger(name).error(SECRETS[1], exc_info=ValueError(SECRETS[2]))
    written = capsys.readouterr().err
    assert written
    for secret in SECRETS:
        assert secret not in written
    line = json.loads(written.splitlines()[-1])
    assert (line["logger"], line["error"]) == (name, "builtins.ValueError")


def test_less_important_messages_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs({"level": "warning"})
    structlog.get_logger().info("site:clear")
    logging.getLogger("openhns").info("site:clear")
    assert capsys.readouterr().err == ""

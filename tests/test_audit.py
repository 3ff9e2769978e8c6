"""The audit names each row that was changed, added or removed behind the log's back."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from openhns.cli import main
from openhns.incidents.models import Incident
from openhns.incidents.publishing import do_consent_to_publish
from openhns.incidents.tests.building import report
from openhns.notices.actions.replying import do_reply
from openhns.notices.models import Receipt
from openhns.overview.models import Edition
from openhns.parties.actions import do_name_focal_point
from openhns.record.models import AuditedRow
from openhns.registry.actions.signing import do_sign
from openhns.registry.tests.building import clinic, submit
from tests.access_world import furnished
from tests.road import Road

Execute = Callable[..., Any]


@contextmanager
def behind_the_back(road: Road) -> Iterator[Execute]:
    """Reach past the product into its database, as a thief or a careless hand would."""
    url = road.installation.database_url
    if url.startswith("sqlite"):
        connection: Any = sqlite3.connect(url.removeprefix("sqlite:///"))
        connection.execute("PRAGMA foreign_keys = OFF")
    else:
        connection = psycopg.connect(url)
        connection.execute("SET session_replication_role = replica")
    try:
        yield connection.execute
        connection.commit()
    finally:
        connection.close()


def findings(road: Road) -> list[dict[str, str]]:
    answer = road.json("log", "audit", expect=1)
    assert answer["intact"] is False
    return list(answer["findings"])


def one_of(execute: Execute, table: str) -> str:
    row = execute(f"SELECT id FROM {table} ORDER BY id LIMIT 1").fetchone()  # noqa: S608
    return str(row[0])


def label(row: str) -> str:
    return row.replace("-", "")


AUDITED = [
    ("registry_version", "valid_from = '2020-01-01'"),
    ("registry_version", "sealed = (SELECT sealed FROM registry_check LIMIT 1)"),
    ("registry_listing", "status = 'closed'"),
    ("registry_consent", "grade = 'exact'"),
    ("registry_sheetimport", "imported_at = '2020-01-01'"),
    ("notices_notice", "grade = 'presence'"),
    ("notices_receipt", "grade = 'D'"),
    ("parties_partykey", "revoked_at = '2020-01-01'"),
]


@pytest.mark.parametrize("change", AUDITED, ids=lambda change: f"{change[0]} {change[1][:12]}")
def test_a_row_that_was_changed_is_named(small: Road, change: tuple[str, str]) -> None:
    table, assignment = change
    with behind_the_back(small) as execute:
        where = _unlike(table, assignment)
        row = execute(f"SELECT id FROM {table} {where} ORDER BY id LIMIT 1").fetchone()  # noqa: S608
        if isinstance(row[0], str):
            execute(f"UPDATE {table} SET {assignment} WHERE id = '{row[0]}'")  # noqa: S608
        else:
            execute(f"UPDATE {table} SET {assignment} WHERE id = '{row[0]!s}'")  # noqa: S608
    found = [one for one in findings(small) if one["kind"] == "row changed"]
    assert [label(str(row[0])) in label(one["where"]) for one in found] == [True]


def _unlike(table: str, assignment: str) -> str:
    column, _, value = assignment.partition(" = ")
    return f"WHERE {column} <> {value}" if table == "registry_consent" else ""


def _furnished_whole() -> None:
    """Make the world in which something of every kind is there, and what it lacks."""
    here = furnished("here")
    world, party = here.world, here.world.parties[0]
    do_name_focal_point(party, "A duty officer", acting_user=world.administrator)
    query = Receipt.objects.get(id=here.samples["query"])
    do_reply(query, "The north gate.", acting_user=world.bob)
    do_sign(submit(world, clinic()).version, acting_user=world.second_approver)
    now = timezone.now()
    assert report(world, start=now, end=now).incident.claims.filter(matches__isnull=False).exists()
    own = Incident.objects.get(id=here.samples["incident"])
    do_consent_to_publish(own, organisation=world.organisation, acting_user=world.alice)


def audited() -> Iterator[type[AuditedRow]]:
    """Yield the models whose rows the log watches."""
    yield from (m for m in apps.get_models() if issubclass(m, AuditedRow))


def _otherwise(model: type[AuditedRow]) -> str:
    """Return an assignment that changes one audited column of any row of a model."""
    values: dict[type[models.Field[Any, Any]], str] = {
        models.DateTimeField: "'2001-01-01 00:00:00'",
        models.CharField: "'otherwise'",
        models.IntegerField: "{} + 1",
        models.BooleanField: "NOT {}",
        models.BinaryField: "X'00'" if connection.vendor == "sqlite" else "'\\x00'",
    }
    return next(
        f"{field.column} = {value.format(field.column)}"
        for kind, value in values.items()
        for field in model._meta.concrete_fields
        if isinstance(field, kind) and field.name not in model.unaudited
    )


def _audited_here(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    main(["log", "audit", "--json"])
    return dict(json.loads(capsys.readouterr().out))


@pytest.mark.django_db(transaction=True)
def test_in_each_audited_table_a_row_that_was_changed_is_named(
    data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    del data_folder
    _furnished_whole()
    Edition.objects.all().delete()  # It stands here without its event: see test_editions.py.
    assert main(["tick"]) == 0
    assert _audited_here(capsys)["findings"] == []
    changed, empty = {}, set()
    with connection.cursor() as cursor:
        for model in audited():
            row = model._default_manager.order_by("pk").values_list("pk", flat=True).first()
            if row is None:
                empty.add(model.__name__)
                continue
            statement = f"UPDATE {model._meta.db_table} SET {_otherwise(model)} WHERE id = %s"  # noqa: S608
            cursor.execute(statement, [row.hex if connection.vendor == "sqlite" else row])
            changed[label(f"{model._meta.label_lower}:{row}")] = model.__name__
    findings_here = _audited_here(capsys)["findings"]
    found = [label(one["where"]) for one in findings_here if one["kind"] == "row changed"]
    assert {n for row, n in changed.items() if not any(row in where for where in found)} == set()
    # Imported sheets are changed on the road above.
    assert empty == {"Edition", "SheetImport"}


@pytest.mark.parametrize("table", ["registry_consent", "notices_receipt", "registry_decision"])
def test_a_row_that_was_removed_is_named(small: Road, table: str) -> None:
    with behind_the_back(small) as execute:
        row = one_of(execute, table)
        execute(f"DELETE FROM {table} WHERE id = '{row}'")  # noqa: S608
    found = [one for one in findings(small) if one["kind"] == "row removed"]
    assert [label(row) in label(one["where"]) for one in found] == [True]


def test_a_row_that_was_added_is_named(small: Road) -> None:
    new = "11111111111111111111111111111111"
    with behind_the_back(small) as execute:
        execute(
            "INSERT INTO registry_signature (id, version_id, person_id, signed_at) "  # noqa: S608
            f"SELECT '{new}', version_id, person_id, decided_at FROM registry_decision LIMIT 1"
        )
    found = [one for one in findings(small) if one["kind"] == "row added"]
    assert [new in label(one["where"]) for one in found] == [True]


def test_an_event_that_was_removed_leaves_a_leaf_that_says_so(small: Road) -> None:
    with behind_the_back(small) as execute:
        execute("DELETE FROM record_event WHERE name = 'receipt:recorded'")
    kinds = {one["kind"] for one in findings(small)}
    assert {"event removed", "chain"} <= kinds


def test_an_event_whose_columns_were_changed_is_named(small: Road) -> None:
    with behind_the_back(small) as execute:
        execute("UPDATE record_event SET happened_at = '2020-01-01' WHERE name = 'notice:prepared'")
    found = [one for one in findings(small) if one["kind"] == "event changed"]
    assert len(found) == len(small.answers["transmit"]["notices"])


LOGS_OWN = [
    ("UPDATE record_log SET size = size - 8", "log"),
    ("DELETE FROM record_log", "log"),
    ("DELETE FROM record_chain", "chain"),
    ("UPDATE record_chain SET count = count + 1", "chain"),
    ("UPDATE record_log SET frontier = root", "log"),
    ("UPDATE record_tick SET made_at = '2020-01-01' WHERE number = 2", "tick"),
    ("UPDATE record_tick SET size = size + 1 WHERE number = 2", "tick"),
    ("UPDATE record_event SET audience = id WHERE name = 'consent:given'", "chain"),
    ("UPDATE record_event SET audience = NULL WHERE name = 'notice:prepared'", "chain"),
]


@pytest.mark.parametrize("damage", LOGS_OWN, ids=lambda damage: damage[0])
def test_damage_to_the_records_own_rows_is_named(small: Road, damage: tuple[str, str]) -> None:
    statement, kind = damage
    with behind_the_back(small) as execute:
        execute(statement)
    assert kind in {one["kind"] for one in findings(small)}


def test_a_revoked_key_does_not_become_good_by_swapping_the_order_of_events(small: Road) -> None:
    kid = small.json("party", "list")["parties"][0]["keys"][0]["kid"]
    small.run("party", "revoke", "--party", "Party A", "--kid", kid)
    with behind_the_back(small) as execute:
        names = ("party-key:registered", "party-key:revoked")
        one, other = (
            execute(f"SELECT seq FROM record_event WHERE name = '{name}'").fetchone()[0]  # noqa: S608
            for name in names
        )
        for old, new in ((one, -1), (other, one), (-1, other)):
            execute(f"UPDATE record_event SET seq = {new} WHERE seq = {old}")  # noqa: S608
        execute("UPDATE parties_partykey SET revoked_at = NULL")
    found = [one for one in findings(small) if one["kind"] == "row changed"]
    assert ["parties.partykey" in one["where"] for one in found] == [True]


def test_a_published_log_put_back_to_yesterday_is_named(small: Road) -> None:
    checkpoint = small.installation.data / "tiles" / "checkpoint"
    yesterday = checkpoint.read_bytes()
    small.run("tick")
    checkpoint.write_bytes(yesterday)
    assert "published" in {one["kind"] for one in findings(small)}


def test_a_published_entry_that_was_changed_is_named(small: Road) -> None:
    bundle = next((small.installation.data / "tiles" / "tile" / "entries").rglob("[0-9]*"))
    while bundle.is_dir():
        bundle = max(bundle.iterdir(), key=lambda path: int(path.name))
    data = bytearray(bundle.read_bytes())
    data[40] ^= 1
    bundle.write_bytes(bytes(data))
    assert "published" in {one["kind"] for one in findings(small)}


def test_a_stranger_audits_the_tiles_alone(small: Road) -> None:
    tiles, policy = small.installation.data / "tiles", small.policy()
    assert small.json("log", "audit", tiles, "--policy", policy)["intact"] is True
    text = (tiles / "checkpoint").read_text()
    (tiles / "checkpoint").write_text(text.replace("\n", "\n1", 1))
    assert small.json("log", "audit", tiles, "--policy", policy, expect=1)["intact"] is False

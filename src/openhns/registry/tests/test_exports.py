"""The register leaves the operator only when two people want it to."""

import csv
import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from openhns.formats.csv_out import check_csv
from openhns.mechanism.models import ExactRead, Proposal, Role
from openhns.mechanism.tests.screens import (
    bob,
    colleague,
    give,
    outsider,
    path,
    said,
    send,
    text_of,
)
from openhns.proofs.canonical import parse
from openhns.record.actions import do_tick
from openhns.record.audit import audit_logs
from openhns.record.models import Event, Log
from openhns.registry.tests.building import clinic, submit
from openhns.testing_world import World, kept, make_world, visitor

pytestmark = pytest.mark.django_db(transaction=True)
ASK = {"export": "sites", "why": "The ministry's annual count."}


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return kept(_world)


def _world() -> World:
    world = make_world()
    for number in (1, 2, 3):
        submit(world, clinic(number))
    return world


def asked(world: World) -> str:
    send(bob(world), path(world, "exports/"), ASK)
    return path(world, f"requests/{Proposal.objects.get().id}/")


def test_one_asks_another_agrees_and_whoever_asked_takes_the_file(
    world: World, tmp_path: Path
) -> None:
    request = asked(world)
    assert "has not agreed" in said(send(bob(world), f"{request}file/"))
    assert "You asked for this yourself" in said(send(bob(world), f"{request}agree/"))
    assert "annual count" in text_of(colleague(world), request)
    send(colleague(world), f"{request}agree/")
    assert colleague(world).post(f"{request}file/").status_code == 404
    answer = bob(world).post(f"{request}file/")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    file = tmp_path / "sites.csv"
    file.write_bytes(answer.content)
    stated = check_csv(file)
    assert stated.count == 3
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == {f"Aljanabandia clinic {n}" for n in (1, 2, 3)}
    assert {row["latitude"] for row in rows} == {"16.28001", "16.29001", "16.30001"}
    body = answer.content.partition(b"\r\n")[2]
    assert hashlib.sha256(body).hexdigest() == stated.sha256
    event = parse(Event.objects.get(name="export:taken").canonical)["body"]
    assert (event["count"], event["sha256"]) == (3, stated.sha256)
    journal = ExactRead.objects.get(person=world.bob)
    assert (journal.listings, journal.content["purpose"]) == (3, "export sites")
    do_tick(world.mechanism.id)
    assert audit_logs(Log.objects.all()).findings == []


def test_agreement_lasts_a_day(world: World) -> None:
    request = asked(world)
    send(colleague(world), f"{request}agree/")
    Proposal.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "too long ago" in said(send(bob(world), f"{request}file/"))
    assert not Event.objects.filter(name="export:taken").exists()


def test_whoever_lost_the_role_takes_nothing(world: World) -> None:
    request = asked(world)
    send(colleague(world), f"{request}agree/")
    Role.objects.filter(person=world.bob).update(ended_at=timezone.now())
    assert bob(world).post(f"{request}file/").status_code == 404


def test_a_declined_export_is_never_written(world: World) -> None:
    request = asked(world)
    send(colleague(world), f"{request}decline/", {"reason": "Send counts instead."})
    assert "has not agreed" in said(send(bob(world), f"{request}file/"))
    assert "Send counts instead." in text_of(bob(world), request)


def test_an_export_needs_its_reason_and_a_kind_that_there_is(world: World) -> None:
    page = path(world, "exports/")
    assert "This field is required." in said(send(bob(world), page, {"export": "sites"}))
    assert "Select a valid choice" in said(send(bob(world), page, ASK | {"export": "people"}))


def test_only_the_operator_asks_and_agrees(world: World) -> None:
    request = asked(world)
    give(world, world.outsider, Role.Name.AUDITOR)
    for client in (outsider(world), visitor(world.alice)):
        assert client.get(path(world, "exports/")).status_code == 404
        for rest in ("", "agree/", "file/", "decline/"):
            assert client.post(request + rest).status_code == 404

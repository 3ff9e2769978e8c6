"""The published log is served as it stands, and nothing else is."""

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from openhns.record.actions import do_tick
from openhns.record.guard import folder_of
from openhns.record.writing import find_log
from openhns.testing_world import World, kept, make_world
from openhns.tlog.audit import replay
from openhns.tlog.note import Verifier

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(data_folder: Path) -> World:
    del data_folder
    return kept(_world)


def _world() -> World:
    made = make_world()
    do_tick(made.mechanism.id)
    return made


def _names(world: World) -> list[str]:
    root = folder_of(find_log(world.mechanism.id)).path
    return [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]


def test_every_file_of_the_log_is_served_and_replays_to_the_same_log(
    world: World, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    for name in _names(world):
        answer = Client().get(f"/log/{name}")
        assert answer.status_code == 200
        path = copy / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answer.content)
    log = find_log(world.mechanism.id)
    assert replay(copy, [Verifier.parse(log.verifier_key)]).is_intact


def test_the_checkpoint_is_asked_for_each_time_and_tiles_are_kept_for_good(world: World) -> None:
    checkpoint = Client().get("/log/checkpoint")
    assert checkpoint.headers["Cache-Control"] == "no-cache"
    assert checkpoint.headers["Content-Type"] == "text/plain; charset=utf-8"
    tile = next(name for name in _names(world) if name.startswith("tile/0/"))
    assert "immutable" in Client().get(f"/log/{tile}").headers["Cache-Control"]


def test_what_was_not_changed_is_not_sent_again(world: World) -> None:
    client = Client()
    first = client.get("/log/checkpoint")
    again = client.get("/log/checkpoint", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    do_tick(world.mechanism.id)
    later = client.get("/log/checkpoint", headers={"if-none-match": first.headers["ETag"]})
    assert later.status_code == 200
    assert later.content != first.content


def test_head_answers_without_content_and_nothing_can_be_written(world: World) -> None:
    del world
    client = Client()
    head = client.head("/log/checkpoint")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == client.get("/log/checkpoint").headers["ETag"]
    for method in (client.post, client.put, client.delete, client.patch):
        assert method("/log/checkpoint").status_code == 405


def test_each_log_is_served_by_its_name_and_none_by_anothers(world: World) -> None:
    other = make_world(slug="second")
    do_tick(other.mechanism.id)
    client = Client()
    first = client.get(f"/logs/{world.mechanism.slug}/checkpoint").content
    assert first == client.get("/log/checkpoint").content
    second = client.get("/logs/second/checkpoint").content
    assert second.startswith(find_log(other.mechanism.id).origin.encode())
    assert client.get("/logs/third/checkpoint").status_code == 404


HOSTILE = [
    "",
    "tile",
    "tile/",
    "tile/0",
    "tile/0/",
    "../db.sqlite3",
    "..%2fdb.sqlite3",
    "%2e%2e/keys/master.key",
    "tile/../checkpoint",
    "tile/0/../0/000",
    "tile//0/000",
    "/etc/passwd",
    "checkpoint/",
    "checkpoint%00",
    "checkpoint%0a",
    "CHECKPOINT",
    "./checkpoint",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/07",
    "tile/64/000",
    "tile/00/000",
    "tile/0/0000",
    "tile/0/\u0660\u0660\u0660",
    "tile/0/x000/../000",
    "tile/-1/000",
    "tile/entries/000.p",
    "tile/0/" + "x001/" * 60 + "000",
    ".checkpoint",
    "logs/second/checkpoint",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_other_path_is_answered(world: World, name: str) -> None:
    for prefix in ("/log/", f"/logs/{world.mechanism.slug}/"):
        assert Client().get(prefix + name).status_code == 404


def test_a_folder_or_a_file_beside_the_log_is_not_there(world: World) -> None:
    root = folder_of(find_log(world.mechanism.id)).path
    (root / "tile" / "0" / "999").mkdir(parents=True)
    (root / "notes.txt").write_text("beside")
    assert Client().get("/log/tile/0/999").status_code == 404
    assert Client().get("/log/notes.txt").status_code == 404
    assert (Path(settings.OPENHNS_DATA) / "keys").is_dir()
    assert Client().get("/log/tile/0/998").status_code == 404

"""A party's liaison in a real browser: keys made, used, opened elsewhere, rotated and revoked."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route
from pytest_django import Settings

from openhns.cli import main
from openhns.notices.models import Notice, Objection, Receipt
from openhns.notices.tests.building import add_listing, site_facts, transmit
from openhns.parties.models import PartyKey
from openhns.proofs.key_file import read_key_file
from openhns.testing_world import World, make_liaison, make_party_key
from tests.browser.watching import Tab

pytestmark = pytest.mark.django_db(transaction=True)
PASSPHRASE = "four plain words الكلمة"
PLACES = ((162_716_000, -446_000), (165_000_000, -446_000), (150_000_000, -40_000_000))


@dataclass
class Liaison:
    """A liaison's tab, and the addresses of the party's pages."""

    tab: Tab
    names: dict[str, object]

    @property
    def page(self) -> Page:
        return self.tab.page

    def go(self, name: str, query: str = "", **more: object) -> Page:
        return self.tab.go(reverse(name, kwargs=self.names | more) + query)

    def make_key(self, folder: Path, replaces: str = "") -> Path:
        """Make a key on its page, and return the file that the browser wrote."""
        page = self.go("parties-keys")
        page.wait_for_selector("#here:not([hidden])")
        if replaces:
            page.select_option("#replaces", replaces)
        page.fill("#passphrase", PASSPHRASE)
        page.fill("#again", PASSPHRASE)
        with page.expect_download() as written, page.expect_navigation():
            page.click("#make button")
        path = folder / written.value.suggested_filename
        written.value.save_as(path)
        page.wait_for_selector(".message.success")
        return path

    def answer(self, query: str) -> Page:
        page = self.go("notices-answer", query)
        page.wait_for_selector("#answering:not([hidden])")
        page.fill("#echelon", "Corps  الفيلق")
        page.click("#answering button")
        return page


@pytest.fixture
def liaison(world: World, tab: Tab) -> Liaison:
    """Sign the liaison of Party A in; three exact sites wait for an answer."""
    party = world.parties[0]
    for number, place in enumerate(PLACES, start=1):
        add_listing(world, site_facts(f"Hospital {number}", place), {party: "exact"})
    transmit(world)
    tab.let_in(make_liaison(party, world.administrator))
    return Liaison(tab, {"mechanism": world.mechanism.slug, "party": party.id})


def test_a_key_made_in_the_browser_signs_here_and_on_the_command_line(
    world: World, liaison: Liaison, tmp_path: Path, settings: Settings
) -> None:
    path = liaison.make_key(tmp_path)
    key = PartyKey.objects.get()
    assert (key.grade, key.party) == ("B", world.parties[0])
    _, public = read_key_file(path, PASSPHRASE)
    assert (public.kid, public.possession) == (key.kid, key.possession)
    assert key.kid in liaison.page.inner_text("#kept")
    # Several in one go, in the page.
    page = liaison.answer("?number=1&number=2")
    page.wait_for_selector("#said.success")
    rows = Receipt.objects.order_by("notice__number")
    assert [(r.notice.number, r.grade, r.bulk, r.content["echelon"]) for r in rows] == [
        (1, "B", True, "Corps  الفيلق"),
        (2, "B", True, "Corps  الفيلق"),
    ]
    # The rest with the same key's file, where there is no page.
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    settings.OPENHNS_KEY_PASSPHRASE_FILE = secret
    notice = Notice.objects.get(number=3)
    words = ["--party", "Party A", "--key", path, "--notice", notice.id]
    assert main(["party", "acknowledge", *map(str, words)]) == 0
    assert Receipt.objects.get(notice=notice).grade == "B"


def test_all_that_wait_are_answered_and_an_objection_is_signed(
    world: World, liaison: Liaison, tmp_path: Path
) -> None:
    liaison.make_key(tmp_path)
    page = liaison.answer("?up_to=3")
    page.wait_for_selector("#said.success")
    assert Receipt.objects.filter(bulk=True, answer="acknowledged").count() == 3
    page = liaison.go("notices-object", number=2)
    page.wait_for_selector("#with-key:not([hidden])")
    page.fill("[name=grounds]", "Fighters were seen.\nTwice, by two of us. مقاتلون")
    page.check("[name=warning]")
    page.fill("[name=limit_at]", "2999-01-05T09:30")
    page.select_option("[name=zone]", "+03:00")
    page.fill("[name=made_by]", "General staff")
    page.click("#objecting button")
    page.wait_for_url("**/inbox/2/")
    objection = Objection.objects.get()
    assert (objection.grade, objection.warning) == ("B", True)
    assert objection.time_limit is not None
    assert objection.time_limit.isoformat() == "2999-01-05T06:30:00+00:00"
    assert objection.content["grounds"] == "Fighters were seen.\nTwice, by two of us. مقاتلون"
    assert world.mechanism


def test_a_key_file_of_the_command_line_is_opened_in_the_browser(
    liaison: Liaison, tmp_path: Path, settings: Settings
) -> None:
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE)
    settings.OPENHNS_KEY_PASSPHRASE_FILE = secret
    path = tmp_path / "made.key"
    assert main(["party", "keygen", "--party", "Party A", "-o", str(path)]) == 0
    page = liaison.go("parties-keys")
    page.wait_for_selector("#here:not([hidden])")
    page.set_input_files("#file", path)
    page.fill("#file-passphrase", "another passphrase")
    page.click("#load button")
    page.wait_for_selector("#said.error")
    assert not PartyKey.objects.exists()
    page.fill("#file-passphrase", PASSPHRASE)
    with page.expect_navigation():
        page.click("#load button")
    key = PartyKey.objects.get()
    assert key.grade == "B"
    liaison.answer("?number=1").wait_for_selector("#said.success")
    assert Receipt.objects.get().key == key


def test_a_key_for_the_partys_own_tool_is_not_opened_in_a_browser(
    world: World, liaison: Liaison, tmp_path: Path
) -> None:
    path = liaison.make_key(tmp_path)
    PartyKey.objects.update(grade="A")
    page = liaison.go("parties-keys")
    page.wait_for_selector("#here:not([hidden])")
    page.set_input_files("#file", path)
    page.fill("#file-passphrase", PASSPHRASE)
    page.click("#load button")
    page.wait_for_selector("#said.error")
    assert "grade A" in page.inner_text("#said")
    assert world.mechanism


def test_a_key_is_rotated_and_the_old_one_signs_no_more(liaison: Liaison, tmp_path: Path) -> None:
    liaison.make_key(tmp_path)
    old = PartyKey.objects.get()
    liaison.make_key(tmp_path, replaces=old.kid)
    old.refresh_from_db()
    assert old.revoked_at is not None
    new = PartyKey.objects.get(revoked_at=None)
    assert old.kid not in liaison.page.inner_text("#kept")
    liaison.answer("?number=1").wait_for_selector("#said.success")
    assert Receipt.objects.get().key == new


def test_a_revoked_key_signs_no_more_in_its_browser(liaison: Liaison, tmp_path: Path) -> None:
    liaison.make_key(tmp_path)
    page = liaison.page
    page.click("table a")
    page.wait_for_selector("form button.danger")
    page.click("form button.danger")
    page.wait_for_selector(".message.success")
    assert PartyKey.objects.get().revoked_at is not None
    liaison.go("notices-answer", "?number=1")
    page.wait_for_timeout(300)
    assert page.is_visible("#without-key")
    assert not page.is_visible("#answering")


def test_the_private_half_cannot_be_read_once_it_is_kept(liaison: Liaison, tmp_path: Path) -> None:
    liaison.make_key(tmp_path)
    kept = liaison.page.evaluate("""async () => {
      const opened = await new Promise((done) => {
        const asked = indexedDB.open("openhns-keys");
        asked.onsuccess = () => done(asked.result);
      });
      const all = await new Promise((done) => {
        const asked = opened.transaction("keys").objectStore("keys").getAll();
        asked.onsuccess = () => done(asked.result);
      });
      const ways = await Promise.allSettled(
        ["jwk", "pkcs8", "raw"].map((way) => crypto.subtle.exportKey(way, all[0].key)));
      return [all.length, all[0].key.extractable, ways.map((way) => way.status)];
    }""")
    assert kept == [1, False, ["rejected"] * 3]


def test_a_page_signs_nothing_but_what_it_says(liaison: Liaison, tmp_path: Path) -> None:
    liaison.make_key(tmp_path)
    changes: list[Callable[[list[Any]], None]] = [
        *(partial(_payload, member, value) for member, value in ALTERED.items()),
        _exchanged,
        _left_out,
    ]
    for change in changes:
        liaison.page.route("**/answer/to-sign/", partial(_spoil, change))
        page = liaison.answer("?number=1&number=2")
        page.wait_for_selector("#said.error")
        assert "othing was signed" in page.inner_text("#said")
        liaison.page.unroute_all()
    assert not Receipt.objects.exists()


ALTERED: dict[str, Any] = {
    "number": 3,
    "notice_sha256": "0" * 64,
    "answer": "queried",
    "bulk": False,
    "party": "somebody",
    "echelon": "The whole army",
    "machine": True,
    "answered_at": "2001-01-01T00:00:00.000000Z",
}


def _spoil(change: Callable[[list[Any]], None], route: Route) -> None:
    answer = route.fetch()
    body = answer.json()
    change(body["items"])
    route.fulfill(response=answer, json=body)


def _payload(member: str, value: Any, items: list[Any]) -> None:
    items[0]["payload"][member] = value


def _exchanged(items: list[Any]) -> None:
    items[0]["jws"], items[1]["jws"] = items[1]["jws"], items[0]["jws"]


def _left_out(items: list[Any]) -> None:
    items.pop()


def test_each_page_of_a_party_is_without_fault_in_either_direction(
    liaison: Liaison, tmp_path: Path, language: str
) -> None:
    liaison.make_key(tmp_path)
    liaison.tab.speak(language)
    for name, query, more in (
        ("notices-inbox", "", {}),
        ("notices-notice", "", {"number": 1}),
        ("notices-answer", "?number=1&number=2", {}),
        ("notices-object", "", {"number": 1}),
        ("notices-ask", "", {"number": 1}),
        ("notices-holdings", "", {}),
        ("parties-keys", "", {}),
        ("parties-key-revoke", "", {"kid": PartyKey.objects.get().kid}),
    ):
        page = liaison.go(name, query, **more)
        page.wait_for_load_state("networkidle")
        assert liaison.tab.violations() == [], name


def test_a_query_is_signed_with_the_words_that_stand_in_the_form(
    liaison: Liaison, tmp_path: Path
) -> None:
    liaison.make_key(tmp_path)
    page = liaison.go("notices-ask", number=2)
    page.wait_for_selector("#with-key:not([hidden])")
    page.fill("[name=question]", " Which gate?\nمن  الفيلق? ")
    page.fill("[name=echelon]", "Corps")
    with page.expect_navigation():
        page.click("#asking button")
    assert "grade B" in page.inner_text("main")
    query = Receipt.objects.get()
    assert (query.notice.number, query.grade, query.answer) == (2, "B", "queried")
    assert query.question == "Which gate?\nمن  الفيلق?"


def test_what_is_selected_in_the_inbox_is_answered(
    world: World, liaison: Liaison, tmp_path: Path
) -> None:
    make_party_key(world.parties[0], world.administrator)
    liaison.make_key(tmp_path)
    page = liaison.go("notices-inbox")
    page.check("[data-all=number]")
    page.click("main form button.first")
    page.wait_for_selector("#answering:not([hidden])")
    page.check("[value=received]")
    page.click("#answering button")
    page.wait_for_selector("#said.success")
    assert Receipt.objects.filter(answer="received", bulk=True).count() == 3


def test_two_parties_do_not_see_each_others_keys_in_one_browser(
    world: World, liaison: Liaison, tmp_path: Path
) -> None:
    liaison.make_key(tmp_path)
    other = world.parties[1]
    liaison.page.context.clear_cookies()
    liaison.tab.let_in(make_liaison(other, world.administrator, "Other liaison"))
    page = liaison.tab.go(reverse("parties-keys", kwargs=liaison.names | {"party": other.id}))
    page.wait_for_selector("#here:not([hidden])")
    assert PartyKey.objects.get().kid not in page.inner_text("#kept")

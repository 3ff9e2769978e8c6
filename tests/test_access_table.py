"""Who may open which page: each cell of role x page is allowed, or the one "not found".

The pages are those that the program itself knows; a page that is added is in the table at once,
and one that is in no table fails here.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from openhns.mechanism.sign_in.passwords import store_password
from openhns.mechanism.visits import PAGES
from openhns.record.models import Event
from openhns.testing_world import visitor
from tests.access_world import EDITIONS, Furnished, Viewer, furnished, viewers
from tests.pages import Address, addresses

pytestmark = pytest.mark.django_db(transaction=True)

# Of the roles that open these pages, who may see the sample: it is one person's own, or of a kind
# that others have no part in.
NARROWER: dict[str, set[str]] = {
    "mechanism-proposal": {"administrator"},
}
# What is there whatever its argument says: a day without readings is a day.
ALWAYS_THERE = {("mechanism-journal-day", "day")}
# Addresses without a mechanism: what nobody, and somebody without a role, are answered on GET.
NOT_FOUND, SIGN_IN = 404, 302
ELSEWHERE: dict[str, tuple[int, int]] = {
    "public": (200, 200),
    "home": (NOT_FOUND, 200),
    "language": (302, 302),
    "invitation": (410, 410),
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_reauthenticate": (SIGN_IN, 200),
    "account_change_password": (SIGN_IN, 200),
    "account_set_password": (NOT_FOUND, NOT_FOUND),
    "account_signup": (NOT_FOUND, NOT_FOUND),
    "account_reset_password": (NOT_FOUND, NOT_FOUND),
    "account_email": (NOT_FOUND, NOT_FOUND),
    "mfa_edit_webauthn": (NOT_FOUND, NOT_FOUND),
    "mfa_index": (SIGN_IN, 200),
    "mfa_authenticate": (SIGN_IN, 302),
    "mfa_reauthenticate": (SIGN_IN, 302),
    "mfa_activate_totp": (SIGN_IN, 302),
    "mfa_deactivate_totp": (SIGN_IN, NOT_FOUND),
    "mfa_view_recovery_codes": (SIGN_IN, NOT_FOUND),
    "mfa_generate_recovery_codes": (SIGN_IN, 302),
    "mfa_download_recovery_codes": (SIGN_IN, NOT_FOUND),
    "mfa_list_webauthn": (SIGN_IN, 200),
    "mfa_add_webauthn": (SIGN_IN, 302),
    "mfa_reauthenticate_webauthn": (SIGN_IN, 302),
    "mfa_remove_webauthn": (SIGN_IN, 302),
    "mfa_login_webauthn": (302, 302),
    "overview-log": (NOT_FOUND, NOT_FOUND),
    "overview-named-log": (NOT_FOUND, NOT_FOUND),
    "demonstration": (NOT_FOUND, NOT_FOUND),
    "demonstration-act": (405, 405),
    "demonstration-record": (NOT_FOUND, NOT_FOUND),
    "demonstration-attacks": (NOT_FOUND, NOT_FOUND),
}
# Whom a page refuses is decided before a database is asked for more than roles: once is enough.
ON_POSTGRES = settings.CONFIGURATION.test_database == "postgres"
REFUSED_BY = () if ON_POSTGRES else ("get", "post")
once = pytest.mark.skipif(
    ON_POSTGRES, reason="the same code refuses on either database: SQLite's run tries it"
)
SAMPLES = {"pk": "1", "token": "x", "name": "x", "log": "x"}
API = "api/v1/"
OF_THE_API = {"openapi-json": 200, "api-root": NOT_FOUND}


@pytest.fixture
def here(data_folder: Path) -> Furnished:
    del data_folder
    return furnished("here")


def paths() -> Iterator[tuple[str, URLPattern]]:
    """Yield each address of the program, as it is written, with its pattern."""

    def within(given: list[Any], before: str) -> Iterator[tuple[str, URLPattern]]:
        for each in given:
            written = before + str(each.pattern)
            if isinstance(each, URLResolver):
                yield from within(each.url_patterns, written)
            else:
                yield written, each

    yield from within(get_resolver().url_patterns, "")


def answer_of(client: Client, path: str, method: str = "get") -> tuple[Any, ...]:
    """Return what an answer says, without what says only which address was asked for and when."""
    answer = getattr(client, method)(path)
    body = answer.content.decode()
    for written in (f'name="next" value="{path}"', f"?next={path.replace('/', '%2F')}"):
        body = body.replace(written, "NEXT")
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]*', r"\1TOKEN", body)
    left_out = {"Date", "Content-Length", "Set-Cookie"}
    headers = {name: value for name, value in answer.headers.items() if name not in left_out}
    return answer.status_code, tuple(sorted(headers.items())), body


def absent(client: Client, slug: str = "here", method: str = "get") -> tuple[Any, ...]:
    """Return the answer for an address that no program knows."""
    return answer_of(client, f"/{slug}/there-is-no-such-page/{uuid4()}/", method)


def difference(found: tuple[Any, ...], expected: tuple[Any, ...]) -> str:
    """Return the first thing in which two answers differ, or ""."""
    for one, other in zip(found[:2], expected[:2], strict=True):
        if one != other:
            return f"{one} where {other} is told of nothing"
    lines = zip_longest(found[2].splitlines(), expected[2].splitlines())
    return next((f"{one!r} where {other!r}" for one, other in lines if one != other), "")


def may_see(viewer: Viewer, address: Address) -> bool:
    narrower = NARROWER.get(address.name)
    return viewer.belongs(address) and (narrower is None or viewer.name in narrower)


def test_every_address_under_a_mechanism_is_a_registered_page() -> None:
    unregistered = [
        written
        for written, pattern in paths()
        if "<slug:mechanism>" in written and addresses().get(pattern.name or "") is None
    ]
    assert unregistered == []


def test_every_registered_page_has_an_address() -> None:
    with_address = {address.page.name for address in addresses().values()}
    assert {name for name in PAGES if not name.startswith("tests.")} - with_address == set()


def test_every_other_address_is_in_a_table() -> None:
    others = {
        pattern.name
        for written, pattern in paths()
        if "<slug:mechanism>" not in written and not written.startswith(API)
    }
    assert others == set(ELSEWHERE)


@pytest.mark.slow
def test_each_role_opens_its_pages_and_finds_nothing_at_the_others(here: Furnished) -> None:
    wrong = []
    everybody = viewers(here, furnished("elsewhere"))
    written = Event.objects.exclude(name="exact-places:read")
    events = written.count()
    for viewer in everybody:
        methods = REFUSED_BY if viewer.role is None or not viewer.own else REFUSED_BY[:1]
        nothing = {method: absent(viewer.client, method=method) for method in methods}
        assert {answer[0] for answer in nothing.values()} <= {NOT_FOUND}
        for address in addresses().values():
            path = reverse(address.name, kwargs=here.arguments(address))
            if may_see(viewer, address):
                status = viewer.client.get(path).status_code
                if status == NOT_FOUND or status >= 500:
                    wrong.append((viewer.name, address.name, f"answered {status}"))
                continue
            for method, expected in nothing.items():
                told = difference(answer_of(viewer.client, path, method), expected)
                if told:
                    wrong.append((viewer.name, address.name, f"{method} tells {told}"))
    assert not wrong, "\n".join(map(str, wrong))
    assert written.count() == events  # Looking changes nothing; it is journalled.


@once
@pytest.mark.slow
def test_what_is_absent_and_what_is_elsewhere_is_not_found_either(here: Furnished) -> None:
    """Who may open a page finds nothing under other identifiers, nor under another mechanism's."""
    other = furnished("elsewhere")
    wrong = []
    seers = [viewer for viewer in viewers(here, other) if viewer.own and viewer.role]
    for address in addresses().values():
        seer = next((each for each in seers if may_see(each, address)), None)
        if seer is None:
            continue
        arguments = here.arguments(address)
        for name in address.arguments:
            if name == "kind" or (address.name, name) in ALWAYS_THERE:
                continue
            for strange in strangers(other, address, name):
                path = reverse(address.name, kwargs=arguments | {name: strange})
                method = "post" if seer.client.get(path).status_code == 405 else "get"
                expected = absent(seer.client, method=method)
                told = difference(answer_of(seer.client, path, method), expected)
                if told:
                    wrong.append((seer.name, address.name, name, told))
    assert not wrong, "\n".join(map(str, wrong))


def strangers(other: Furnished, address: Address, name: str) -> list[Any]:
    """Return what an argument may be put to that leads nowhere here."""
    if name == "number":
        return [999_999]
    if name == "day":
        return ["1999-01-01", "yesterday"]
    sample = other.sample(address, name)
    return [sample, "x" * 43 if name == "kid" else uuid4()]


@once
def test_a_mechanism_s_pages_do_not_tell_whether_the_mechanism_is_there(here: Furnished) -> None:
    outsider = Client()
    for address in addresses().values():
        if address.page.open:
            continue
        arguments = here.arguments(address) | {"mechanism": "nowhere"}
        path = reverse(address.name, kwargs=arguments)
        assert answer_of(outsider, path) == absent(outsider, "nowhere"), address.name


@once
def test_the_other_addresses_answer_as_their_table_says(here: Furnished) -> None:
    found = {}
    store_password(here.world.outsider, "nine blue lanterns")
    for written, pattern in paths():
        name = pattern.name or ""
        if "<slug:mechanism>" in written or written.startswith(API):
            continue
        path = "/" + re.sub(r"<[^:>]+:(\w+)>", lambda found: SAMPLES[found[1]], written)
        outsider = visitor(here.world.outsider)
        found[name] = (Client().get(path).status_code, outsider.get(path).status_code)
    assert found == ELSEWHERE


@once
def test_the_api_answers_nobody_without_a_token_and_knows_no_cookie(here: Furnished) -> None:
    wrong = []
    for written, pattern in paths():
        if not written.startswith(API):
            continue
        path = "/" + re.sub(r"<[^>]+>", str(uuid4()), written)
        for client in (Client(), visitor(here.world.bob)):
            for method in ("get", "post", "delete"):
                status = getattr(client, method)(path).status_code
                if status not in {401, 405, OF_THE_API.get(pattern.name or "", 401)}:
                    wrong.append((method, written, status))
    assert wrong == []


def test_the_table_s_exceptions_are_about_pages_that_there_are() -> None:
    assert set(NARROWER) <= set(addresses())
    assert {name for name, _ in ALWAYS_THERE} <= set(addresses())
    assert set(EDITIONS) <= set(addresses())

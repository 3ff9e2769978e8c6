"""`openhns serve` as a process: what it answers, what it does beside, and how it ends."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

import pytest
from playwright.sync_api import Page

from openhns.testing import Installation
from tests.browsers import browser
from tests.road import Road

PASSWORD = "nine blue lanterns"
ENDS_WITHIN = 15
PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetch(port: int, path: str) -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def wait_until_served(server: subprocess.Popen[str], port: int) -> None:
    for _ in range(300):
        assert server.poll() is None, server.communicate()
        try:
            fetch(port, "/account/login/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the server did not answer within 30 seconds")


@contextmanager
def served(road: Road) -> Iterator[tuple[Installation, int]]:
    """Serve an installation until the test is over, and require a clean end."""
    port = free_port()
    variables = dict(road.installation.variables) | {"OPENHNS_URL": f"http://localhost:{port}"}
    here = Installation(road.installation.data, road.installation.database_url, variables)
    server = here.start("serve", "--port", str(port))
    try:
        wait_until_served(server, port)
        yield here, port
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=ENDS_WITHIN)
        assert server.returncode == 0, errors
        assert "Traceback" not in errors
    finally:
        server.kill()
        server.wait()


@pytest.mark.slow
def test_it_answers_with_its_headers_works_beside_and_ends_when_told(road: Road) -> None:
    road.set_up()
    before = road.json("log", "checkpoint")
    with served(road) as (here, port):
        status, headers = fetch(port, "/account/login/")
        assert status == 200
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"]
        assert fetch(port, "/mali/people/")[0] == 404
        done = here.run("person", "add", "--name", "Alice")
        assert done.returncode == 0, done.stderr
        for _ in range(100):
            now = road.json("log", "checkpoint")
            if now != before:
                break
            time.sleep(0.3)
    assert now != before, "no tick was made beside the pages"


def _invited(here: Installation) -> str:
    for words in (
        ["person", "add", "--name", "Amina", "--email", "amina.of.the.operator@example.org"],
        ["person", "role", "amina.of.the.operator@example.org", "administrator"],
    ):
        done = here.run(*words)
        assert done.returncode == 0, done.stderr
    invited = here.run("person", "invite", "amina.of.the.operator@example.org")
    assert invited.returncode == 0, invited.stderr
    return invited.stdout.splitlines()[0]


def _add_passkey(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=again]", PASSWORD)
    page.click("main button.first")
    page.wait_for_url("**/account/second-factor/")
    page.goto(f"{link.partition('/welcome/')[0]}/account/second-factor/webauthn/add/")
    page.click("#passkey_add")
    page.wait_for_url("**/recovery-codes/**")


def _sign_out(page: Page, start: str) -> None:
    page.goto(f"{start}/account/logout/")
    page.click("main button.first")
    page.wait_for_url(f"{start}/")


@pytest.mark.slow
def test_a_passkey_is_added_and_signs_in_alone_and_as_the_second_factor(road: Road) -> None:
    road.set_up()
    with served(road) as (here, port), browser() as opened:
        start = f"http://localhost:{port}"
        page = opened.new_page()
        page.set_default_timeout(20_000)
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        devices = page.context.new_cdp_session(page)
        devices.send("WebAuthn.enable")
        devices.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})
        _add_passkey(page, _invited(here))

        _sign_out(page, start)
        page.goto(f"{start}/account/login/")
        page.click("#passkey_login")
        page.wait_for_url(f"{start}/home/")

        _sign_out(page, start)
        page.goto(f"{start}/account/login/")
        page.fill("[name=login]", " Amina.of.the.Operator@example.org")
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.first")
        page.wait_for_url("**/second-factor/authenticate/")
        page.click("header .language button")
        page.wait_for_selector("html[dir=rtl]")
        page.click("#passkey_second")
        page.wait_for_url(f"{start}/**")
        page.wait_for_selector("details.menu")
        assert [text for text in complaints if "Content Security Policy" in text] == []

"""A passkey is added in the browser, and signs in."""

from playwright.sync_api import Browser, Page

from openhns.testing import Installation
from tests.road import Road
from tests.serving import served

PASSWORD = "nine blue lanterns"
PASSKEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


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


def test_a_passkey_is_added_and_signs_in_alone_and_as_the_second_factor(
    road: Road, browser: Browser
) -> None:
    road.set_up()
    with served(road.installation) as (here, port), browser.new_context() as context:
        start = f"http://localhost:{port}"
        page = context.new_page()
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
        page.wait_for_selector("details.menu")

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

"""A tab of the browser that watches itself, and what is asked of every page in it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self

import axe_playwright_python
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from openhns.mechanism.models import Person
from openhns.mechanism.sign_in.passwords import store_password
from openhns.testing_world import visitor

PASSWORD = "nine blue lanterns"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30
OF_THE_DRIVER = "GL Driver Message"  # How fast pictures are drawn here is nobody's fault.
# Where something is wrong axe is asked again, then for where it stands: a quarter of its work.
AXE_RUN = """async () => {
  const asked = (selectors) => axe.run(document, { resultTypes: ["violations"], selectors });
  const first = (await asked(false)).violations;
  if (!first.length) return [];
  const found = (await asked(true)).violations.flatMap((rule) => rule.nodes.map((node) =>
    `${rule.id}: ${node.target.join(" ")}: ${node.failureSummary.replace(/\\s+/g, " ")}`));
  return found.length ? found : first.map((rule) => `${rule.id}: gone when asked again`);
}"""


@cache
def axe_source() -> str:
    return Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")


@dataclass
class Tab:
    """A page in a context of its own; `wrong` gathers what no page may do."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)
    allowed: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def opened(cls, browser: Browser, address: str, **options: Any) -> Iterator[Self]:
        """Open a tab; at its end it fails if it asked elsewhere or complained of anything."""
        context = browser.new_context(base_url=address, **options)
        context.set_default_timeout(15_000)
        tab = cls(context.new_page(), address)
        tab.watch(context)
        try:
            yield tab
            assert not tab.complaints(), "\n".join(tab.complaints())
        finally:
            context.close()

    def watch(self, context: BrowserContext) -> None:
        inside = (f"{self.address}/", "data:", f"blob:{self.address}/")

        def asked(url: str) -> None:
            if not url.startswith(inside):
                self.wrong.append(f"asked elsewhere: {url}")

        context.on("request", lambda request: asked(request.url))
        context.on("weberror", lambda error: self.wrong.append(f"fault: {error.error}"))
        context.on("console", lambda said: self._said(said.type, said.text))

    def _said(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and OF_THE_DRIVER not in text:
            self.wrong.append(f"{kind}: {text}")

    def complaints(self) -> list[str]:
        return [words for words in self.wrong if not any(part in words for part in self.allowed)]

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def speak(self, language: str) -> None:
        """Set the language as its button does."""
        self.page.context.add_cookies(
            [{"name": "openhns_language", "value": language, "url": self.address}]
        )

    def let_in(self, person: Person) -> None:
        """Give this browser the session of one in which the person has signed in."""
        session = visitor(person).cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": self.address}]
        )

    def sign_in(self, person: Person) -> None:
        """Sign the person in through the pages, by password and by a second factor."""
        prepare_sign_in(person)
        page = self.go("/account/login/")
        page.fill("[name=login]", person.handle)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button.first")
        page.wait_for_url("**/second-factor/authenticate/**")
        page.fill("[name=code]", code_of(SECRET))
        page.click("main form button.first")
        page.wait_for_selector("details.menu")

    def violations(self) -> list[str]:
        """Return what axe finds wrong on the page as it stands."""
        self.page.evaluate(axe_source())
        found: list[str] = self.page.evaluate(AXE_RUN)
        return found

    def devices(self) -> CDPSession:
        return self.page.context.new_cdp_session(self.page)


def prepare_sign_in(person: Person) -> None:
    """Give the person a password and a second factor, if they have none."""
    store_password(person, PASSWORD)
    if not Authenticator.objects.filter(user=person, type="totp").exists():
        TOTP.activate(person, SECRET)


def code_of(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD)))


@contextmanager
def weighed(tab: Tab) -> Iterator[dict[str, int]]:
    """Count what comes over the network inside the block: bytes by address, headers and all.

    What comes compressed counts as it comes; what the browser has kept counts nothing.
    """
    session = tab.devices()
    addresses: dict[str, str] = {}
    weights: dict[str, int] = {}

    def asked(event: dict[str, Any]) -> None:
        addresses[event["requestId"]] = event["request"]["url"]

    def came(event: dict[str, Any]) -> None:
        address = addresses.get(event["requestId"])
        if address is not None:  # Else it was asked for before.
            weights[address] = weights.get(address, 0) + int(event["encodedDataLength"])

    session.on("Network.requestWillBeSent", asked)
    session.on("Network.loadingFinished", came)
    session.send("Network.enable")
    yield weights
    session.detach()

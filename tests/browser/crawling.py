"""A visitor without a browser, who follows every link once for each URL name."""

from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

from lxml import html

from tests.pages import name_of

# What is no page to look at, or would change who the visitor is.
LEFT_OUT: Final = {"account_logout", "demonstration-act", "language", ""}


class LinkLeadsNowhere(AssertionError):
    """A page links to what does not answer as a page should."""


class Visitor:
    """Somebody of a served demonstration, let in by its own door.

    `sent_to` gathers the URL names to which the forms that they saw are sent.
    """

    def __init__(self, port: int, key: str) -> None:
        self._start = f"http://127.0.0.1:{port}"
        self.cookies = CookieJar()
        self.sent_to: set[str] = set()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))
        door = self.open("/demonstration/")
        token = html.fromstring(door).xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
        self.open("/demonstration/act/", {"as": key, "csrfmiddlewaretoken": token})

    def open(self, path: str, form: dict[str, str] | None = None) -> str:
        """Return a page's text, or "" for what is no page."""
        data = urlencode(form).encode() if form else None
        with self._opener.open(f"{self._start}{path}", data, timeout=30) as answer:
            body: bytes = answer.read()
            kind: str = answer.headers.get("Content-Type", "")
        return body.decode() if kind.startswith("text/html") else ""

    def every_page(self) -> dict[str, str]:
        """Return one path for each URL name to which links lead from home."""
        found: dict[str, str] = {}
        seen: set[str] = set()
        waiting = [("/home/", "the beginning")]
        while waiting:
            path, linked_from = waiting.pop(0)
            name = name_of(urlsplit(path).path)
            if name in LEFT_OUT or name in seen:
                continue
            seen.add(name)
            text = self._followed(path, linked_from)
            if text:
                found[name] = path
                waiting += [(to, path) for to in links_on(text)]
                self.sent_to |= {name_of(to) for to in forms_on(text, path)}
        return found

    def _followed(self, path: str, linked_from: str) -> str:
        try:
            return self.open(path)
        except HTTPError as error:
            raise LinkLeadsNowhere(f"{linked_from} links to {path}: {error.code}") from None


def links_on(text: str) -> list[str]:
    """Return the paths of this server to which the links of a page lead."""
    page: Any = html.fromstring(text)
    links = [link.get("href") for link in page.xpath("//a[@href and not(@download)]")]
    return [link.partition("#")[0] for link in links if link.startswith("/")]


def forms_on(text: str, at: str) -> list[str]:
    """Return the paths of this server to which the forms of a page are sent."""
    page: Any = html.fromstring(text)
    forms = [form.get("action") or at for form in page.xpath("//form")]
    forms += page.xpath("//button/@formaction")
    return [urlsplit(form).path for form in forms if form.startswith("/")]

"""A visitor without a browser, who follows every link once for each URL name."""

from collections import Counter, deque
from collections.abc import Iterator
from http.cookiejar import CookieJar
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

from lxml import html

from tests.pages import name_of

EXAMPLES: Final = 8
"""Pages of one URL name that all together open for their links: not each has all of them."""
# What is no page to look at, or would change who the visitor is.
LEFT_OUT: Final = {"account_logout", "demonstration-act", "language", ""}


class LinkLeadsNowhere(AssertionError):
    """A page links to what does not answer as a page should."""


class FormRefused(AssertionError):
    """A form came back instead of leading on."""


class Visitor:
    """Somebody of a served demonstration, let in by its own door.

    `met` gathers the URL names of all links and forms that they saw, files to keep among them.
    """

    def __init__(self, port: int, key: str) -> None:
        self._start = f"http://127.0.0.1:{port}"
        self.cookies = CookieJar()
        self.met: set[str] = set()
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

    def read(self, path: str) -> Any:
        """Return a page as elements."""
        return html.fromstring(self.open(path))

    def send(self, path: str, without: str = "", **fields: str) -> str:
        """Send the form of a page that has these fields, and return where that leads.

        Other fields keep what stands in them. `without` names a field that the form must lack.
        """
        form = next(
            form
            for form in self.read(path).xpath("//main//form[@method='post']")
            if set(fields) <= set(form.fields.keys()) and without not in form.fields
        )
        values = {**dict(form.form_values()), **fields}
        data = urlencode(values).encode()
        target = f"{self._start}{form.get('action') or path}"
        with self._opener.open(target, data, timeout=30) as answer:
            said: Any = html.fromstring(answer.read())
            came_to: str = urlsplit(answer.url).path
        refused = [each.text_content().strip() for each in said.xpath("//*[@class='errors']")]
        if refused:
            raise FormRefused(f"the form on {path}: {'; '.join(refused)}")
        return came_to

    def every_page(self, opened: Counter[str] | None = None) -> dict[str, str]:
        """Return one path for each URL name to which links lead from home.

        `opened` counts the pages of each name that others opened before: one more is enough then.
        """
        found: dict[str, str] = {}
        for name, path in self._pages(Counter() if opened is None else opened):
            found.setdefault(name, path)
        return found

    def find(self, name: str) -> str:
        """Return the first path of a URL name to which links lead from home."""
        return next(path for found, path in self._pages(Counter()) if found == name)

    def _pages(self, opened: Counter[str]) -> Iterator[tuple[str, str]]:
        """Open what links lead to, the nearest first, and give the name and path of each page."""
        own: set[str] = set()
        asked: set[str] = set()
        waiting = deque([("/home/", "the beginning")])
        while waiting:
            path, linked_from = waiting.popleft()
            name = name_of(urlsplit(path).path)
            enough = name in own and opened[name] >= EXAMPLES
            if name in LEFT_OUT or enough or path in asked:
                continue
            opened[name] += 1
            own.add(name)
            asked.add(path)
            text = self._followed(path, linked_from)
            if text:
                yield name, path
                page: Any = html.fromstring(text)
                waiting += [(to, path) for to in links_on(page)]
                self.met |= {name_of(to) for to in mentioned_on(page, path)}

    def _followed(self, path: str, linked_from: str) -> str:
        try:
            return self.open(path)
        except HTTPError as error:
            raise LinkLeadsNowhere(f"{linked_from} links to {path}: {error.code}") from None


def links_on(page: Any) -> list[str]:
    """Return the paths of this server to which the links of a page lead."""
    links = [link.get("href") for link in page.xpath("//a[@href and not(@download)]")]
    return [link.partition("#")[0] for link in links if link.startswith("/")]


def mentioned_on(page: Any, at: str) -> list[str]:
    """Return the paths of this server that a page's links, files and forms name."""
    named = page.xpath("//a/@href | //button/@formaction | //form/@action | //@data-source")
    named += [at] if page.xpath("//form[not(@action)]") else []
    return [urlsplit(each).path for each in named if each.startswith("/")]

"""What a browser would send of a page's forms."""

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Gathers the fields of a page, buttons left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {key: value or "" for key, value in attrs}
        name, kind = named.get("name", ""), named.get("type", "text")
        if tag == "input" and name and (kind not in ("checkbox", "radio") or "checked" in named):
            self.found[name] = named.get("value", "on" if kind == "checkbox" else "")
        elif tag in ("select", "textarea"):
            self._inside = name
            self.found[name] = ""
        elif tag == "option" and self._inside and "selected" in named:
            self.found[self._inside] = named.get("value", "")
            self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside and self.lasttag == "textarea":
            self.found[self._inside] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._inside = ""


def fields_of(page: str) -> dict[str, str]:
    """Return the fields of a page by name, with what stands in them."""
    fields = _Fields()
    fields.feed(page)
    return fields.found

"""What a page says, without its tags."""

from django.test import Client
from lxml import html


def words_of(client: Client, address: str, *, follow: bool = False) -> str:
    """Return the words of a page, blanks collapsed; its links on top too where it was led to."""
    answer = client.get(address, follow=follow)
    assert answer.status_code == 200
    tree = html.fromstring(answer.content.decode())
    part = tree if follow else tree.find(".//main")
    return " ".join(" ".join(part.itertext()).split())

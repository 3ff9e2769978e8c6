"""Every page is reached by links from somebody's home: nothing is there that nobody finds."""

from tests.browser.demonstration import Demonstration
from tests.pages import addresses

# Pages that the demonstration has no occasion for, and what covers them.
ELSEWHERE: dict[str, str] = {}


def test_every_page_is_found_by_somebody_in_the_demonstration(
    demonstration: Demonstration,
) -> None:
    found = {name for paths in demonstration.paths.values() for name in paths}
    found |= set(demonstration.met)
    missing = {name for name in addresses() if name not in found and name not in ELSEWHERE}
    assert not missing, "\n".join(sorted(missing))

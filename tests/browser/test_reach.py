"""Every page is reached by links from somebody's home: nothing is there that nobody finds."""

from tests.browser.demonstration import Demonstration
from tests.pages import addresses

# What the demonstration and its occasions leave out, and why.
BY_SCRIPT = "asked by a script of the pages, not by a link"
WITH_KEY = "needs a key that a party keeps in its browser: test_party.py"
ELSEWHERE = {
    "mechanism-export-take": "a file, once a second person has agreed",
    "mechanism-organisation-decide": "sent by the page of an organisation that waits for a word",
    "notices-letter-on-file": "a file that came with a letter",
    "notices-receipts": BY_SCRIPT,
    "notices-ringing": BY_SCRIPT,
    "notices-to-sign": BY_SCRIPT,
    "parties-key-register": BY_SCRIPT,
    "parties-key-revoke": WITH_KEY,
    "notices-revoke-party-key": WITH_KEY,
    "notices-send-urgent": "sent while something urgent waits",
    "notices-transmitting": "stands while notices are being made",
    "mechanism-person-revoke-tokens": "stands on the page of somebody whose programs hold tokens",
    "registry-clearing": "stands while versions are being cleared",
}


def test_every_page_is_found_by_somebody_in_the_demonstration(
    demonstration: Demonstration,
) -> None:
    found = {name for paths in demonstration.paths.values() for name in paths}
    found |= set(demonstration.met)
    missing = {name for name in addresses() if name not in found and name not in ELSEWHERE}
    assert not missing, "\n".join(sorted(missing))


def test_nothing_is_called_unreached_that_is_reached(demonstration: Demonstration) -> None:
    assert not set(ELSEWHERE) & set(demonstration.met)
    assert set(ELSEWHERE) <= set(addresses())

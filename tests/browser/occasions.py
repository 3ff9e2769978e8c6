"""What the demonstration has no occasion for, done through its pages.

Somebody applies, asks, proposes, objects, queries, and waits for another person.
"""

from collections.abc import Callable

from tests.browser.crawling import Visitor
from tests.pages import name_of

Paths = dict[str, dict[str, str]]


def make_occasions(enter: Callable[[str], Visitor]) -> Paths:
    """Do each of the acts, and return the pages to which they led, by the person's key."""
    found: Paths = {}

    def led(key: str, path: str) -> None:
        found.setdefault(key, {})[name_of(path)] = path

    erin, bob, alice = enter("erin"), enter("bob"), enter("alice")
    liaison, stranger = enter("liaison-us"), enter("outsider")
    led("outsider", _applied(stranger))
    led("erin", _invited_and_proposed(erin))
    bob_asks = {"export": "sites", "why": "A copy for the inquiry."}
    bob.send(bob.find("mechanism-exports"), **bob_asks)
    for somebody in (alice, bob):
        tokens = somebody.find("mechanism-tokens")
        somebody.send(tokens, role=_first_choice(somebody, tokens, "role"))
    objecting = liaison.find("notices-object")
    led("liaison-us", liaison.send(objecting, grounds="Armed men were seen there.", made_by="Desk"))
    asking = liaison.find("notices-ask")
    led("liaison-us", liaison.send(asking, question="Which gate?", echelon="Desk"))
    return found


def _applied(stranger: Visitor) -> str:
    told = {"name": "New Help", "person": "Nadia", "email": "nadia@example.org"}
    told["phone"] = "+22370000000"
    return stranger.send(stranger.find("mechanism-apply"), **told, about="We run clinics.")


def _invited_and_proposed(erin: Visitor) -> str:
    told = {"name": "Ivan", "email": "ivan@example.org"}
    person = erin.send(erin.find("mechanism-person-new"), **told)
    erin.send(person, without="role")
    return erin.send(person, role="reviewer", why="Bob is away.")


def _first_choice(visitor: Visitor, path: str, name: str) -> str:
    choices = visitor.read(path).xpath(f"//main//input[@name='{name}']/@value")
    return str(choices[0])

"""People who read pages: `python -m benchmarks.visiting PORT SECONDS` reads sessions from a line.

Each follows links at random, as a person does, with a second of thought before each page. Prints
one line of JSON for each page: its kind, its status, its milliseconds and its bytes.
"""

import gzip
import http.client
import json
import random
import re
import sys
import time
from threading import Thread
from typing import Any, Final

THOUGHT_S: Final = 1.0
HOME: Final = "/home/"
_LINK: Final = re.compile(r'href="(/[^"#]*)"')
_NUMBER: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|(?<=/)[0-9]+(?=/)")
# What is a file to keep, what signs out, and what asks for the password again.
_LEFT_OUT: Final = re.compile(r"^/(static|account|language|tile|checkpoint|log)|\.[a-z0-9]+($|\?)")


class Reader(Thread):
    """One person with a connection that stays open."""

    def __init__(self, number: int, session: dict[str, str], port: int, until: float) -> None:
        super().__init__(daemon=True)
        self._chance = random.Random(number)
        self._headers = {"Cookie": session["cookie"], "Accept-Encoding": "gzip"}
        self._role = session["role"]
        self._asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._until = until
        self.seen: list[dict[str, Any]] = []

    def run(self) -> None:
        time.sleep(self._chance.random() * THOUGHT_S)
        links = [HOME]
        while time.monotonic() < self._until:
            links = self._open(self._chance.choice(links)) or [HOME]
            time.sleep(THOUGHT_S)

    def _open(self, path: str) -> list[str]:
        """Open a page, following where it leads, and return its links."""
        began = time.perf_counter()
        self._asked.request("GET", path, headers=self._headers)
        answer = self._asked.getresponse()
        body = answer.read()
        ms = (time.perf_counter() - began) * 1_000
        self.seen.append(
            {
                "role": self._role,
                "page": _NUMBER.sub("N", path.partition("?")[0]),
                "status": answer.status,
                "ms": round(ms, 1),
                "bytes": len(body),
            }
        )
        return _links(answer, body)


def _links(answer: http.client.HTTPResponse, body: bytes) -> list[str]:
    there = answer.getheader("Location")
    if there:
        return [there]
    text = _unpacked(answer, body).decode(errors="replace")
    return [
        each.replace("&amp;", "&") for each in _LINK.findall(text) if not _LEFT_OUT.search(each)
    ]


def _unpacked(answer: http.client.HTTPResponse, body: bytes) -> bytes:
    return gzip.decompress(body) if answer.getheader("Content-Encoding") == "gzip" else body


def main(port: int, seconds: float) -> None:
    sessions = json.loads(sys.stdin.readline())
    until = time.monotonic() + seconds
    readers = [Reader(number, each, port, until) for number, each in enumerate(sessions)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    print(json.dumps([page for reader in readers for page in reader.seen]))


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]))

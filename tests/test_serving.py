"""`openhns serve` as a process: what it answers, what it does beside, and how it ends."""

import time

import pytest

from tests.road import Road
from tests.serving import fetch, served


@pytest.mark.slow
def test_it_answers_with_its_headers_works_beside_and_ends_when_told(road: Road) -> None:
    road.set_up()
    before = road.json("log", "checkpoint")
    with served(road.installation) as (here, port):
        status, headers = fetch(port, "/account/login/")
        assert status == 200
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"]
        assert fetch(port, "/mali/people/")[0] == 404
        done = here.run("person", "add", "--name", "Alice")
        assert done.returncode == 0, done.stderr
        for _ in range(100):
            now = road.json("log", "checkpoint")
            if now != before:
                break
            time.sleep(0.3)
    assert now != before, "no tick was made beside the pages"

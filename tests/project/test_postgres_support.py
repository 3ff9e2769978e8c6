"""The PostgreSQL of the tests serves whoever asks, and is always gone afterwards."""

import subprocess
import sys
import time
from pathlib import Path

RUN = [sys.executable, "-m", "openhns.testing_postgres", "run", "--no-fsync", "--"]
ASK = """
import os, psycopg
url = os.environ["OPENHNS_DATABASE_URL"]
with psycopg.connect(url) as connection:
    fsync = connection.execute("SHOW fsync").fetchone()[0]
    name = connection.execute("SELECT current_database()").fetchone()[0]
print(url.partition("?host=")[2], name, fsync, flush=True)
"""


def _gone(folder: Path, seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while folder.exists() and time.monotonic() < end:
        time.sleep(0.2)
    return not folder.exists()


def test_a_command_gets_a_database_hands_on_its_status_and_leaves_no_server() -> None:
    script = f"{ASK}\nraise SystemExit(3)"
    done = subprocess.run(
        [*RUN, sys.executable, "-c", script], check=False, capture_output=True, text=True
    )
    folder, name, fsync = done.stdout.split()
    assert (name, fsync, done.returncode) == ("openhns", "off", 3)
    assert not Path(folder).exists()


def test_a_killed_owner_leaves_no_server() -> None:
    waiting = f"{ASK}\nimport sys; sys.stdin.read()"
    with subprocess.Popen(
        [*RUN, sys.executable, "-c", waiting],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        assert owner.stdout is not None
        folder = Path(owner.stdout.readline().split()[0])
        assert folder.is_dir()
        owner.kill()
    assert _gone(folder)

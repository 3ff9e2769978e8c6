"""`openhns serve` as a process of its own, for tests that look at what it answers."""

import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

import pytest

from openhns.testing import Installation

ENDS_WITHIN = 15
ANSWERS_WITHIN = 30


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def fetch(port: int, path: str) -> tuple[int, Message]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
            return answer.status, answer.headers
    except urllib.error.HTTPError as error:
        return error.code, error.headers


def wait_until_served(server: subprocess.Popen[str], port: int) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < deadline:
        assert server.poll() is None, server.communicate()
        try:
            fetch(port, "/account/login/")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not answer within {ANSWERS_WITHIN} seconds")


@contextmanager
def served(installation: Installation) -> Iterator[tuple[Installation, int]]:
    """Serve an installation until the test is over, and require a clean end."""
    port = free_port()
    variables = dict(installation.variables) | {"OPENHNS_URL": f"http://localhost:{port}"}
    here = Installation(installation.data, installation.database_url, variables)
    server = here.start("serve", "--port", str(port))
    try:
        wait_until_served(server, port)
        yield here, port
        server.send_signal(signal.SIGTERM)
        _, errors = server.communicate(timeout=ENDS_WITHIN)
        assert server.returncode == 0, errors
        assert "Traceback" not in errors, errors
    finally:
        server.kill()
        server.wait()

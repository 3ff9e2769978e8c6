"""Installs a browser for the tests where that is simple: `python -m tools.install_browser`.

On Debian as root, Debian's own Chromium and a font for the languages of the pages. Elsewhere a
Chrome or Chromium that is there is used, and without one the tests that need it are skipped by
name. Whatever fails here fails no test run: it is said, and the tests go without.
"""

import os
import platform
import subprocess
import sys

from tests.browsers import find_browser

PACKAGES = ("chromium", "fonts-noto-core")
UPDATE = ("apt-get", "update", "-qq")
INSTALL = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES)


def main() -> int:
    """Install what is missing, and return 0."""
    if find_browser() is None and is_debian() and os.geteuid() == 0:
        print("Installing Debian's Chromium for the tests in a browser.", flush=True)
        if not all(installed(command) for command in (UPDATE, INSTALL)):
            print("Chromium could not be installed; the tests in a browser are skipped.")
    return 0


def is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def installed(command: tuple[str, ...]) -> bool:
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, check=False, env=environ, stdout=subprocess.DEVNULL)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

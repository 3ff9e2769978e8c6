"""Installs a browser for the tests where that is simple: `python -m tools.install_browser`.

On Debian as root, Debian's own Chromium, the shell of it that has no window, and a font for the
languages of the pages. Elsewhere a Chrome or Chromium that is there is used, and without one the
tests that need it are skipped by name. Whatever fails here fails no test run: it is said, and the
tests go without.
"""

import os
import platform
import shutil
import subprocess
import sys

from tests.browsers import SHELL, VARIABLE, find_browser

# A computer that reaches no archive waits seconds, not minutes.
AT_ONCE = ("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20")
UPDATE = ("apt-get", *AT_ONCE, "update", "-qq")
INSTALL = ("apt-get", *AT_ONCE, "install", "-y", "-qq", "--no-install-recommends")
PACKAGES = ("chromium", "fonts-noto-core")


def main() -> int:
    """Install what is missing, and return 0."""
    if is_debian() and os.geteuid() == 0 and VARIABLE not in os.environ:
        if find_browser() is None:
            print("Installing Debian's Chromium for the tests in a browser.", flush=True)
            if not all(succeeds(command) for command in (UPDATE, (*INSTALL, *PACKAGES))):
                print("Chromium could not be installed; the tests in a browser are skipped.")
        if shutil.which(SHELL) is None:
            add_shell()
    return 0


def add_shell() -> None:
    """Add the shell to a Chromium that is there, in its own version; nothing else is changed.

    It draws the same pages for four fifths of the work. Without it the tests take the browser.
    """
    asked = ("dpkg-query", "--show", "--showformat=${Version}", "chromium")
    version = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    if version and not succeeds((*INSTALL, "--no-upgrade", f"{SHELL}={version}")):
        print(f"{SHELL} could not be installed; the tests take the browser that is here.")


def is_debian() -> bool:
    try:
        return platform.freedesktop_os_release().get("ID") == "debian"
    except OSError:
        return False


def succeeds(command: tuple[str, ...]) -> bool:
    """Run a command that asks nothing, and say whether it ended well."""
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, check=False, env=environ, stdout=subprocess.DEVNULL)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())

"""The passphrase of a party's key: from a file where nobody can type, or typed."""

import getpass
import sys

from django.conf import settings

from openhns.proofs.key_file import check_passphrase


class PassphraseMissing(Exception):
    """There is neither a file with the passphrase nor a terminal to type it at."""

    code = "passphrase_missing"


class PassphrasesDiffer(Exception):
    """The passphrase was typed in two different ways."""

    code = "passphrases_differ"


def read_passphrase() -> str:
    """Return the passphrase of an existing key."""
    return _from_file() or _typed("Passphrase of the key: ")


def new_passphrase() -> str:
    """Return the passphrase of a new key, typed twice where it is typed; refuse a weak one."""
    given = _from_file()
    if given is None:
        given = _typed("New passphrase: ")
        if given != _typed("The same again: "):
            raise PassphrasesDiffer("The two passphrases differ; nothing was written.")
    check_passphrase(given)
    return given


def _from_file() -> str | None:
    path = settings.OPENHNS_KEY_PASSPHRASE_FILE
    if path is None:
        return None
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError:
        raise PassphraseMissing("The passphrase file is not UTF-8 text.") from None
    if not lines or not lines[0]:
        raise PassphraseMissing("The first line of the passphrase file is empty.")
    return str(lines[0])


def _typed(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise PassphraseMissing(
            "This needs the key's passphrase: name a file that holds it in "
            "OPENHNS_KEY_PASSPHRASE_FILE, or run the command at a terminal."
        )
    return getpass.getpass(prompt, stream=sys.stderr)

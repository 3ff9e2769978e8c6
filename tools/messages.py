"""The words of the screens: `python -m tools.messages` gathers them into each language's catalogue.

`--check` changes nothing and says what is missing. Extraction and compilation are Babel's, so no
gettext need be installed; Django's templates are read as Django itself reads them.
"""

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SOURCE: Final = Path(__file__).parents[1] / "src" / "openhns"
LOCALE: Final = SOURCE / "locale"
LANGUAGES: Final = ("ar",)
# Babel takes any container of functions' names here, whatever its annotation says.
_FUNCTIONS: Final[Any] = (
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
    "pgettext_lazy",
    "npgettext",
)
Found = tuple[str, int, str | tuple[str, ...], str | None]


def found_messages() -> Iterator[Found]:
    """Yield file, line, message and context of each string that is marked in the product."""
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        relative = path.relative_to(SOURCE)
        if {"tests", "static", "locale", "migrations"} & set(relative.parts):
            continue
        text = path.read_text(encoding="utf-8")
        code = text if path.suffix == ".py" else templatize(text, origin=str(relative))
        yield from _messages_in(str(relative), code)


def _messages_in(name: str, code: str) -> Iterator[Found]:
    extracted: Any = extract_python(io.BytesIO(code.encode()), _FUNCTIONS, [], {})
    for line, function, messages, _ in extracted:
        given = [messages] if isinstance(messages, str) else list(messages or ())
        texts = [text for text in given if text]
        if not texts:
            continue
        context = texts.pop(0) if "pgettext" in function else None
        plural = function in {"ngettext", "ngettext_lazy", "npgettext"} and len(texts) > 1
        yield name, line, (texts[0], texts[1]) if plural else texts[0], context


def template() -> Catalog:
    """Return the catalogue of all messages, none of them translated."""
    catalogue = Catalog(project="OpenHNS", charset="utf-8", fuzzy=False)
    for name, _, message, context in found_messages():
        catalogue.add(message, locations=[(name, 1)], context=context, flags=_flags(message))
    return catalogue


def _flags(message: str | tuple[str, ...]) -> list[str]:
    text = message if isinstance(message, str) else message[0]
    return ["python-format"] if "%(" in text else []


def catalogue_of(language: str) -> Catalog:
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def updated(language: str) -> Catalog:
    """Return a language's catalogue with what is marked now, and nothing that is marked no more."""
    catalogue = catalogue_of(language)
    catalogue.update(template(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    return catalogue


def untranslated(catalogue: Catalog) -> list[str]:
    """Return the messages that lack a translation, or one of its plural forms."""
    missing = []
    for message in catalogue:
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(forms):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def compiled(catalogue: Catalog) -> bytes:
    output = io.BytesIO()
    write_mo(output, catalogue)
    return output.getvalue()


def write(language: str) -> list[str]:
    """Write a language's catalogue and its compiled form; return what is untranslated."""
    catalogue = updated(language)
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, sort_output=True, width=100, no_location=True)
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    arguments = parser.parse_args()
    if not settings.configured:
        settings.configure(USE_I18N=True)
    missing = 0
    for language in LANGUAGES:
        left = untranslated(updated(language)) if arguments.check else write(language)
        missing += len(left)
        print(f"{language}: {len(left)} messages without a translation")
        print("".join(f"  {text[:100]!r}\n" for text in left[:20]), end="")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())

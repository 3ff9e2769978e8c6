"""Every string of the screens is there in every language of the interface, compiled as written."""

import re

import pytest
from babel.messages.pofile import read_po
from tools import messages

NUMBERS_IN_WORDS = 3
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_no_string_of_the_screens_lacks_a_translation(language: str) -> None:
    assert messages.untranslated(messages.updated(language)) == []


def test_no_words_are_marked_where_they_are_not_gathered() -> None:
    """What stands within the braces of an f-string is never found for the catalogues."""
    marked = re.compile(r"""\{(_|gettext|gettext_lazy|ngettext)\(['"]""")
    for path in messages.SOURCE.rglob("*.py"):
        assert not marked.search(path.read_text(encoding="utf-8")), path


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_what_is_compiled_is_what_is_written(language: str) -> None:
    path = messages.po_path(language)
    with path.open("rb") as file:
        written = messages.compiled(read_po(file, locale=language))
    assert path.with_suffix(".mo").read_bytes() == written


@pytest.mark.parametrize("language", messages.LANGUAGES)
def test_a_translation_keeps_each_placeholder(language: str) -> None:
    """The forms for none, one and two say it in words; nothing may be added."""
    for message in messages.catalogue_of(language):
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        wanted = {found for each in ids for found in PLACEHOLDER.findall(each)}
        for number, form in enumerate(forms):
            found = set(PLACEHOLDER.findall(form or ""))
            assert found <= wanted, message.id
            assert found == wanted or (len(ids) > 1 and number < NUMBERS_IN_WORDS), message.id

"""The part of an address that says whether sites or movements are meant."""

from typing import Final

from django.urls import converters, register_converter

from openhns.registry.models import Listing

_WORDS: Final = {Listing.Kind.SITE: "sites", Listing.Kind.MOVEMENT: "movements"}
_KINDS: Final = {word: kind for kind, word in _WORDS.items()}


class KindConverter:
    """`sites` or `movements` in an address, a kind of listing in the program."""

    regex = "sites|movements"

    def to_python(self, value: str) -> Listing.Kind:
        return _KINDS[value]

    def to_url(self, value: str) -> str:
        return _WORDS[Listing.Kind(value)]


def register_kinds() -> None:
    """Make the part known; each room that uses it asks."""
    if "kind" not in converters.get_converters():
        register_converter(KindConverter, "kind")

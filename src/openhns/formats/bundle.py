"""What every bundle states about itself, so that a lost tail or a changed row is noticed."""

from dataclasses import dataclass

from openhns.formats.errors import BundleAlteredError


@dataclass(frozen=True, slots=True)
class Stated:
    """How many features a bundle holds, and the SHA-256 of their lines as they are written."""

    count: int
    sha256: str


def agreed(stated: Stated, found: Stated) -> Stated:
    """Return what was stated if it is what was found; raises BundleAlteredError otherwise."""
    if stated.count != found.count:
        raise BundleAlteredError(
            f"The bundle states {stated.count} entries but holds {found.count}. "
            "It was cut or changed after it was written; ask for it again.",
            stated=stated.count,
            found=found.count,
        )
    if stated.sha256 != found.sha256:
        raise BundleAlteredError(
            "The bundle holds as many entries as it states, but not the ones that were written. "
            "It was changed or saved by another program; ask for it again."
        )
    return stated

"""What went wrong, in words for the screen.

An error of a room has a stable `code`; those that people meet on screens have `screen` besides,
a translatable sentence that says what to do. Others are shown in English as they are.
"""

from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from django.core.exceptions import ValidationError
from django.forms import BaseForm

if TYPE_CHECKING:
    from django.utils.functional import Promise


@runtime_checkable
class Refusal(Protocol):
    """An error that the product itself raises for a reason that the user can mend."""

    code: str


def words_of(error: Exception) -> str:
    """Return what the screen says of an error."""
    screen: str | Promise | None = getattr(error, "screen", None)
    return str(error if screen is None else screen)


@dataclass(frozen=True, slots=True)
class RefusalsIn:
    """Turns a refusal into an error of a form; any other exception goes on."""

    form: BaseForm

    def __enter__(self) -> None:
        return None

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if not isinstance(error, Exception) or not isinstance(error, Refusal):
            return False
        if getattr(error, "hidden", False):
            return False
        self.form.add_error(None, ValidationError(words_of(error), code=str(error.code)))
        return True


def refusals_in(form: BaseForm) -> RefusalsIn:
    """Turn a refusal into an error of the form; the action has then changed nothing."""
    return RefusalsIn(form)


def words_of_code(code: str, *roots: type[Exception]) -> str:
    """Return what the screen says of a refusal of which only the code was kept."""
    waiting = list(roots)
    while waiting:
        kind = waiting.pop()
        if getattr(kind, "code", None) == code:
            return str(getattr(kind, "screen", None) or (kind.__doc__ or code).partition("\n")[0])
        waiting += kind.__subclasses__()
    return code

"""Files that may be put on file: what they may be, and how large."""

from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

LARGEST_UPLOAD_MIB: Final = 20
_LARGEST: Final = LARGEST_UPLOAD_MIB * 2**20
_LONGEST_NAME: Final = 200
# By ending: what the file's first bytes must be; nothing where any text is allowed.
_BEGINNINGS: Final[dict[str, tuple[bytes, ...]]] = {
    ".pdf": (b"%PDF",),
    ".png": (b"\x89PNG\r\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".msg": (b"\xd0\xcf\x11\xe0",),
    ".eml": (),
    ".txt": (),
}


class LetterField(forms.FileField):
    """A letter or an e-mail: a PDF, a picture, an e-mail or a text, of a limited size."""

    def __init__(self) -> None:
        super().__init__(
            label=_("The letter or e-mail"),
            help_text=_(
                "PDF, picture (PNG, JPEG, TIFF), e-mail (EML, MSG) or text, of at most 20 MB. It "
                "is sealed, and kept as it is."
            ),
            error_messages={
                "required": _("Choose a file of at most 20 MB."),
                "empty": _("The file is empty."),
            },
            widget=forms.ClearableFileInput(attrs={"accept": ",".join(_BEGINNINGS)}),
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile):
            _check(file)
        return file


def _check(file: "UploadedFile[bytes]") -> None:
    """Raise ValidationError for a file that is too large or not what its name says."""
    name = (file.name or "").lower()
    if (file.size or 0) > _LARGEST:
        raise ValidationError(_("The file is larger than 20 MB."), code="too_large")
    ending = next((each for each in _BEGINNINGS if name.endswith(each)), None)
    if ending is None or len(name) > _LONGEST_NAME:
        raise ValidationError(
            _("This kind of file is not taken: give a PDF, a picture, an e-mail or a text."),
            code="kind",
        )
    start = file.read(4096)
    file.seek(0)
    begins = _BEGINNINGS[ending]
    fits = any(start.startswith(mark) for mark in begins) if begins else b"\x00" not in start
    if not fits:
        raise ValidationError(_("The file is not what its name says."), code="other_kind")

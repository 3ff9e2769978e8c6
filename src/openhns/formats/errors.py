"""Named errors of reading and writing files.

A message says what is wrong, where, and what to do. It never holds a cell, nor a file's name:
both may carry a place or a person, and messages end up in logs.
"""

from collections.abc import Sequence


class FormatError(Exception):
    """A file that cannot be read or matched; `code` is stable, `data` holds figures only."""

    code = "format_error"

    def __init__(self, message: str, **data: object) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class FileMissingError(FormatError):
    code = "file_missing"


class FileUnreadableError(FormatError):
    code = "file_unreadable"


class FileEmptyError(FormatError):
    code = "file_empty"


class FileTooLargeError(FormatError):
    code = "file_too_large"


class FilePasswordProtectedError(FormatError):
    code = "file_password_protected"


class FileWrongTypeError(FormatError):
    code = "file_wrong_type"


class NoHeaderError(FormatError):
    code = "no_header"


class TooManyRowsError(FormatError):
    code = "too_many_rows"


class TooManyColumnsError(FormatError):
    code = "too_many_columns"


class CellTooLongError(FormatError):
    code = "cell_too_long"


class BrokenEncodingError(FormatError):
    """`data["lines"]` lists the first lines of the file that could not be read, from 1."""

    code = "broken_encoding"


class UnknownSheetError(FormatError):
    code = "unknown_sheet"


class BadMappingError(FormatError):
    """The mapping file is no flat JSON object, or names a field or a header that is not there."""

    code = "bad_mapping"


class MissingColumnError(FormatError):
    """A required field has no column; `fields` are the missing ones, `headers` those seen."""

    code = "missing_column"

    def __init__(self, message: str, *, fields: Sequence[str], headers: Sequence[str]) -> None:
        super().__init__(message, fields=tuple(fields), headers=tuple(headers))
        self.fields = tuple(fields)
        self.headers = tuple(headers)


class NotWritableError(FormatError):
    """A value that the outside format cannot hold without loss."""

    code = "not_writable"


class FileUnwritableError(FormatError):
    code = "file_unwritable"


class BundleAlteredError(FormatError):
    """A bundle is not whole: its count or its hash disagrees with what it states."""

    code = "bundle_altered"

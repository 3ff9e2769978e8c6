"""Spreadsheets: XLSX, XLSM, XLS and ODS, read in a process of its own under the system's limits."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from openhns.formats.errors import (
    FileEmptyError,
    FileTooLargeError,
    FileUnreadableError,
    FormatError,
    UnknownSheetError,
)
from openhns.formats.gathering import ABOVE_DATA, Gatherer, too_many_rows
from openhns.formats.values import Cell, Limits, RawTable, Row
from openhns.formats.zip_guard import password_error

_CHILD = Path(__file__).with_name("sheet_child.py")
_GRACE_SECONDS = 60


def read_sheet(data: bytes, file_format: str, sheet: str | None, limits: Limits) -> RawTable:
    """Read one sheet: the one named, or the first that holds data. Raises FormatError only."""
    gatherer = Gatherer(limits)
    facts: dict[str, Any] = {}
    with _child(data, sheet, limits) as lines:
        for line in lines:
            if isinstance(line, dict):
                facts.update(line)
            else:
                for number, cells in line:
                    gatherer.add(number, cells)
    _judge(facts)
    formulas = _read_formulas(facts["formulas"], limits)
    rows = _with_errors(gatherer.rows, [each for each in facts["lost"] if each[1] < limits.columns])
    return RawTable(
        rows=_with_formulas(rows, formulas, limits),
        format=file_format,
        sheet=facts["sheet"],
        notes=_notes(facts["others"], len(formulas), scanned=facts["scanned"]),
        formulas=formulas,
    )


@contextmanager
def _child(data: bytes, sheet: str | None, limits: Limits) -> Iterator[Iterator[Any]]:
    options = {
        "sheet": sheet,
        "memory": limits.reader_memory_bytes,
        "seconds": limits.reader_seconds,
        "text_chars": limits.text_chars,
    }
    process = subprocess.Popen(
        [sys.executable, "-P", str(_CHILD), json.dumps(options)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    clock = threading.Timer(limits.reader_seconds + _GRACE_SECONDS, process.kill)
    clock.start()
    try:
        with process:
            yield _lines(process, data)
            process.kill()
    except BaseException:
        process.kill()
        raise
    finally:
        clock.cancel()


def _lines(process: "subprocess.Popen[bytes]", data: bytes) -> Iterator[Any]:
    stdin, stdout = _pipes(process)
    with suppress(BrokenPipeError), stdin:
        stdin.write(data)
    for line in stdout:
        # A reader that was stopped for its memory or time may leave half a line.
        if not line.endswith(b"\n"):
            return
        yield json.loads(line, object_hook=_decoded)


def _pipes(process: "subprocess.Popen[bytes]") -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:  # pragma: no cover - Both were asked for.
        raise FileUnreadableError("The reader for spreadsheets could not be started.")
    return process.stdin, process.stdout


def _decoded(members: dict[str, Any]) -> Any:
    if len(members) != 1:
        return members
    if "d" in members:
        return datetime.fromisoformat(members["d"])
    if "t" in members:
        return time.fromisoformat(members["t"])
    if "s" in members:
        return timedelta(seconds=members["s"])
    return members


def _judge(facts: dict[str, Any]) -> None:
    if "end" not in facts:
        raise _error(facts.get("error", "too_large"))


def _error(code: str) -> FormatError:
    if code == "password":
        return password_error()
    if code == "empty":
        return FileEmptyError("No sheet of the file holds data. Check that it is the right file.")
    if code == "unknown_sheet":
        return UnknownSheetError("The file has no sheet of that name. Check its spelling.")
    if code == "too_large":
        return FileTooLargeError(
            "The workbook needs more memory or time than a sheet of the allowed size would. "
            "Copy the table alone into a new workbook, or save it as CSV."
        )
    return FileUnreadableError(
        "The workbook is damaged and cannot be read. "
        "Open it in the program that made it and save it anew, or save the sheet as CSV."
    )


def _with_errors(rows: list[Row], lost: list[tuple[int, int, str]]) -> list[Row]:
    """Put error values (#DIV/0!) back as text: a cell that cannot be computed is not empty."""
    by_row: dict[int, list[tuple[int, str]]] = {}
    for number, column, text in lost:
        by_row.setdefault(number, []).append((column, text))
    return [_with_error(row, by_row[row.number]) if row.number in by_row else row for row in rows]


def _with_error(row: Row, errors: list[tuple[int, str]]) -> Row:
    cells: list[Cell] = list(row.cells)
    for column, text in errors:
        cells.extend([None] * (column + 1 - len(cells)))
        cells[column] = text
    return Row(row.number, tuple(cells))


def _read_formulas(found: Mapping[str, Any], limits: Limits) -> dict[int, dict[int, str]]:
    """Return the formulas by row and column; far outside the table there is nothing to keep."""
    rows = {
        int(row): {column: source for column, source in cells if column < limits.columns}
        for row, cells in found.items()
    }
    return {row: cells for row, cells in rows.items() if cells}


def _with_formulas(
    rows: list[Row], formulas: Mapping[int, Mapping[int, str]], limits: Limits
) -> list[Row]:
    """Make every row reach as far as its formulas: one without a stored value reads as empty.

    A row that holds nothing else would otherwise vanish as if it were blank.
    """
    by_number = {row.number: row for row in rows}
    if len(by_number.keys() | formulas.keys()) > limits.rows + ABOVE_DATA:
        raise too_many_rows(limits)
    for number, sources in formulas.items():
        cells = by_number[number].cells if number in by_number else ()
        short = max(sources) + 1 - len(cells)
        if short > 0:
            by_number[number] = Row(number, cells + (None,) * short)
    return [by_number[number] for number in sorted(by_number)]


def _notes(others: int, formula_rows: int, *, scanned: bool) -> tuple[str, ...]:
    notes = []
    if others:
        notes.append(f"The workbook has more sheets, which were not read: {others}.")
    if formula_rows:
        notes.append(
            f"{formula_rows} {'row holds' if formula_rows == 1 else 'rows hold'} formulas; the "
            "values last calculated were read, "
            "and no formula was run."
        )
    if not scanned:
        notes.append(
            "Formulas and calculated errors could not be looked for in this file; a cell with an "
            "error reads as empty."
        )
    return tuple(notes)

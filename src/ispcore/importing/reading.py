"""Reading a CSV file row by row, whatever it holds.

A row that cannot be read is told, and the next one is read.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import TYPE_CHECKING, BinaryIO

from attrs import frozen

from ispcore.errors import DocumentError
from ispcore.importing.columns import COLUMNS, IGNORED, Column, Written, extra_column
from ispcore.values import Problem, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_LONGEST = 100_000
"""Bytes of the longest row."""
_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
NO_TEXT = re.compile("[\ud800-\udfff\ufffd]")
"""Halves of characters, and the sign that stands where a program lost one."""
_UNREADABLE = "It cannot be read as a row"


@frozen
class CsvRow:
    """A row: the line on which it begins, its cells, and what is wrong with it as a whole."""

    line: int
    cells: tuple[str, ...] = ()
    problem: tuple[str, str, str] | None = None
    """A rule, a sentence and a way out."""


class CsvRows:
    """The rows of a file; ``position`` says how many bytes were read."""

    def __init__(
        self,
        file: BinaryIO,
        written: Written | None = None,
        what: str = "The file",
        known: Sequence[Column] = COLUMNS,
    ) -> None:
        """Read the header of *file*, called *what* in errors, with columns that are *known*.

        Without *written*: UTF-8, decimal points, ISO days.

        Raises:
            DocumentError: it has no header, or one with problems; all are listed.
        """
        self.written = written or Written()
        self._lines = _Lines(file, self.written.encoding)
        first = self._first_line(what)
        self.separator = ";" if ";" in first else ","
        self._reader = csv.reader(self._lines, delimiter=self.separator, strict=True)
        header = next(self._rows(), None)
        self.header = tuple(cell.strip() for cell in header.cells) if header and not header.problem else ()
        self.columns = _columns_of(self.header, what, known)

    @property
    def position(self) -> int:
        """How many bytes were read."""
        return self._lines.position

    def __iter__(self) -> Iterator[CsvRow]:
        """Yield the rows that hold anything."""
        for row in self._rows():
            wrong = row.problem or _wrong(row.cells, len(self.header))
            yield CsvRow(row.line, row.cells, wrong)

    def _first_line(self, what: str) -> str:
        try:
            first = self._lines.peek()
        except LookupError as error:
            raise DocumentError(what, [Problem("", f"{error}.", "Use 'utf-8' or 'cp1252'.")]) from error
        except csv.Error as error:
            raise DocumentError(what, [Problem("", f"{_UNREADABLE}: {error}.", line=1)]) from error
        if first is None:
            raise DocumentError(what, [Problem("", "It is empty.", "The first line names the columns.")])
        if first.encode("utf-8", "surrogateescape").startswith(_UTF_16):
            raise DocumentError(what, [Problem("", "It is UTF-16.", "Save it as UTF-8.")])
        return first

    def _rows(self) -> Iterator[CsvRow]:
        while True:
            line = self._lines.begin_row()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except csv.Error as error:
                hint = 'Put a cell that holds quotes in quotes, and double those inside: "a ""b"" c".'
                last = self._lines.number
                lines = f" up to line {last}" if last > line else ""
                yield CsvRow(line, (), ("unreadable", f"{_UNREADABLE}{lines}: {error}.", hint))
                continue
            if any(cell.strip() for cell in cells):
                yield CsvRow(line, tuple(cells))


class _Lines:
    """The lines of a file as text; bytes that are none stay as halves of characters."""

    def __init__(self, file: BinaryIO, encoding: str) -> None:
        self._file, self._encoding = file, encoding
        self._ahead: str | None = None
        self._left = _LONGEST
        self.number, self.position = 0, 0

    def __iter__(self) -> _Lines:
        return self

    def begin_row(self) -> int:
        """Return the line on which the next row begins; it has its own limit."""
        self._left = _LONGEST
        return self.number + 1

    def peek(self) -> str | None:
        """Return the first line, which is read again; None when the file is empty."""
        try:
            self._ahead = next(self)
        except StopIteration:
            return None
        self.number = 0
        return self._ahead

    def __next__(self) -> str:
        line, self._ahead = self._ahead, None
        if line is None:
            line = self._read()
        self.number += 1
        self._left -= len(line)
        if self._left < 0:
            self._skip_line(line)
            message = f"it is longer than {_LONGEST} characters, or its quotes do not end"
            raise csv.Error(message)
        return line

    def _read(self) -> str:
        raw = self._file.readline(_LONGEST + 1)
        if not raw:
            raise StopIteration
        if self.position == 0:
            self.position = len(raw)
            raw = raw.removeprefix(_BOM)
        else:
            self.position += len(raw)
        return raw.decode(self._encoding, "surrogateescape")

    def _skip_line(self, line: str) -> None:
        while line and not line.endswith("\n"):
            raw = self._file.readline(_LONGEST)
            self.position += len(raw)
            line = raw.decode("latin-1")


_REQUIRED = {"customer_code": "It tells whose the row is, and a second run knows the customer by it."}


def _required(known: Sequence[Column]) -> list[tuple[str, str]]:
    return [(column.name, f"It is {column.about}.") for column in known if column.required]


def _columns_of(
    header: tuple[str, ...], what: str, columns_known: Sequence[Column]
) -> tuple[Column | None, ...]:
    known = {column.name: column for column in columns_known}
    base = columns_known is COLUMNS
    columns = [known.get(name) or (extra_column(name) if base else None) for name in header]
    if not any(columns):
        hint = f"The first line names the columns, such as {', '.join(list(known)[:3])}."
        raise DocumentError(what, [Problem("", "It has no header.", hint, line=1)])
    problems = [
        Problem(name or f"column {n}", "There is no such column.", suggestion(name, known), line=1)
        for n, (name, column) in enumerate(zip(header, columns, strict=True), start=1)
        if column is None and name not in IGNORED
    ]
    twice = [name for name, times in Counter(header).items() if times > 1]
    problems += [Problem(name, "This column is there twice.", "Keep one.", line=1) for name in twice]
    for name, hint in _REQUIRED.items() if base else _required(columns_known):
        if name not in header:
            problems.append(Problem(name, "This column is required.", hint, line=1))
    if problems:
        raise DocumentError(what, problems)
    return tuple(columns)


def _wrong(cells: tuple[str, ...], width: int) -> tuple[str, str, str] | None:
    if any(NO_TEXT.search(cell) for cell in cells):
        hint = "Save the file as UTF-8, or declare its encoding."
        return "encoding", "It holds bytes that are no text.", hint
    if len(cells) < width or any(cell.strip() for cell in cells[width:]):
        hint = "Put a cell that holds the separator in quotes."
        return "cells", f"It has {len(cells)} cells, the header has {width}.", hint
    return None

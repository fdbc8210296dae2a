"""A sheet as delimited text: a row of titles, the rows, and the totals last.

It has no place for the sheet's title and the widths. A text that a spreadsheet would take for a formula is
written behind an apostrophe, since logins and causes come from equipment that anybody may own.
"""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ispcore.network import Cell, Sheet

TOTAL = "Total"
"""What stands in the first cell of the totals, where that column has none."""
_FORMULA = ("=", "+", "-", "@")


def to_csv(sheet: Sheet) -> str:
    """Return *sheet* as CSV with commas: instants as ``2012-03-10 08:00:00``, durations as ``1:00:00``."""
    return _delimited(sheet, ",")


def to_text(sheet: Sheet) -> str:
    """Return *sheet* as text with tabs between the cells."""
    return _delimited(sheet, "\t")


def duration_text(duration: timedelta) -> str:
    """Return a duration as hours, minutes and seconds: ``26:05:00``."""
    minutes, seconds = divmod(duration.days * 86_400 + duration.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def total_row(sheet: Sheet) -> tuple[Cell, ...] | None:
    """Return the row of totals with its word, or None where no column has a total."""
    if sheet.total is None or sheet.total[0] is not None:
        return sheet.total
    return (TOTAL, *sheet.total[1:])


def _delimited(sheet: Sheet, delimiter: str) -> str:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    last = total_row(sheet)
    for row in (sheet.titles, *sheet.rows, *([] if last is None else [last])):
        writer.writerow([_text(cell) for cell in row])
    return file.getvalue()


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case datetime():
            return f"{cell:%Y-%m-%d %H:%M:%S}"
        case timedelta():
            return duration_text(cell)
        case str():
            line = "".join(letter if letter.isprintable() else " " for letter in cell)
            return f"'{line}" if line.startswith(_FORMULA) else line
        case _:
            return str(cell)

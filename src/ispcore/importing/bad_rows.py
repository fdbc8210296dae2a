"""The bad rows of a file, written so that they can be corrected and imported again."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from ispcore.importing.columns import IGNORED
from ispcore.importing.reading import NO_TEXT

if TYPE_CHECKING:
    from ispcore.importing.importer import RowOutcome
    from ispcore.importing.payments import PaymentRowOutcome
    from ispcore.importing.reading import CsvRows


class BadRows:
    """Writes refused rows as they were, with their line and what is wrong with them.

    A row that could not be taken apart stands in the column ``problem`` as a whole.

    The columns ``line`` and ``problem`` come last; they are left out when such a file is imported.
    """

    def __init__(self, file: TextIO, rows: CsvRows) -> None:
        """Write to *file*, opened with ``newline=""``, under the header of *rows*."""
        self._kept = [n for n, name in enumerate(rows.header) if name not in IGNORED]
        self._separator = rows.separator
        self._writer = csv.writer(file, delimiter=rows.separator)
        self._writer.writerow([*(rows.header[n] for n in self._kept), *IGNORED])

    def write(self, outcome: RowOutcome | PaymentRowOutcome) -> None:
        """Write the row of *outcome* if it was refused."""
        if not outcome.problems:
            return
        row = outcome.row
        said = " ".join(problem.said for problem in outcome.problems)
        if row.problem is None:
            kept = [row.cells[n] for n in self._kept]
        else:  # its cells may stand in the wrong columns
            kept = [""] * len(self._kept)
            said += f" It reads: {self._separator.join(row.cells)}" if row.cells else ""
        self._writer.writerow([_kept(cell) for cell in (*kept, str(row.line), said)])


def _kept(cell: str) -> str:
    """Return *cell* with a sign that is refused in the place of what is no text."""
    return NO_TEXT.sub("\ufffd", cell)

"""Bringing an existing base in: a CSV file of customers and their subscriptions.

Every row is checked and every bad one is named. Nothing is guessed: how amounts and days are written is
declared.
"""

from ispcore.importing.bad_rows import BadRows
from ispcore.importing.columns import COLUMNS, Column, DateStyle, DecimalMark, Part, Written
from ispcore.importing.importer import RowOutcome, RowState, import_csv
from ispcore.importing.reading import CsvRow, CsvRows
from ispcore.importing.rows import RowProblem

__all__ = [
    "COLUMNS",
    "BadRows",
    "Column",
    "CsvRow",
    "CsvRows",
    "DateStyle",
    "DecimalMark",
    "Part",
    "RowOutcome",
    "RowProblem",
    "RowState",
    "Written",
    "import_csv",
]

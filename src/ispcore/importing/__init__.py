"""Reading CSV files: an existing base of customers and subscriptions, and the payments that providers report.

Every row is checked and every bad one is named. Nothing is guessed: how amounts and days are written is
declared.
"""

from ispcore.importing.bad_rows import BadRows
from ispcore.importing.columns import COLUMNS, PAYMENT_COLUMNS, Column, DateStyle, DecimalMark, Part, Written
from ispcore.importing.importer import RowOutcome, RowState, import_csv
from ispcore.importing.payments import PaymentRowOutcome, PaymentRowState, import_payments
from ispcore.importing.reading import CsvRow, CsvRows
from ispcore.importing.rows import RowProblem

__all__ = [
    "COLUMNS",
    "PAYMENT_COLUMNS",
    "BadRows",
    "Column",
    "CsvRow",
    "CsvRows",
    "DateStyle",
    "DecimalMark",
    "Part",
    "PaymentRowOutcome",
    "PaymentRowState",
    "RowOutcome",
    "RowProblem",
    "RowState",
    "Written",
    "import_csv",
    "import_payments",
]

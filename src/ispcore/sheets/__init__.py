"""Writing a sheet to a file: a spreadsheet (XLSX), CSV, or text with tabs. Needs no package of others."""

from ispcore.sheets.delimited import to_csv, to_text
from ispcore.sheets.xlsx import to_xlsx

__all__ = ["to_csv", "to_text", "to_xlsx"]

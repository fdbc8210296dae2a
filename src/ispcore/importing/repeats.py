"""Names that a file uses twice. They are kept in a temporary database, for a file may be of any length."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from ispcore.importing.columns import Part, part_of
from ispcore.importing.rows import RowProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.importing.rows import Row


class Repeats:
    """What was seen so far."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode=OFF")
        self._seen.execute("PRAGMA synchronous=OFF")
        self._seen.execute("BEGIN")
        self._seen.execute(
            "CREATE TABLE seen (what TEXT, name TEXT, line INTEGER, said TEXT, PRIMARY KEY (what, name))"
            " WITHOUT ROWID"
        )

    def close(self) -> None:
        """Forget everything."""
        self._seen.close()

    def problems(self, row: Row) -> Iterator[RowProblem]:
        """Yield what contradicts or repeats an earlier row."""
        mine = sorted(name for name in row.cells if part_of(name) in (Part.CUSTOMER, Part.ADDRESS))
        said = "\n".join(f"{name}={row.cells[name]}" for name in mine)
        if said and row.code:
            first = self._first("customer", row.code, row.read.line, said)
            if first is not None and first[1] != said:
                message = f"Line {first[0]} says something else of this customer."
                hint = "Say the same, or leave the customer's columns empty on all lines but the first."
                yield _twice(row, "customer_code", message, hint)
        if tax_id := row.cells.get("tax_id"):
            first = self._first("tax_id", tax_id, row.read.line, row.code)
            if first is not None and first[1] != row.code:
                message = f"Line {first[0]} has it too, for the customer {first[1]!r}."
                yield _twice(row, "tax_id", message, "A person is one customer: use one code.")
        if foreign_id := row.cells.get("subscription_id"):
            first = self._first("subscription", foreign_id, row.read.line, "")
            if first is not None:
                yield _twice(row, "subscription_id", f"Line {first[0]} has it too.", "Each is imported once.")

    def _first(self, what: str, name: str, line: int, said: str) -> tuple[int, str] | None:
        """Note a name, and return the line that had it before and what it said."""
        try:
            self._seen.execute("INSERT INTO seen VALUES (?, ?, ?, ?)", (what, name, line, said))
        except sqlite3.IntegrityError:
            found: tuple[int, str] = self._seen.execute(
                "SELECT line, said FROM seen WHERE what = ? AND name = ?", (what, name)
            ).fetchone()
            return found
        return None


def _twice(row: Row, column: str, message: str, hint: str) -> RowProblem:
    return RowProblem(row.read.line, column, row.cells[column], "twice", message, hint)

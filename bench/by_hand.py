"""What a command to a subscription leaves, inserted by hand: the fact, its texts and the snapshot's row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from bench.writing import driver_connection

if TYPE_CHECKING:
    from collections.abc import Sequence

Row = tuple[Any, ...]
_OF_SUBJECT = "subject_kind = 'subscription' AND subject_id = '{n}' AND sequence > {after}"


@frozen
class Left:
    """The rows that one command left."""

    facts: list[Row]
    texts: list[Row]
    subscription: Row


def read_left(url: str, subscriptions: Sequence[int], after: int = 1) -> tuple[list[Left], list[str]]:
    """Return what the commands to *subscriptions* left after so many facts, and the snapshot's columns."""
    found = []
    with driver_connection(url) as connection:
        for n in subscriptions:
            mine = _OF_SUBJECT.format(n=n, after=after)
            facts = _facts(connection, mine)
            texts = connection.execute(f"SELECT * FROM texts WHERE {mine}").fetchall()
            (row,) = connection.execute(f"SELECT * FROM subscriptions WHERE id = {n}")
            found.append(Left(facts, texts, row))
        asked = connection.execute("SELECT * FROM subscriptions WHERE 1 = 0")
        return found, [column[0] for column in asked.description]


def _facts(connection: Any, mine: str) -> list[Row]:  # noqa: ANN401 - of either driver
    columns = [column[0] for column in connection.execute("SELECT * FROM facts WHERE 1 = 0").description]
    names = ", ".join("CAST(payload AS TEXT)" if name == "payload" else name for name in columns)
    rows: list[Row] = connection.execute(f"SELECT {names} FROM facts WHERE {mine}").fetchall()
    return rows


class Hand:
    """Writes what commands left, a transaction each."""

    def __init__(self, connection: Any, engine: str, columns: Sequence[str], sample: Left) -> None:  # noqa: ANN401
        """Have the statements ready."""
        self._connection = connection
        self._mark = "?" if engine == "sqlite" else "%s"
        self._begin = "BEGIN IMMEDIATE" if engine == "sqlite" else "BEGIN"
        changed = ", ".join(f"{name} = {self._mark}" for name in columns if name != "id")
        same = f"id = {self._mark} AND version = {self._mark}"
        self._update = f"UPDATE subscriptions SET {changed} WHERE {same}"
        self._at = columns.index("id")
        self._version = columns.index("version")
        self._facts = self._insert("facts", sample.facts[0])
        self._texts = self._insert("texts", sample.texts[0])

    def _insert(self, table: str, row: Row) -> str:
        return f"INSERT INTO {table} VALUES ({', '.join([self._mark] * len(row))})"

    def write(self, left: Left) -> None:
        """Write what one command left, and commit."""
        connection, row = self._connection, left.subscription
        values = [value for at, value in enumerate(row) if at != self._at]
        connection.execute(self._begin)
        for fact in left.facts:
            connection.execute(self._facts, fact)
        for text in left.texts:
            connection.execute(self._texts, text)
        moved = connection.execute(self._update, (*values, row[self._at], row[self._version] - 1))
        if moved.rowcount != 1:
            raise AssertionError("The row to write over was another one.")
        connection.execute("COMMIT")

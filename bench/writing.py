"""The reference: the very rows that a closing wrote, written as plainly as a driver can, with the same keys.

The rows are taken from a database after a closing, a page for each transaction, as the driver's own values.
"""

from __future__ import annotations

import pickle
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psycopg
from attrs import frozen

from bench.moulds import ON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

TABLES = ("charges", "receivables", "closings")
PAGES = {"sqlite": 1_000, "postgresql": 5_000}
"""How many subscribers are written in one transaction: a slice of ours, and what COPY likes."""

_OF_RUN = {"charges": "issued_on", "receivables": "issued_on", "closings": "closed_on"}

Row = tuple[Any, ...]
Page = dict[str, list[Row]]


@frozen
class Header:
    """The columns of each table, and the terms that the closing pinned and that its rows refer to."""

    columns: dict[str, list[str]]
    terms: list[Row]


def engine_of(url: str) -> str:
    """Return ``sqlite`` or ``postgresql``."""
    return "sqlite" if url.startswith("sqlite") else "postgresql"


@contextmanager
def driver_connection(url: str) -> Iterator[Any]:
    """Give a connection of the driver, which waits for the disk as ispcore's does."""
    if engine_of(url) == "sqlite":
        connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        try:
            yield connection
        finally:
            connection.close()
    else:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as plain:
            yield plain


def harvest(url: str, subscribers: int, path: Path) -> int:
    """Keep the rows that the closing wrote to the database at *url*, and return how many they are."""
    size, count = PAGES[engine_of(url)], 0
    with driver_connection(url) as connection, path.open("wb") as pages:
        pickle.dump(header(connection, TABLES), pages)
        for first in range(1, subscribers + 1, size):
            page = {table: _rows(connection, table, first, first + size - 1) for table in TABLES}
            count += sum(map(len, page.values()))
            pickle.dump(page, pages)
        pickle.dump(None, pages)
    return count


def header(connection: Any, tables: Sequence[str]) -> Header:  # noqa: ANN401 - of either driver
    """Return what is written before the rows of *tables*."""
    columns = {}
    for table in tables:
        found = connection.execute(f"SELECT * FROM {table} WHERE 1 = 0")
        columns[table] = [column[0] for column in found.description]
    terms = connection.execute("SELECT id, rule_version, CAST(document AS TEXT) FROM terms").fetchall()
    return Header(columns, terms)


def _rows(connection: Any, table: str, first: int, last: int) -> list[Row]:  # noqa: ANN401 - as above
    of_run = f"{_OF_RUN[table]} = '{ON}' AND subscription_id BETWEEN {first} AND {last}"
    found: list[Row] = connection.execute(
        f"SELECT * FROM {table} WHERE {of_run} ORDER BY subscription_id"
    ).fetchall()
    return found


class SqliteWriter:
    """Writes by executemany, a transaction a page."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Work on *connection*."""
        self._connection = connection
        self._statements: dict[str, str] = {}

    def prepare(self, header: Header) -> None:
        """Have the terms and the statements ready."""
        self._connection.executemany("INSERT OR IGNORE INTO terms VALUES (?, ?, ?)", header.terms)
        for table, columns in header.columns.items():
            marks = ", ".join("?" * len(columns))
            names = ", ".join(columns)
            self._statements[table] = f"INSERT INTO {table} ({names}) VALUES ({marks})"

    def page(self, rows: Page) -> None:
        """Write *rows* and commit."""
        self._connection.execute("BEGIN IMMEDIATE")
        for table, its in rows.items():
            self._connection.executemany(self._statements[table], its)
        self._connection.execute("COMMIT")


class PostgresWriter:
    """Writes by COPY to temporary tables and INSERT ... ON CONFLICT DO NOTHING, a transaction a page."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        """Work on *connection*."""
        self._connection = connection
        self._columns: dict[str, str] = {}

    def prepare(self, header: Header) -> None:
        """Have the terms and the temporary tables ready."""
        with self._connection.cursor() as cursor:
            cursor.executemany("INSERT INTO terms VALUES (%s, %s, %s) ON CONFLICT DO NOTHING", header.terms)
        for table, columns in header.columns.items():
            self._columns[table] = ", ".join(columns)
            made = f"CREATE TEMPORARY TABLE new_{table} (LIKE {table}) ON COMMIT DELETE ROWS"
            self._connection.execute(made.encode())

    def page(self, rows: Page) -> None:
        """Write *rows* and commit."""
        with self._connection.transaction(), self._connection.cursor() as cursor:
            for table, its in rows.items():
                names = self._columns[table]
                with cursor.copy(f"COPY new_{table} ({names}) FROM STDIN".encode()) as copy:
                    for row in its:
                        copy.write_row(row)
                moved = f"INSERT INTO {table} ({names}) SELECT {names} FROM new_{table}"
                cursor.execute(f"{moved} ON CONFLICT DO NOTHING".encode())


@contextmanager
def writer_for(url: str) -> Iterator[SqliteWriter | PostgresWriter]:
    """Give a writer for the database at *url*."""
    makers: dict[str, Callable[[Any], SqliteWriter | PostgresWriter]] = {
        "sqlite": SqliteWriter,
        "postgresql": PostgresWriter,
    }
    with driver_connection(url) as connection:
        yield makers[engine_of(url)](connection)

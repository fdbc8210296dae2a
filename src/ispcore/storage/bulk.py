"""Many rows at once, by the fastest way each engine has: executemany on SQLite, COPY on PostgreSQL.

Both work inside SQLAlchemy's transaction: a rollback, also to a savepoint, undoes the rows, and a driver's
error comes as SQLAlchemy's. Defaults of columns are not applied, and ids are not returned.
"""

from __future__ import annotations

import json
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

_PAGE = 5_000

_Row = tuple[Any, ...]


def insert_rows(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[_Row]
) -> int:
    """Insert *rows*, tuples in the order of *columns*, and return how many they were.

    The values are what the driver takes, and are not looked at: see :func:`bound` for all that is neither a
    number nor a text. JSON may be given as text on every engine.

    Raises:
        sqlalchemy.exc.IntegrityError: a row's key is taken, or a constraint forbids it. On PostgreSQL the
            transaction is then unusable up to the last savepoint.
        sqlalchemy.exc.DBAPIError: the database refused the rows for another cause.
        sqlalchemy.exc.InvalidRequestError: no transaction was begun.
    """
    if not connection.in_transaction():
        # Work on the driver's connection begins none, and closing it would lose the rows in silence.
        raise sa.exc.InvalidRequestError("Rows are inserted within a transaction; begin one first.")
    if connection.dialect.driver == "psycopg":
        return _copy(connection, table, columns, rows)
    return _execute_many(connection, table, columns, rows)


def among(
    connection: sa.Connection, column: sa.Column[Any], values: Sequence[int] | Sequence[str]
) -> sa.ColumnElement[bool]:
    """Return the condition that *column* is one of *values*, which go to the database as one value."""
    if connection.dialect.name == "postgresql":
        kind: Any = sa.Text() if values and isinstance(values[0], str) else sa.BigInteger()
        return column == sa.any_(sa.literal(list(values), sa.ARRAY(kind)))
    # As text: composed of its parts the statement took longer to spell than to carry out.
    given = sa.bindparam("values", json.dumps(values), sa.Text(), unique=True)
    return column.in_(sa.text("SELECT value FROM json_each(:values)").bindparams(given))


def bound(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[_Row]:
    """Yield *rows* of Python values, each value as :func:`insert_rows` takes it on this engine.

    Raises:
        InvalidValueError: a text holds a NUL character, which PostgreSQL cannot keep.
    """
    binds = Binder(connection.dialect, table, columns)
    return (binds.row(row) for row in rows)


class Binder:
    """Turns Python values for some columns of a table into what :func:`insert_rows` takes."""

    def __init__(self, dialect: sa.Dialect, table: sa.Table, columns: Sequence[str]) -> None:
        """Look up how *dialect* takes each of the *columns*, once for all rows."""
        kept = [_processor(table.c[name], dialect) for name in columns]
        self._steps = tuple((at, step) for at, step in enumerate(kept) if step is not None)

    def row(self, values: Sequence[Any]) -> _Row:
        """Return one row as the driver takes it, or raise InvalidValueError for a NUL character in a text."""
        taken = list(values)
        for at, step in self._steps:
            taken[at] = step(taken[at])
        return tuple(taken)


@lru_cache(maxsize=64)
def binder_for(dialect: sa.Dialect, table: sa.Table, columns: tuple[str, ...]) -> Binder:
    """Return a binder that was looked up once for all."""
    return Binder(dialect, table, columns)


def _processor(column: sa.Column[Any], dialect: sa.Dialect) -> Callable[[Any], Any] | None:
    """Return what a value of *column* must pass through; None when it is taken as it is."""
    if isinstance(column.type, sa.Date) and dialect.name == "sqlite":
        return kept_day
    step = column.type.dialect_impl(dialect).bind_processor(dialect)
    if step is not None or not isinstance(column.type, sa.String):
        return step

    def text(value: str | None) -> str | None:
        if value is not None and "\0" in value:
            raise InvalidValueError(
                f"A text for {column} holds a NUL character, which no database keeps everywhere.",
                hint="Take it out.",
            )
        return value

    return text


@lru_cache(maxsize=4_096)
def kept_day(value: date | None) -> str | None:
    """Return a day as SQLAlchemy keeps it on SQLite; closings keep the same few days in every row."""
    return None if value is None else value.isoformat()


def quoted_names(connection: sa.Connection, table: sa.Table, columns: Sequence[str]) -> tuple[str, str]:
    """Return the names of *table* and of its *columns* as this engine reads them in a statement."""
    quoted = connection.dialect.identifier_preparer
    return quoted.format_table(table), ", ".join(quoted.format_column(table.c[name]) for name in columns)


def _execute_many(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[_Row]
) -> int:
    target, names = quoted_names(connection, table, columns)
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {target} ({names}) VALUES ({marks})"  # noqa: S608 - quoted names of our tables
    count, source = 0, iter(rows)
    while page := list(islice(source, _PAGE)):
        connection.exec_driver_sql(statement, page)
        count += len(page)
    return count


def _copy(connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[_Row]) -> int:
    target, names = quoted_names(connection, table, columns)
    statement = f"COPY {target} ({names}) FROM STDIN"
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 - the transaction holds it
    count = 0
    try:
        with raw.cursor() as cursor, cursor.copy(statement) as copy:
            write = copy.write_row
            for row in rows:
                write(row)
                count += 1
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_sqlalchemy_raises(connection, statement, error) from error
    return count


def as_sqlalchemy_raises(
    connection: sa.Connection, statement: str, error: Exception
) -> sa.exc.StatementError:
    """Return *error* as SQLAlchemy raises it from its own statements; a lost connection is let go."""
    dialect = connection.dialect
    lost = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type] # the driver's
    if lost:
        connection.invalidate(error)
    base = dialect.loaded_dbapi.Error
    wrapped = sa.exc.DBAPIError.instance(
        statement, None, error, base, connection_invalidated=lost, dialect=dialect
    )
    assert isinstance(wrapped, sa.exc.StatementError)  # noqa: S101 - it came from the driver
    return wrapped

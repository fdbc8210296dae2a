"""Statements that every command needs: SQLAlchemy spells them once, then the driver carries them out.

For a statement of one row SQLAlchemy takes several times as long as the database. All else is as if it had
carried it out: the transaction is its, values pass through the types of their columns, and a driver's error
comes as SQLAlchemy's.
"""

from __future__ import annotations

from contextlib import nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import sqlalchemy as sa

from ispcore.storage.bulk import as_sqlalchemy_raises, kept_day

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    Step = Callable[[Any], Any]


class Prepared:
    """A statement with named values; a name that is bound without a value takes it from the caller."""

    def __init__(self, statement: sa.Select[Any] | sa.Insert | sa.Update) -> None:
        """Prepare *statement*; how an engine spells it is found when it is first asked for."""
        self.statement = statement

    def rows(self, connection: sa.Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows that it finds, each value as its column's type reads it.

        Raises:
            sqlalchemy.exc.DBAPIError: the database refused it.
            ValueError: a column holds no value of its type.
        """
        ((_, cursor),) = _carried_out(connection, [(self, values)])
        return self._read(connection, cursor)

    def _read(self, connection: sa.Connection, cursor: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - the driver's
        spelled = _spelled(self, connection.dialect)
        try:
            found: list[tuple[Any, ...]] = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as error:
            raise as_sqlalchemy_raises(connection, spelled.text, error) from error
        return [spelled.read(row) for row in found] if spelled.reads else found

    def run(self, connection: sa.Connection, values: Mapping[str, Any]) -> int:
        """Carry it out, and return how many rows it reached.

        Raises:
            sqlalchemy.exc.IntegrityError: a row's key is taken, or a constraint forbids it.
            sqlalchemy.exc.DBAPIError: the database refused it for another cause.
        """
        ((_, cursor),) = _carried_out(connection, [(self, values)])
        count: int = cursor.rowcount
        return count


Asked: TypeAlias = tuple[Prepared, "Mapping[str, Any]"]
"""A statement with the values that it is to be carried out with."""


def rows_of_each(connection: sa.Connection, asked: Sequence[Asked]) -> list[list[tuple[Any, ...]]]:
    """Return the rows that each statement finds; a server is asked for all of them in one round trip.

    It carries them out one after the other, so each sees what the ones before it waited for.

    Raises:
        sqlalchemy.exc.DBAPIError: the database refused one.
        ValueError: a column holds no value of its type.
    """
    return [prepared._read(connection, cursor) for prepared, cursor in _carried_out(connection, asked)]  # noqa: SLF001 - of this module


def run_each(connection: sa.Connection, asked: Sequence[Asked]) -> None:
    """Carry out each statement; a server gets all of them in one round trip.

    Raises:
        sqlalchemy.exc.IntegrityError: a row's key is taken, or a constraint forbids it.
        sqlalchemy.exc.DBAPIError: the database refused one for another cause.
    """
    _carried_out(connection, asked)


def carry_out(connection: sa.Connection, text: str) -> None:
    """Have the driver carry out a statement without values."""
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 - it was connected
    try:
        raw.execute(text)
    except connection.dialect.loaded_dbapi.Error as error:
        raise as_sqlalchemy_raises(connection, text, error) from error


class _Spelled(NamedTuple):
    """A statement as one engine takes it, and how its values are written and read."""

    text: str
    positional: bool
    writes: tuple[tuple[str, Step | None], ...]
    own: Mapping[str, Any]
    reads: tuple[tuple[int, Step], ...]

    def bound(self, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - what the driver takes
        if self.own:
            values = {**self.own, **values}
        if self.positional:
            return [values[name] if step is None else step(values[name]) for name, step in self.writes]
        return {name: values[name] if step is None else step(values[name]) for name, step in self.writes}

    def read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        taken = list(row)
        for at, step in self.reads:
            taken[at] = step(taken[at])
        return tuple(taken)


@lru_cache(maxsize=256)
def _spelled(prepared: Prepared, dialect: sa.Dialect) -> _Spelled:
    statement = prepared.statement
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, sa.sql.compiler.SQLCompiler)  # noqa: S101 - it is a statement with values
    names = compiled.positiontup if compiled.positional else tuple(compiled.binds)
    own = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
    reads = _readers(statement, dialect) if isinstance(statement, sa.Select) else ()
    return _Spelled(
        text=compiled.string,
        positional=compiled.positional,
        writes=tuple((name, _writer(compiled.binds[name].type, dialect)) for name in names or ()),
        own=own,
        reads=tuple(reads),
    )


def _writer(kind: sa.types.TypeEngine[Any], dialect: sa.Dialect) -> Step | None:
    if isinstance(kind, sa.Date) and dialect.name == "sqlite":
        return kept_day
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _readers(statement: sa.Select[Any], dialect: sa.Dialect) -> Iterable[tuple[int, Step]]:
    for at, column in enumerate(statement.selected_columns):
        step = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if step is not None:
            yield at, step


def _carried_out(connection: sa.Connection, asked: Sequence[Asked]) -> list[tuple[Prepared, Any]]:
    """Return each statement with the driver's cursor, which holds what it came to."""
    raw = connection.connection.driver_connection
    assert raw is not None  # noqa: S101 - the transaction holds it
    dialect, text = connection.dialect, ""
    found = []
    try:
        with raw.pipeline() if len(asked) > 1 and _has_pipelines(dialect) else _ONE_BY_ONE:
            for prepared, values in asked:
                spelled = _spelled(prepared, dialect)
                text = spelled.text
                found.append((prepared, raw.execute(text, spelled.bound(values))))
    except dialect.loaded_dbapi.Error as error:
        raise as_sqlalchemy_raises(connection, text, error) from error
    return found


_ONE_BY_ONE = nullcontext()


def _has_pipelines(dialect: sa.Dialect) -> bool:
    if dialect.driver != "psycopg":
        return False
    supported: bool = dialect.loaded_dbapi.Pipeline.is_supported()
    return supported

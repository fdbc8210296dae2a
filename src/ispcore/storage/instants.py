"""The time as the database tells it, which is the same for every worker; tests give a clock of their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Instants = Callable[[sa.Connection], datetime]

_OF_SQLITE = sa.text("SELECT strftime('%Y-%m-%dT%H:%M:%f', 'now')")
# Not the start of the transaction, which may have waited for others.
_OF_POSTGRESQL = sa.select(sa.func.clock_timestamp(type_=sa.DateTime(timezone=True)))

_FOR_A_WORKER = {
    "idle_in_transaction_session_timeout": "30s",
    # Intents come and go, so what the server knows of their number is never right; all is found by an index.
    "enable_seqscan": "off",
    "jit": "off",
}
_OF_A_WORKER = sa.select(
    sa.func.clock_timestamp(type_=sa.DateTime(timezone=True)),
    *(sa.func.set_config(name, value, sa.true()) for name, value in _FOR_A_WORKER.items()),
)


def database_time(connection: sa.Connection) -> datetime:
    """Return the present instant by the clock of the database."""
    if connection.dialect.name == "sqlite":
        return datetime.fromisoformat(connection.execute(_OF_SQLITE).scalar_one()).replace(tzinfo=UTC)
    instant: datetime = connection.execute(_OF_POSTGRESQL).scalar_one()
    return instant.astimezone(UTC)


def worker_time(connection: sa.Connection) -> datetime:
    """Return the present instant, in a transaction that a server ends when its worker stalls.

    Else a process that stands still would keep clerks waiting for the rows that it holds.
    """
    if connection.dialect.name == "sqlite":
        return database_time(connection)
    instant: datetime = connection.execute(_OF_A_WORKER).one()[0]
    return instant.astimezone(UTC)


class _WrittenArray(sa.types.UserDefinedType[str]):
    """An array of texts as :func:`array_of` writes it."""

    cache_ok = True
    render_bind_cast = True

    def get_col_spec(self, **_: object) -> str:
        """Return what PostgreSQL calls it."""
        return "TEXT[]"


def among_texts(
    connection: sa.Connection, column: sa.Column[str], texts: Sequence[str]
) -> sa.ColumnElement[bool]:
    """Return the condition that *column* is one of *texts*, which go to the database as one value."""
    if connection.dialect.name == "postgresql":
        return column == sa.any_(sa.literal(array_of(texts), _WrittenArray()))
    each = sa.func.json_each(sa.literal(list(texts), sa.JSON)).table_valued("value")
    return column.in_(sa.select(each.c.value))


def array_of(texts: Iterable[str | None]) -> str:
    """Return *texts* as PostgreSQL writes an array; its driver takes many times as long to write one."""
    return "{" + ",".join("NULL" if text is None else _quoted(text) for text in texts) + "}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

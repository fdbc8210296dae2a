"""Locks that a server keeps for us until the end of a transaction; SQLite needs none, it has one writer."""

from __future__ import annotations

import zlib
from typing import Any

import sqlalchemy as sa

# One number for the locks of ispcore among those of other programs, and one for each lock;
# names have locks of their own.
_OURS, _NAMES = 0x15BC, 0x15BD
SCHEMA, CATALOGUE, PERSONS, PINS, RUNS, CONNECTIONS = range(1, 7)


def in_one_order(connection: sa.Connection, name: sa.Column[str]) -> sa.ColumnElement[str]:
    """Return the order by *name* in which everybody locks rows: that of Python, whatever the server's is."""
    return name.collate("C") if needs_turns(connection) else name


def needs_turns(connection: sa.Connection) -> bool:
    """Tell whether several may write to this database at the same time."""
    return connection.dialect.name != "sqlite"


def lock(connection: sa.Connection, what: int, *, shared: bool = False) -> None:
    """Wait until *what* is free, and keep it until the end of the transaction."""
    if needs_turns(connection):
        connection.execute(sa.select(locking(what, shared=shared)))


def lock_name(connection: sa.Connection, name: str) -> None:
    """Wait until *name* is free, and keep it until the end of the transaction; names may fall together."""
    if needs_turns(connection):
        number = int.from_bytes(zlib.crc32(name.encode()).to_bytes(4), signed=True)
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_NAMES, number)))


def locking(what: int, *, shared: bool = False) -> sa.ColumnElement[Any]:
    """Return the expression by which a server waits until *what* is free, and keeps it."""
    take = sa.func.pg_advisory_xact_lock_shared if shared else sa.func.pg_advisory_xact_lock
    return take(_OURS, what)

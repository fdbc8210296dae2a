"""Inserting what may be there already: a statement that each engine spells in its own module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from ispcore.storage.locks import PINS, lock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


def insert_or(connection: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    """Return an insert into *table* that can be told what to do when a key is taken."""
    if connection.dialect.name == "sqlite":
        return sqlite.insert(table)
    return postgresql.insert(table)


def keep_once(
    connection: sa.Connection,
    table: sa.Table,
    wanted: Mapping[str, T],
    row: Callable[[str, T], dict[str, Any]],
) -> None:
    """Insert a *row* for each of the *wanted* values whose name is not in *table* yet.

    The name is made of the content, so another transaction may be keeping the same one.
    """
    known = set(connection.scalars(sa.select(table.c.id).where(table.c.id.in_(wanted.keys()))))
    new = sorted(wanted.keys() - known)
    if new:
        lock(connection, PINS)
        rows = [row(name, wanted[name]) for name in new]
        connection.execute(insert_or(connection, table).on_conflict_do_nothing(), rows)

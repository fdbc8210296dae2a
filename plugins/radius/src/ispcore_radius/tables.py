"""FreeRADIUS's tables, and the statements on them; none is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from ispcore_radius.rows import Row, Table

_METADATA = sa.MetaData()


def _of_attributes(name: str) -> sa.Table:
    return sa.Table(
        name,
        _METADATA,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("username", sa.Text, nullable=False),
        sa.Column("attribute", sa.Text, nullable=False),
        sa.Column("op", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
    )


RADCHECK = _of_attributes(Table.CHECK.value)
RADREPLY = _of_attributes(Table.REPLY.value)
# Older schemas have no id here, so none is asked for.
RADUSERGROUP = sa.Table(
    Table.GROUP.value,
    _METADATA,
    sa.Column("username", sa.Text, nullable=False),
    sa.Column("groupname", sa.Text, nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
)
TABLES: Mapping[Table, sa.Table] = {
    Table.CHECK: RADCHECK,
    Table.REPLY: RADREPLY,
    Table.GROUP: RADUSERGROUP,
}

_HIDDEN = sa.case((sa.func.lower(RADCHECK.c.attribute).contains("password"), ""), else_=RADCHECK.c.value)
# A group's row has no number; what the server goes by is its priority.
_COLUMNS: Mapping[Table, Sequence[sa.ColumnElement[Any]]] = {
    # Passwords are not even read: a log of what a database answers would show them.
    Table.CHECK: (RADCHECK.c.username, RADCHECK.c.attribute, RADCHECK.c.op, _HIDDEN, RADCHECK.c.id),
    Table.REPLY: tuple(RADREPLY.c[name] for name in ("username", "attribute", "op", "value", "id")),
    Table.GROUP: (
        RADUSERGROUP.c.username,
        RADUSERGROUP.c.groupname,
        sa.literal(""),
        sa.cast(RADUSERGROUP.c.priority, sa.Text),
        RADUSERGROUP.c.priority,
    ),
}


def a_page_of_names(after: str | None, most: int) -> sa.Select[str]:
    """Select the next names that have rows in any of the tables, in the database's own order.

    Each table gives no more than a page of its own, along its index.
    """
    pages = []
    for table in TABLES.values():
        name = table.c.username
        page = sa.select(name).distinct().order_by(name).limit(most)
        inner = (page if after is None else page.where(name > after)).subquery()
        pages.append(sa.select(inner.c.username))
    names = sa.union(*pages).subquery()
    return sa.select(names.c.username).order_by(names.c.username).limit(most)


def rows_of(names: Sequence[str]) -> sa.CompoundSelect[Any]:
    """Select the rows of users in all tables at once, each with its user; :func:`row_from` reads them."""
    wanted: sa.BindParameter[Any] = sa.bindparam("names", names, expanding=True)
    return sa.union_all(
        *(
            sa.select(sa.literal(table.value), *columns).where(TABLES[table].c.username.in_(wanted))
            for table, columns in _COLUMNS.items()
        )
    )


def row_from(table: str, attribute: str, op: str, value: str, number: int) -> Row:
    """Return the row that a selected one is; a column of fixed width pads its operator."""
    return Row(Table(table), attribute, op.strip(), value, number)


def as_the_server_reads(row: Row) -> tuple[int, str]:
    """Return the key that puts rows of one user and table into the server's order."""
    return row.id or 0, row.attribute


def renaming(table: sa.Table) -> sa.Update:
    """Give all rows of the user ``old`` to the user ``new``."""
    change = sa.update(table).where(table.c.username == sa.bindparam("old"))
    return change.values(username=sa.bindparam("new"))


def dropping(table: Table, dropped: Sequence[tuple[str, Row]]) -> sa.Delete:
    """Delete rows, each given with its user."""
    the = TABLES[table]
    if table is Table.GROUP:
        users, groups = {name for name, _ in dropped}, {row.attribute for _, row in dropped}
        return sa.delete(the).where(the.c.username.in_(users), the.c.groupname.in_(groups))
    return sa.delete(the).where(the.c.id.in_([row.id for _, row in dropped]))


def inserting(table: sa.Table, rows: Sequence[Mapping[str, object]], engine: str) -> tuple[sa.Insert, Any]:
    """Return what inserts *rows*, and what it is given: in PostgreSQL a list for each column at once."""
    if engine != "postgresql":
        return sa.insert(table), rows
    columns = [table.c[name] for name in rows[0]]
    lists = [sa.func.unnest(sa.bindparam(one.name, type_=ARRAY(one.type))) for one in columns]
    given = {one.name: [row[one.name] for row in rows] for one in columns}
    return sa.insert(table).from_select(columns, sa.select(*lists)), given


def values_of(name: str, row: Row) -> dict[str, object]:
    """Return what is inserted for a row of the user *name*."""
    if row.table is Table.GROUP:
        return {"username": name, "groupname": row.attribute, "priority": int(row.value)}
    return {"username": name, "attribute": row.attribute, "op": row.op, "value": row.value}

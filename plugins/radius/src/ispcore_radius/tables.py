"""FreeRADIUS's tables, and the statements on them; none is run here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

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

_Columns = Sequence[sa.ColumnElement[Any]]


_HIDDEN = sa.case((sa.func.lower(RADCHECK.c.attribute).contains("password"), ""), else_=RADCHECK.c.value)


def _columns(the: sa.Table, value: sa.ColumnElement[Any]) -> tuple[_Columns, _Columns]:
    return (the.c.username, the.c.attribute, the.c.op, value, the.c.id), (the.c.id,)


_COLUMNS: Mapping[Table, tuple[_Columns, _Columns]] = {
    # Passwords are not even read: a log of what a database answers would show them.
    Table.CHECK: _columns(RADCHECK, _HIDDEN),
    Table.REPLY: _columns(RADREPLY, RADREPLY.c.value),
    Table.GROUP: (
        (*RADUSERGROUP.c.values()[:2], sa.literal(""), RADUSERGROUP.c.priority, sa.null()),
        (RADUSERGROUP.c.priority, RADUSERGROUP.c.groupname),
    ),
}
"""By table: what is read of a row, and the order in which the server reads."""


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


def rows_of(table: Table, names: Sequence[str], *, lock: bool) -> sa.Select[Any]:
    """Select the rows of users in the order in which the server reads them.

    With *lock*, nobody else changes them before the transaction ends.
    """
    the = TABLES[table]
    columns, order = _COLUMNS[table]
    found = sa.select(*columns).where(the.c.username.in_(names)).order_by(*order)
    return found.with_for_update() if lock else found


def row_from(table: Table, attribute: str, op: str, value: object, number: int | None) -> Row:
    """Return the row that a selected one is; a column of fixed width pads its operator."""
    return Row(table, attribute, op.strip(), str(value), number)


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


def values_of(name: str, row: Row) -> dict[str, object]:
    """Return what is inserted for a row of the user *name*."""
    if row.table is Table.GROUP:
        return {"username": name, "groupname": row.attribute, "priority": int(row.value)}
    return {"username": name, "attribute": row.attribute, "op": row.op, "value": row.value}

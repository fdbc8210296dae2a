"""Lists that go to the database as one value each: however long, they are one parameter.

A server takes 65,535 parameters in a statement, and prepares each length of a list anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Iterable


def one_of(dialect: str, column: sa.ColumnElement[Any], name: str) -> sa.ColumnElement[bool]:
    """Return the condition that *column* is one of the list that is given as *name*."""
    if dialect == "postgresql":
        kind = sa.BigInteger if isinstance(column.type, sa.Integer) else sa.Text
        many: sa.BindParameter[Any] = sa.bindparam(name, type_=sa.ARRAY(kind))
        return column == sa.any_(many)
    return column.in_(sa.select(_each(name).c.value))


def pair_of(
    dialect: str, columns: tuple[sa.Column[str], sa.Column[str]], name: str
) -> sa.ColumnElement[bool]:
    """Return the condition that both *columns* are one of the pairs; see :func:`pairs` for what to give."""
    if dialect == "postgresql":
        lists = (sa.bindparam(f"{name}_{part}", type_=sa.ARRAY(sa.Text)) for part in ("first", "second"))
        both = sa.func.unnest(*lists).table_valued("first", "second").render_derived()
        return sa.tuple_(*columns).in_(sa.select(both.c.first, both.c.second))
    value = _each(name).c.value
    return sa.tuple_(*columns).in_(
        sa.select(sa.func.json_extract(value, "$[0]"), sa.func.json_extract(value, "$[1]"))
    )


def pairs(dialect: str, name: str, given: Iterable[tuple[str, str]]) -> dict[str, list[Any]]:
    """Return the values to execute a statement with that asks by :func:`pair_of`."""
    each = [(first, second) for first, second in given]
    if dialect == "postgresql":
        return {f"{name}_first": [one for one, _ in each], f"{name}_second": [one for _, one in each]}
    return {name: each}


def _each(name: str) -> sa.TableValuedAlias:
    many: sa.BindParameter[Any] = sa.bindparam(name, type_=sa.JSON)
    return sa.func.json_each(many).table_valued("value")

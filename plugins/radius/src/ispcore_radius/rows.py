"""A row of FreeRADIUS's tables, and a part of a login: some of its fields, and the rows that they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum

from attrs import field, frozen

from ispcore.driver import Login


class Table(Enum):
    """FreeRADIUS's tables that have a user's name in them."""

    __hash__ = object.__hash__  # there is one of each; rows are looked up by it

    CHECK = "radcheck"
    REPLY = "radreply"
    GROUP = "radusergroup"


@frozen
class Row:
    """One row of a user; of a group, ``attribute`` is its name and ``value`` the priority."""

    table: Table
    attribute: str
    op: str
    value: str
    id: int | None = field(default=None, eq=False)


Values = Mapping[str, object]


@frozen
class Part:
    """Some fields of a login, and the rows that they are.

    ``concerns`` are tables and attributes, in small letters, that are read for it; of those, ``owns`` are
    replaced when it is written.
    """

    fields: frozenset[str]
    concerns: frozenset[tuple[Table, str]]
    read: Callable[[Sequence[Row]], Values]
    write: Callable[[Login, bytes], Iterable[Row]]
    owns: Callable[[Row], bool] = lambda _: True


def key_of(row: Row) -> tuple[Table, str]:
    """Return what tells to which part a row may belong: the server takes attributes in any letters."""
    return row.table, row.attribute.lower()


def keys(table: Table, *attributes: str) -> frozenset[tuple[Table, str]]:
    """Return what :func:`key_of` says of rows with these attributes."""
    return frozenset((table, attribute.lower()) for attribute in attributes)

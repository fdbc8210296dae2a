"""One row for many subscriptions: it is given once, and the database writes it for each of them.

What differs is in the rows of the subscriptions there: their numbers, their customers, their last facts.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from ispcore.storage.bulk import binder_for, quoted_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import sqlalchemy as sa

_ID = "id"
_OWN = {
    "subscription_id": "subscriptions.id",
    "customer_id": "subscriptions.customer_id",
    "fact": "subscriptions.last_fact",
}
"""The columns that differ, and what a subscription has there; the id differs too."""


def insert_for_each(
    connection: sa.Connection,
    table: sa.Table,
    rows: Iterable[tuple[Mapping[str, Any], Sequence[int]]],
) -> None:
    """Insert each row of *rows* once for each of the subscriptions with these numbers.

    An id is that of nobody's charge, ``0:item:line@company:cycle:move:0``: the first 0 stands for the
    subscription, the last one for its last fact. All rows give the same columns.
    """
    asked = list(rows)
    if not asked:
        return
    same = tuple(name for name in asked[0][0] if name not in _OWN)
    binder = binder_for(connection.dialect, table, same)
    # Those who are billed in different ways often get the same row all the same.
    alike: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    for row, members in asked:
        alike[binder.row([row[name] if name != _ID else row[name][1:-1] for name in same])] += members
    on_sqlite = connection.dialect.name == "sqlite"
    given = [(*values, json.dumps(ids) if on_sqlite else ids) for values, ids in alike.items()]
    connection.exec_driver_sql(_statement(connection, table, same), given)


def _statement(connection: sa.Connection, table: sa.Table, same: Sequence[str]) -> str:
    """Return the statement for one row: it takes the columns that are the *same*, and the numbers."""
    own = {name: value for name, value in _OWN.items() if name in table.c}
    target, names = quoted_names(connection, table, (*own, *same))
    if connection.dialect.name == "sqlite":
        # CROSS JOIN tells SQLite to begin with the numbers.
        mark, members = (
            "?",
            "json_each(?) AS member CROSS JOIN subscriptions ON subscriptions.id = member.value",
        )
    else:
        mark, members = "%s", "subscriptions WHERE subscriptions.id = ANY (CAST(%s AS BIGINT[]))"
    named = f"CAST(subscriptions.id AS TEXT) || CAST({mark} AS TEXT) || CAST(subscriptions.last_fact AS TEXT)"
    values = ", ".join((*own.values(), *(named if name == _ID else mark for name in same)))
    return f"INSERT INTO {target} ({names}) SELECT {values} FROM {members}"  # noqa: S608 - names of our own

"""What the core asks of the tables: to check, to read, to write, and to act on sessions.

Each transaction is short, and none is open while results are handed over: FreeRADIUS goes on writing its
accounting meanwhile.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ispcore.driver import (
    Accounting,
    Action,
    Change,
    DeviceError,
    DriverError,
    Health,
    Key,
    Operation,
    Refusal,
    Resource,
    Result,
    Seen,
)
from ispcore_radius import tables
from ispcore_radius.acting import Acting
from ispcore_radius.admission import Admit, Dismiss
from ispcore_radius.config import RadiusConfig
from ispcore_radius.counting import counted
from ispcore_radius.faults import refuses_a_row, row_refused
from ispcore_radius.layout import Layout
from ispcore_radius.nas import admission
from ispcore_radius.passwords import SALT_BYTES
from ispcore_radius.rows import Row
from ispcore_radius.texts import is_sayable
from ispcore_radius.wire import Wire
from ispcore_radius.writing import Plan, Rows, batches, name_after, name_of, names_of, plan


class RadiusSession:
    """One connection to the database."""

    def __init__(self, wire: Wire, config: RadiusConfig, dial: Callable[[str, int], tuple[str, int]]) -> None:
        """Work on *wire*, and reach access points by *dial*."""
        self._wire = wire
        self._config = config
        self._dial = dial
        self._layout = Layout(config)
        self._batch = config.batch

    def check(self, op: Operation) -> Health:
        """Ask the database who it is, and whether it has the tables."""
        with self._wire.transaction(op) as connection:
            connection.execute(tables.rows_of([""]))
            return self._wire.health(connection)

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        """Yield the logins that stand there, a batch of users for each short transaction."""
        if wanted is None:
            yield from self._everything(op)
            return
        keyed = (name for one in wanted for name in (one.key, name_of(one.spec)) if name)
        names = list(dict.fromkeys(keyed))
        for start in range(0, len(names), self._batch):
            yield from self._seen(names[start : start + self._batch], op).values()

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Write a batch of *changes* in one transaction, read them back, and go on with the next."""
        for batch in batches(changes, self._batch):
            refused = self._write(batch, op)
            try:
                seen = self._seen([name_after(change) for change in batch], op)
            except DeviceError as fault:
                fault.wrote = True
                raise
            for change, refusal in zip(batch, refused, strict=True):
                yield Result(change.target.id, refusal or seen.get(name_after(change)))

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Tell who is or was online, act on open sessions by their access points, or admit those."""
        if isinstance(action, Admit | Dismiss):
            return admission(self._wire, action, op)
        if isinstance(action, Accounting):
            return counted(self._wire, self._config, action, op)
        return Acting(self._wire, self._config, self._dial, op).act(action, on)

    def _everything(self, op: Operation) -> Iterator[Seen]:
        last: str | None = None
        while True:
            with self._wire.transaction(op) as connection:
                names = list(connection.scalars(tables.a_page_of_names(last, self._batch)))
                seen = self._read_logins(connection, names)
            yield from seen.values()
            if len(names) < self._batch:
                return
            last = names[-1]

    def _seen(self, names: Sequence[str], op: Operation) -> dict[str, Seen]:
        with self._wire.transaction(op) as connection:
            return self._read_logins(connection, names)

    def _read_logins(self, connection: sa.Connection, names: Sequence[str]) -> dict[str, Seen]:
        rows = _rows(connection, names)
        found = ((name, self._layout.login(name, rows[name])) for name in names)
        return {
            name: Seen(Key(name), login, status=self._layout.others(rows[name]))
            for name, login in found
            if login is not None
        }

    def _write(self, batch: Sequence[Change], op: Operation) -> list[DriverError | None]:
        """Write what can be written of *batch*, and return by change why it was not."""
        with self._wire.transaction(op, writing=True) as connection:
            there = _rows(connection, sorted(frozenset().union(*map(names_of, batch))))
            plans = [self._planned(change, there) for change in batch]
            if _carried_out(connection, [one for one in plans if isinstance(one, Plan)]):
                return [None if isinstance(one, Plan) else one for one in plans]
            return [_alone(connection, one) if isinstance(one, Plan) else one for one in plans]

    def _planned(self, change: Change, there: Rows) -> Plan | Refusal:
        try:
            return plan(self._layout, change, there, os.urandom(SALT_BYTES))
        except Refusal as refusal:
            return refusal


def _rows(connection: sa.Connection, names: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {name: [] for name in names}
    sayable = [name for name in names if is_sayable(name)]
    if sayable:
        for table, name, *row in connection.execute(tables.rows_of(sayable)):
            # A database that is careless about letters tells of names that were not asked for.
            found.setdefault(name, []).append(tables.row_from(table, *row))
    for rows in found.values():
        rows.sort(key=tables.as_the_server_reads)
    return found


def _carried_out(connection: sa.Connection, plans: Sequence[Plan]) -> bool:
    """Carry out *plans* together, or nothing of them where the database refuses a row."""
    try:
        with connection.begin_nested():
            _carry_out(connection, plans)
    except sa.exc.DBAPIError as error:
        if refuses_a_row(error):
            return False
        raise
    return True


def _alone(connection: sa.Connection, one: Plan) -> DriverError | None:
    return None if _carried_out(connection, [one]) else row_refused(one.name)


def _carry_out(connection: sa.Connection, plans: Sequence[Plan]) -> None:
    renamed = [{"old": one.renamed_from, "new": one.name} for one in plans if one.renamed_from is not None]
    for table, its in tables.TABLES.items():
        if renamed:
            connection.execute(tables.renaming(its), renamed)
        dropped = [(one.name, row) for one in plans for row in one.written.drop if row.table is table]
        if dropped:
            connection.execute(tables.dropping(table, dropped))
        added = [
            tables.values_of(one.name, row) for one in plans for row in one.written.add if row.table is table
        ]
        if added:
            connection.execute(sa.insert(its), added)

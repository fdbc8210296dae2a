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
    Login,
    Operation,
    PlacementId,
    Refusal,
    Resource,
    Result,
    Seen,
    Unsettled,
)
from ispcore_radius import tables
from ispcore_radius.acting import Acting
from ispcore_radius.admission import Admit, Dismiss
from ispcore_radius.asking import Asking
from ispcore_radius.config import RadiusConfig
from ispcore_radius.counting import counted
from ispcore_radius.faults import refuses_a_row, row_refused
from ispcore_radius.inquiries import Inspect, SignIn
from ispcore_radius.layout import Layout
from ispcore_radius.nas import admission
from ispcore_radius.packets import Connection
from ispcore_radius.passwords import SALT_BYTES
from ispcore_radius.rows import Row
from ispcore_radius.settings import settings
from ispcore_radius.settling import Left, Settling, gives_a_name_up, mark, open_sessions, refusing, unsettled
from ispcore_radius.signing import Gate
from ispcore_radius.texts import is_sayable
from ispcore_radius.wire import Wire
from ispcore_radius.writing import Plan, Rows, batches, name_after, name_of, names_of, plan

Refused = dict[PlacementId, DriverError]
"""Why changes were not written, by their targets."""


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
            if self._config.follow_sessions:
                open_sessions(connection, [""])
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
        settling = Settling(self._asking(op))
        for batch in batches(changes, self._batch):
            refused = self._let_go(batch, settling, op) if self._config.follow_sessions else {}
            refused |= self._write([one for one in batch if one.target.id not in refused], op)
            try:
                left = self._settle([one for one in batch if one.target.id not in refused], settling, op)
                seen = self._seen([name_after(change) for change in batch], op)
            except DeviceError as fault:
                fault.wrote = True
                raise
            for change in batch:
                name = name_after(change)
                value = refused.get(change.target.id) or _counted(seen.get(name), left.get(name))
                yield Result(change.target.id, value)

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Act on sessions or access points, or tell of logins: who was there, what stands, who gets in."""
        match action:
            case Admit() | Dismiss():
                return admission(self._wire, self._config, action, op)
            case Inspect():
                return settings(self._wire, on, op, self._config.engine.value)
            case SignIn():
                return Gate(self._wire, self._config, self._dial, op).sign_in(action, on)
            case Accounting():
                return counted(self._wire, self._config, action, op)
        return Acting(self._wire, self._config, op, self._asking(op)).act(action, on)

    def _asking(self, op: Operation) -> Asking:
        return Asking(self._wire, self._config, self._dial, op)

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
        logins = {name: login for name, login in found if login is not None}
        sessions: dict[str, list[Connection]] = {name: [] for name in logins}
        if self._config.follow_sessions:
            for one in open_sessions(connection, list(logins)):
                sessions[one.username].append(one)
        return {
            name: Seen(
                Key(name),
                login,
                status=self._layout.others(rows[name]),
                unsettled=self._layout.stale(login, rows[name]) or unsettled(login, sessions[name]),
            )
            for name, login in logins.items()
        }

    # Who is connected

    def _let_go(self, batch: Sequence[Change], settling: Settling, op: Operation) -> Refused:
        """Let nobody be connected under a name that is given up, and refuse it as long as somebody is."""
        giving = {one.before.key: one for one in batch if one.before is not None and gives_a_name_up(one)}
        if not giving:
            return {}
        with self._wire.transaction(op) as connection:
            online = open_sessions(connection, list(giving))
        those = {one.username: refusing(giving[Key(one.username)]) for one in online}
        if not those:
            return {}
        # Who is sent away must not come back at once.
        self._write([one for one in those.values() if one.fields], op)
        logins = {name: one.after for name, one in those.items() if isinstance(one.after, Login)}
        left = settling.settle(logins, online)
        return {giving[Key(name)].target.id: _waits(why) for name, why in left.items()}

    def _settle(self, batch: Sequence[Change], settling: Settling, op: Operation) -> Left:
        """Let who is connected have what was written, as far as access points do that."""
        changed = (one.after for one in batch if one.before is not None)
        logins = {one.username: one for one in changed if isinstance(one, Login)}
        if not logins or not self._config.follow_sessions:
            return {}
        with self._wire.transaction(op) as connection:
            online = open_sessions(connection, list(logins))
        return settling.settle(logins, online)

    # Rows

    def _write(self, batch: Sequence[Change], op: Operation) -> Refused:
        """Write what can be written of *batch*, and return why the rest was not."""
        if not batch:
            return {}
        with self._wire.transaction(op, writing=True) as connection:
            there = _rows(connection, sorted(frozenset().union(*map(names_of, batch))))
            plans = {one.target.id: self._planned(one, there) for one in batch}
            if self._config.follow_sessions:
                mark(connection, batch)
            if _carried_out(connection, [one for one in plans.values() if isinstance(one, Plan)]):
                return {target: one for target, one in plans.items() if isinstance(one, DriverError)}
            alone = {
                target: _alone(connection, one) if isinstance(one, Plan) else one
                for target, one in plans.items()
            }
            return {target: why for target, why in alone.items() if why is not None}

    def _planned(self, change: Change, there: Rows) -> Plan | Refusal:
        try:
            return plan(self._layout, change, there, os.urandom(SALT_BYTES))
        except Refusal as refusal:
            return refusal


def _counted(seen: Seen | None, why: DriverError | None) -> Seen | DriverError | None:
    """Return what was read back; or that it does not count yet, and why."""
    if seen is None or seen.unsettled is None:
        return seen
    return Unsettled(seen.unsettled) if why is None else _waits(why)


def _waits(why: DriverError) -> Unsettled:
    return Unsettled(why.message, hint=why.hint)


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
            connection.execute(*tables.inserting(its, added, connection.dialect.name))

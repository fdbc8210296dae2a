"""What the server has of a login, row by row, read when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from ispcore.driver import Invalid, Login, Operation, Resource, Result, SessionRecord
from ispcore_radius import accounting
from ispcore_radius.inquiries import Setting
from ispcore_radius.tables import RADCHECK, RADREPLY, RADUSERGROUP
from ispcore_radius.wire import Wire

_SET = "set"
_HIDDEN = ("password", "secret")
_METADATA = sa.MetaData()


def _of_groups(name: str) -> sa.Table:
    names = ("groupname", "attribute", "op", "value")
    columns = (sa.Column(each, sa.Text, nullable=False) for each in names)
    return sa.Table(name, _METADATA, sa.Column("id", sa.Integer, primary_key=True), *columns)


_RADGROUPCHECK = _of_groups("radgroupcheck")
_RADGROUPREPLY = _of_groups("radgroupreply")


def settings(wire: Wire, on: Sequence[Resource], op: Operation, engine: str) -> Iterator[Result[object]]:
    """Yield what the server has of the logins *on*; the *engine* tells how instants are written there.

    Raises:
        Invalid: no login is named.
    """
    logins = [(one.id, one.spec.username) for one in on if isinstance(one.spec, Login)]
    if not logins:
        raise Invalid("Say whose settings: name a login.")
    for resource, name in logins:
        with wire.transaction(op) as connection:
            rows = list(_rows(connection, name))
            open_now = connection.execute(accounting.open_of([name])).all()
            last = connection.execute(accounting.past_of(name, None, None, engine)).first()
        if not rows:
            yield Result(resource, Invalid(f"FreeRADIUS's tables have no row of {name}: it does not get in."))
        yield from (Result(resource, one) for one in rows)
        record = None if last is None else accounting.record_from(last)
        yield from (Result(resource, one) for one in _connection(record, len(open_now)))


def _rows(connection: sa.Connection, name: str) -> Iterator[Setting]:
    for where, table in (("check", RADCHECK), ("reply", RADREPLY)):
        yield from _told(where, connection.execute(_attributes(table, table.c.username == name)))
    its = RADUSERGROUP.c
    groups = connection.execute(
        sa.select(its.groupname, its.priority)
        .where(its.username == name)
        .order_by(its.priority, its.groupname)
    )
    for group, priority in groups.all():
        yield Setting(where="group", name=group, value=f"priority {priority}")
        for where, table in (("check", _RADGROUPCHECK), ("reply", _RADGROUPREPLY)):
            found = connection.execute(_attributes(table, table.c.groupname == group))
            yield from _told(f"{where} of {group}", found)


def _attributes(table: sa.Table, whose: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Select the attributes of somebody; of a password the statement itself reads nothing."""
    name = sa.func.lower(table.c.attribute)
    hidden = sa.or_(*(name.contains(word) for word in _HIDDEN))
    value = sa.case((hidden, _SET), else_=table.c.value)
    return sa.select(table.c.attribute, table.c.op, value).where(whose).order_by(table.c.id)


def _told(where: str, rows: Iterable[Sequence[str]]) -> Iterator[Setting]:
    for name, op, value in rows:
        yield Setting(where=where, name=name, op=op.strip(), value=value)


def _connection(last: SessionRecord | None, open_now: int) -> Iterator[Setting]:
    """Tell the last connection, and whether it stands."""
    status = "connected" if open_now else "not connected"
    told: dict[str, object] = {"Status": status if last is not None else "never connected"}
    if last is not None:
        told |= {
            "Last-Connection": last.since and f"{last.since:%Y-%m-%d %H:%M:%S} UTC",
            "Last-Access-Point": last.access_point,
            "Last-IP": last.address,
            "Last-Mac-Connected": last.mac,
        }
    for name, value in told.items():
        if value is not None:
            yield Setting(where="connection", name=name, value=str(value))

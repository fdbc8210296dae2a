"""Connections of logins, in the database: a copy of what accounting servers told."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import evolve

from ispcore.network import Connection, Octets
from ispcore.storage.connection_tables import (
    connection_looks,
    connection_months,
    connection_sources,
    connections,
)
from ispcore.storage.lists import one_of
from ispcore.storage.locks import CONNECTIONS, lock
from ispcore.storage.network_tables import contributions
from ispcore.storage.numbers import take
from ispcore.storage.upsert import insert_or
from ispcore.usecases.connection_stores import Look, Looked, PastMonth
from ispcore.values import Period, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

_KEYS = ("source", "id")
_SUMS = ("connections", "seconds", "octets_up", "octets_down")
_USERNAME = contributions.c.spec["username"].as_string()


class ConnectionStore:
    """What accounting sources told."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def begin_taking(self) -> None:
        """Wait until nobody else takes connections in, or lets them go."""
        lock(self._connection, CONNECTIONS)

    def reached(self, source: str) -> datetime | None:
        """Return up to when *source* was asked, or None when it never was."""
        found = sa.select(connection_sources.c.reached_at).where(connection_sources.c.name == source)
        reached: datetime | None = self._connection.scalar(found)
        return reached

    def reach(self, source: str, at: datetime) -> None:
        """Keep up to when *source* was asked."""
        new = insert_or(self._connection, connection_sources).values(name=source, reached_at=at)
        self._connection.execute(
            new.on_conflict_do_update(index_elements=["name"], set_={"reached_at": new.excluded.reached_at})
        )

    def known(self, source: str, ids: Collection[str]) -> dict[str, Connection]:
        """Return those of *ids* that are kept of a source."""
        this = connections.c.source == source, self._one_of(connections.c.id)
        rows = self._connection.execute(sa.select(connections).where(*this), {"wanted": list(ids)})
        return {row.id: _connection(row) for row in rows}

    def owners(self, logins: Collection[str]) -> dict[str, SubscriptionId]:
        """Return which subscriptions have *logins* now."""
        found = (
            sa.select(contributions.c.subscription_id, _USERNAME.label("login"))
            .where(contributions.c.kind == "login", self._one_of(_USERNAME))
            .order_by(contributions.c.subscription_id.desc())
        )
        rows = self._connection.execute(found, {"wanted": list(logins)})
        return {row.login: SubscriptionId(row.subscription_id) for row in rows}

    def save(self, source: str, found: Sequence[Connection]) -> None:
        """Keep connections of a source, in the place of what was kept of them."""
        if found:
            new = insert_or(self._connection, connections)
            rows = [_row(source, one) for one in found]
            values = {name: new.excluded[name] for name in rows[0] if name not in _KEYS}
            self._connection.execute(new.on_conflict_do_update(index_elements=_KEYS, set_=values), rows)

    def overlapping(self, login: str, since: datetime, until: datetime) -> tuple[Connection, ...]:
        """Return those of a login that overlap the time from *since* to before *until*, the oldest first.

        One that did not stop goes on for ever.
        """
        lasts = connections.c.stopped_at.is_(None) | (connections.c.stopped_at >= since)
        return self._found(connections.c.login == login, connections.c.started_at < until, lasts)

    def last(self, login: str) -> Connection | None:
        """Return the one of a login that started last."""
        this = sa.select(connections).where(connections.c.login == login)
        latest = this.order_by(connections.c.started_at.desc(), connections.c.id.desc()).limit(1)
        row = self._connection.execute(latest).first()
        return None if row is None else _connection(row)

    def of_subscriptions(
        self, subscriptions: Collection[SubscriptionId], since: datetime | None = None
    ) -> tuple[Connection, ...]:
        """Return those of logins that *subscriptions* had, the oldest first: all, or since an instant."""
        theirs = [self._one_of(connections.c.subscription_id)]
        if since is not None:
            theirs.append(connections.c.ends_at >= since)
        return self._found(*theirs, wanted=list(subscriptions))

    def is_any_before(self, instant: datetime) -> bool:
        """Tell whether there is anything to let go that is older than *instant*."""
        old = sa.exists().where(connections.c.ends_at < instant)
        looked = sa.exists().where(connection_looks.c.at < instant)
        return bool(self._connection.scalar(sa.select(old | looked)))

    def let_go(self, before: datetime, most: int) -> int:
        """Make sums of up to *most* connections that nothing is known of since *before*, and return how many.

        Who looked before that is let go too.
        """
        self._connection.execute(sa.delete(connection_looks).where(connection_looks.c.at < before))
        old = sa.select(connections).where(connections.c.ends_at < before)
        rows = self._connection.execute(old.order_by(connections.c.ends_at).limit(most)).all()
        if rows:
            self._add(_sums(rows))
            this = (connections.c[name] == sa.bindparam(f"this_{name}") for name in _KEYS)
            keys = [{"this_source": row.source, "this_id": row.id} for row in rows]
            self._connection.execute(sa.delete(connections).where(*this), keys)
        return len(rows)

    def past_months(self) -> tuple[PastMonth, ...]:
        """Return what stays of those that were let go, by month and access point."""
        table = connection_months
        rows = self._connection.execute(sa.select(table).order_by(table.c.month, table.c.access_point))
        return tuple(
            PastMonth(
                row.month,
                row.access_point,
                row.connections,
                row.seconds,
                Octets(row.octets_up, row.octets_down),
            )
            for row in rows
        )

    def note(self, look: Look) -> None:
        """Keep that somebody looked."""
        row = {
            "id": take(self._connection, "connection-look"),
            "at": look.at,
            "actor": look.actor,
            "actor_address": look.actor_address,
            "login": look.login,
            "what": look.what.value,
            "since": look.period and look.period.start,
            "until": look.period and look.period.end,
        }
        self._connection.execute(sa.insert(connection_looks).values(row))

    def looks(self, login: str) -> tuple[Look, ...]:
        """Return who looked at the connections of a login, the oldest first."""
        table = connection_looks
        rows = self._connection.execute(sa.select(table).where(table.c.login == login).order_by(table.c.id))
        return tuple(_look(row) for row in rows)

    def _one_of(self, of: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
        return one_of(self._connection.dialect.name, of, "wanted")

    def _found(self, *where: sa.ColumnElement[bool], **given: Any) -> tuple[Connection, ...]:  # noqa: ANN401 - lists
        order = connections.c.started_at, connections.c.source, connections.c.id
        rows = self._connection.execute(sa.select(connections).where(*where).order_by(*order), given)
        return tuple(_connection(row) for row in rows)

    def _add(self, sums: Iterable[dict[str, Any]]) -> None:
        new = insert_or(self._connection, connection_months)
        added = {name: connection_months.c[name] + new.excluded[name] for name in _SUMS}
        keys = ["month", "access_point"]
        self._connection.execute(new.on_conflict_do_update(index_elements=keys, set_=added), list(sums))


def _sums(rows: Sequence[sa.Row[Any]]) -> list[dict[str, Any]]:
    groups: dict[tuple[date, str], list[Connection]] = defaultdict(list)
    for row in rows:
        groups[row.ends_at.date().replace(day=1), row.access_point or ""].append(_connection(row))
    return [
        {
            "month": month,
            "access_point": point,
            "connections": len(group),
            "seconds": sum(int(one.duration.total_seconds()) for one in group),
            "octets_up": sum(one.octets.up for one in group),
            "octets_down": sum(one.octets.down for one in group),
        }
        for (month, point), group in sorted(groups.items())
    ]


def _row(source: str, found: Connection) -> dict[str, Any]:
    return {
        "source": source,
        "id": found.id,
        "login": found.login,
        "subscription_id": found.subscription,
        "started_at": found.started_at,
        "seen_at": found.seen_at,
        "stopped_at": found.stopped_at,
        "ends_at": found.ends_at,
        "octets_up": found.octets.up,
        "octets_down": found.octets.down,
        "session": found.session,
        "address": found.address,
        "ipv6_prefix": found.ipv6_prefix,
        "delegated_prefix": found.delegated_prefix,
        "mac": found.mac,
        "access_point": found.access_point,
        "cause": found.cause,
    }


def _connection(row: sa.Row[Any]) -> Connection:
    found = Connection(
        id=row.id,
        login=row.login,
        started_at=row.started_at,
        seen_at=row.seen_at,
        stopped_at=row.stopped_at,
        octets=Octets(row.octets_up, row.octets_down),
        session=row.session,
        address=row.address,
        ipv6_prefix=row.ipv6_prefix,
        delegated_prefix=row.delegated_prefix,
        mac=row.mac,
        access_point=row.access_point,
        cause=row.cause,
    )
    owner = row.subscription_id
    return found if owner is None else evolve(found, subscription=SubscriptionId(owner))


def _look(row: sa.Row[Any]) -> Look:
    period = None if row.since is None else Period(row.since, row.until)
    return Look(row.at, row.actor, row.actor_address, row.login, Looked(row.what), period)

"""Connections of logins: taken from accounting sources, looked at, and let go when kept long enough.

They are copied. So they stay for as long as the law wants them whatever a server clears, can be seen when it
is down, and whose a login was at the time stays known. To take the same twice changes nothing. Who looks at
them is recorded in the transaction that reads them.
"""

from __future__ import annotations

from datetime import UTC, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.errors import IspcoreError, NotFoundError, StorageError
from ispcore.network import (
    Connection,
    ConnectionStatement,
    Usage,
    start_of,
    supersedes,
    trouble_of,
    usage_of,
    zone_of,
)
from ispcore.usecases.connection_stores import Look, Looked
from ispcore.values import SubscriptionId, add_months

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date, datetime, tzinfo

    from ispcore.timeline import Actor
    from ispcore.usecases.connection_stores import AccountingSource, PastMonth
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import Period

READ_CONNECTIONS, READ_LOOKS = "connection.read", "connection.looks"
COLLECT_CONNECTIONS, LET_CONNECTIONS_GO = "connection.collect", "connection.let-go"
_SLICE = 1_000
"""How many connections are taken, or let go, in one transaction."""
_ASKED_AGAIN = timedelta(minutes=15)
"""What a server tells of the last minutes is asked for again, as it may have been late itself."""


@frozen
class Collected:
    """What came of asking an accounting source: of how many connections it told.

    Those that are ``new`` and ``changed`` were news. ``left`` says why others were left out; with a
    ``failure`` it did not tell all. ``subscriptions`` are those that it told news of.
    """

    source: str
    told: int = 0
    new: int = 0
    changed: int = 0
    left: tuple[str, ...] = ()
    failure: str | None = None
    subscriptions: frozenset[SubscriptionId] = frozenset()

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong, a sentence each."""
        return self.left if self.failure is None else (*self.left, self.failure)


def collect_connections(
    desk: Desk, sources: Mapping[str, AccountingSource], *, actor: Actor
) -> tuple[Collected, ...]:
    """Take what each of the *sources* has to tell since it was asked last.

    One that fails is told, and asked for the rest next time; what it told until then is kept.
    """
    actor.require(COLLECT_CONNECTIONS)
    return tuple(_collected(desk, name, source) for name, source in sorted(sources.items()))


def _collected(desk: Desk, name: str, source: AccountingSource) -> Collected:
    now = desk.clock.now()
    with desk.database.reading() as work:
        reached = work.connections.reached(name)
        limit = _limit(work, desk)
    found = Collected(name)
    telling = _Telling(name, source, reached)
    while told := telling.some():
        left = [trouble_of(one) for one in told]
        good = [one for one, why in zip(told, left, strict=True) if why is None]
        seen = [*filter(None, [reached]), *(one.seen_at for one in good)]
        reached = min(now, max(seen)) if seen else None
        found = evolve(found, told=found.told + len(told), left=(*found.left, *filter(None, left)))
        found = _taken(desk, found, [one for one in good if one.ends_at >= limit], reached)
    return evolve(found, failure=telling.failure)


def _taken(desk: Desk, found: Collected, told: Sequence[Connection], reached: datetime | None) -> Collected:
    """Keep what was *told*, where it is news, and up to when its source has told."""
    with desk.database.writing() as work:
        work.connections.begin_taking()
        if reached is not None:
            work.connections.reach(found.source, reached)
        latest: dict[str, Connection] = {}
        for one in told:
            if one.id not in latest or supersedes(one, latest[one.id]):
                latest[one.id] = one
        known = work.connections.known(found.source, latest.keys())
        new = [one for one in latest.values() if one.id not in known]
        owners = work.connections.owners({one.login for one in new}) if new else {}
        fresh = [evolve(one, subscription=owners.get(one.login)) for one in new]
        changed = [
            evolve(one, subscription=known[one.id].subscription)
            for one in latest.values()
            if one.id in known and supersedes(one, known[one.id])
        ]
        work.connections.save(found.source, [*fresh, *changed])
    owned = {one.subscription for one in (*fresh, *changed) if one.subscription is not None}
    return evolve(
        found,
        new=found.new + len(fresh),
        changed=found.changed + len(changed),
        subscriptions=found.subscriptions | owned,
    )


class _Telling:
    """A source that tells, some connections at a time; whatever it raises is its failure."""

    def __init__(self, name: str, source: AccountingSource, reached: datetime | None) -> None:
        self._name = name
        self._stream = self._every(source, None if reached is None else reached - _ASKED_AGAIN)
        self.failure: str | None = None

    def _every(self, source: AccountingSource, since: datetime | None) -> Iterator[Connection]:
        try:
            yield from source.changed(since)
        except StorageError:  # it is our own database
            raise
        except Exception as error:  # noqa: BLE001 - other sources are asked
            why = str(error) if isinstance(error, IspcoreError) else f"{type(error).__name__}: {error}"
            self.failure = f"Accounting source {self._name!r} failed: {why}"

    def some(self) -> list[Connection]:
        return list(islice(self._stream, _SLICE))


def statement_of_connections(
    desk: Desk, login: str, period: Period, *, actor: Actor
) -> tuple[ConnectionStatement, tzinfo]:
    """Return the connections of *login* that overlap the days of *period*, and the zone of those days."""
    actor.require(READ_CONNECTIONS)
    with desk.database.writing() as work:
        _note(work, desk, actor, (Looked.STATEMENT, login, period))
        return _stated(work, login, period)


def usage_by_day(desk: Desk, login: str, period: Period, *, actor: Actor) -> Usage:
    """Return what *login* moved on each day of *period*, in the zone of its business unit."""
    actor.require(READ_CONNECTIONS)
    with desk.database.writing() as work:
        _note(work, desk, actor, (Looked.USAGE, login, period))
        statement, zone = _stated(work, login, period)
    return usage_of(login, statement.connections, period, zone)


def last_connection(desk: Desk, login: str, *, actor: Actor) -> Connection:
    """Return the connection of *login* that started last, or raise NotFoundError."""
    actor.require(READ_CONNECTIONS)
    with desk.database.writing() as work:
        _note(work, desk, actor, (Looked.LAST, login, None))
        found = work.connections.last(login)
    if found is None:
        raise NotFoundError("connection of login", login, hint="None was told of, or it was let go.")
    return found


def looks_at_connections(desk: Desk, login: str, *, actor: Actor) -> tuple[Look, ...]:
    """Return who looked at the connections of *login*, the oldest first."""
    actor.require(READ_LOOKS)
    with desk.database.reading() as work:
        return work.connections.looks(login)


def past_connections(desk: Desk, *, actor: Actor) -> tuple[PastMonth, ...]:
    """Return the sums that stay of connections that were let go, by month and access point."""
    actor.require(READ_CONNECTIONS)
    with desk.database.reading() as work:
        return work.connections.past_months()


def let_connections_go(desk: Desk, *, actor: Actor) -> int:
    """Make sums that name nobody of connections that were kept long enough, and return of how many.

    The catalogue's ``privacy.connection_months`` says how long. Who looked at them is let go at that age too.
    """
    actor.require(LET_CONNECTIONS_GO)
    with desk.database.reading() as work:
        limit = _limit(work, desk)
        gone = _SLICE if work.connections.is_any_before(limit) else 0
    count = 0
    while gone == _SLICE:
        with desk.database.writing() as work:
            work.connections.begin_taking()
            gone = work.connections.let_go(limit, _SLICE)
        count += gone
    return count


def _limit(work: UnitOfWork, desk: Desk) -> datetime:
    """Return the instant before which no connection is kept that nothing was heard of since."""
    catalogue = work.catalogue.current()
    day: date = add_months(desk.earliest_today_of(catalogue), -catalogue.privacy.connection_months)
    return start_of(day, UTC)


def _stated(work: UnitOfWork, login: str, period: Period) -> tuple[ConnectionStatement, tzinfo]:
    zone = _zone_of_login(work, login)
    since, until = start_of(period.start, zone), start_of(period.end, zone)
    return ConnectionStatement(login, since, until, work.connections.overlapping(login, since, until)), zone


def _zone_of_login(work: UnitOfWork, login: str) -> tzinfo:
    """Return the zone of the business unit that has *login*, or had it last; else of the first unit."""
    catalogue = work.catalogue.current()
    owner = work.connections.owners([login]).get(login)
    last = None if owner is not None else work.connections.last(login)
    owner = owner if last is None else last.subscription
    if owner is not None:
        timeline, _ = work.subscriptions.get(owner)
        return zone_of(catalogue.unit(timeline.last.unit).zone)
    return zone_of(min(catalogue.units.items())[1].zone) if catalogue.units else UTC


def _note(work: UnitOfWork, desk: Desk, actor: Actor, looked: tuple[Looked, str, Period | None]) -> None:
    what, login, period = looked
    work.connections.note(Look(desk.clock.now(), actor.id, actor.address, login, what, period))

"""Usage by day and by month: the bytes of connections, split at the midnights of a zone.

Accounting tells one total of a connection, so what it moved is taken to flow evenly from its start to the
instant at which it was last seen. Each part is the difference of two running totals in whole bytes: the
parts sum to the whole, and a connection that goes on changes nothing but its own days.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, tzinfo
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.network.connection import Connection, Octets
from ispcore.network.instants import start_of
from ispcore.values import ONE_DAY, Period

if TYPE_CHECKING:
    from datetime import datetime, timedelta


@frozen
class Usage:
    """What a login moved: by day, every day of ``period`` in order, and by month as its first day."""

    login: str
    period: Period
    days: Mapping[date, Octets]

    @property
    def months(self) -> Mapping[date, Octets]:
        """The same by month, of the days that lie in the period."""
        found: dict[date, Octets] = {}
        for day, octets in self.days.items():
            month = day.replace(day=1)
            found[month] = found.get(month, Octets()) + octets
        return found

    @property
    def octets(self) -> Octets:
        """All of it."""
        return sum(self.days.values(), Octets())


def usage_of(login: str, connections: Iterable[Connection], period: Period, zone: tzinfo) -> Usage:
    """Return what *connections* of a login moved on each day of *period*, the days being those of *zone*."""
    days = {date.fromordinal(n): Octets() for n in range(period.start.toordinal(), period.end.toordinal())}
    for connection in connections:
        for day, octets in shares(connection, zone):
            if day in period:
                days[day] += octets
    return Usage(login, period, days)


def shares(connection: Connection, zone: tzinfo) -> Iterator[tuple[date, Octets]]:
    """Yield the days that a connection lasted on, in order, with what it moved on each."""
    ended_at = connection.started_at + connection.duration
    day, last = connection.started_at.astimezone(zone).date(), ended_at.astimezone(zone).date()
    before = Octets()
    while day < last:
        reached = _moved_by(connection, start_of(day + ONE_DAY, zone))
        yield day, reached - before
        before, day = reached, day + ONE_DAY
    yield day, connection.octets - before


def _moved_by(connection: Connection, instant: datetime) -> Octets:
    """Return what a connection had moved by an *instant* between its start and its end."""
    past = _microseconds(instant - connection.started_at)
    whole = _microseconds(connection.duration)
    return Octets(connection.octets.up * past // whole, connection.octets.down * past // whole)


def _microseconds(span: timedelta) -> int:
    return (span.days * 86_400 + span.seconds) * 1_000_000 + span.microseconds

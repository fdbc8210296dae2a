"""Connections: when each login was on the network, what it moved and what it had there.

What an accounting server tells is taken as it is. A connection that did not stop is told again and again
with what it moved so far, so whatever is computed of one holds up to the instant at which it was last seen.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from attrs import field, frozen

from ispcore.values import SubscriptionId, as_tuple

_LONGEST = {
    "id": 100,
    "login": 253,
    "session": 100,
    "address": 50,
    "ipv6_prefix": 50,
    "delegated_prefix": 50,
    "mac": 50,
    "access_point": 100,
    "cause": 60,
}
"""Characters of the longest text in each field."""
_MOST_OCTETS = 2**50
_NOTHING = timedelta()


def _in_utc(instant: datetime | None) -> datetime | None:
    """Return an instant in UTC; one without a zone is no instant, and is told by :func:`trouble_of`."""
    return instant if instant is None or instant.tzinfo is None else instant.astimezone(UTC)


@frozen
class Octets:
    """Bytes that were moved: ``up`` from the customer, ``down`` to the customer."""

    up: int = 0
    down: int = 0

    @property
    def total(self) -> int:
        """Bytes both ways."""
        return self.up + self.down

    def __add__(self, other: Octets) -> Octets:
        """Return both together."""
        return Octets(self.up + other.up, self.down + other.down)

    def __sub__(self, other: Octets) -> Octets:
        """Return what is more here than in *other*."""
        return Octets(self.up - other.up, self.down - other.down)


@frozen(kw_only=True)
class Connection:
    """One connection of a login, as an accounting server tells of it.

    ``id`` names it at its source for ever, ``session`` at its access point. Instants bear their zone.
    ``octets`` are those moved by ``seen_at``, when the server last heard of it. ``cause`` is why it stopped.
    ``subscription`` had the login when the connection was first told of.
    """

    id: str
    login: str
    started_at: datetime = field(converter=_in_utc)
    seen_at: datetime = field(converter=_in_utc)
    stopped_at: datetime | None = field(default=None, converter=_in_utc)
    octets: Octets = Octets()
    session: str | None = None
    address: str | None = None
    ipv6_prefix: str | None = None
    delegated_prefix: str | None = None
    mac: str | None = None
    access_point: str | None = None
    cause: str | None = None
    subscription: SubscriptionId | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody told that it stopped."""
        return self.stopped_at is None

    @property
    def ends_at(self) -> datetime:
        """The instant up to which something is known of it."""
        return self.stopped_at or max(self.started_at, self.seen_at)

    @property
    def duration(self) -> timedelta:
        """How long it was known to last; nothing where the clocks of a source went backwards."""
        return max(self.ends_at - self.started_at, _NOTHING)


@frozen
class ConnectionStatement:
    """The connections of a login that overlap the time from ``since`` to before ``until``, the oldest first.

    The totals are those of whole connections, also of what lies outside of that time.
    """

    login: str
    since: datetime
    until: datetime
    connections: tuple[Connection, ...] = field(converter=as_tuple)

    @property
    def octets(self) -> Octets:
        """Bytes that all of them moved."""
        return total_octets(self.connections)

    @property
    def duration(self) -> timedelta:
        """How long all of them lasted together."""
        return sum((one.duration for one in self.connections), _NOTHING)


def total_octets(connections: Iterable[Connection]) -> Octets:
    """Return the bytes that all *connections* moved."""
    return sum((one.octets for one in connections), Octets())


def trouble_of(connection: Connection) -> str | None:
    """Return why *connection* cannot be kept, or None when it can.

    One bad record of a source is told and keeps no other from being taken.
    """
    name = f"Connection {connection.id!r}"
    for missing in ("id", "login"):
        if not getattr(connection, missing):
            return f"{name} is left out: it has no {missing}."
    for what, most in _LONGEST.items():
        text = getattr(connection, what) or ""
        if len(text) > most or not text.isprintable():
            return f"{name} is left out: its {what} is no printable text of up to {most} characters."
    instants = (connection.started_at, connection.seen_at, connection.stopped_at or connection.seen_at)
    if any(instant.tzinfo is None for instant in instants):
        return f"{name} is left out: an instant of it bears no zone."
    if not all(0 <= count < _MOST_OCTETS for count in (connection.octets.up, connection.octets.down)):
        return f"{name} is left out: it moved {connection.octets.up} and {connection.octets.down} bytes."
    return None


def supersedes(told: Connection, known: Connection) -> bool:
    """Tell whether what is *told* of a connection takes the place of what is *known*.

    A stop is never taken back by an earlier state that arrives late. Of two that were seen within the same
    second of a source, that which moved more is the later.
    """
    if known.is_open != told.is_open:
        return known.is_open
    return (told.seen_at, told.octets.total) > (known.seen_at, known.octets.total)

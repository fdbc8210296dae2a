"""What the use cases about connections need: a source that tells of them, and a database that keeps them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Protocol

from attrs import frozen

from ispcore.network import Connection, Octets
from ispcore.values import Period, SubscriptionId


class AccountingSource(Protocol):
    """Tells of connections: the accounting tables of a RADIUS server, or whatever counts."""

    def changed(self, since: datetime | None) -> Iterable[Connection]:
        """Yield each connection that was heard of at *since* or later, or all, in the order of ``seen_at``.

        Each as it stands now; to tell of one again does no harm. ``subscription`` is left out. Some are kept
        whenever a thousand were told, and who fails or is killed then is asked for the rest.
        """
        ...


class Looked(Enum):
    """What somebody looked at; an export is of everything that is kept of a customer."""

    STATEMENT = "statement"
    USAGE = "usage"
    LAST = "last"
    EXPORT = "export"


@frozen
class Look:
    """Somebody looked at the connections of a login: who, when, from where, at what, and of which days."""

    at: datetime
    actor: str
    actor_address: str | None
    login: str
    what: Looked
    period: Period | None = None


@frozen
class PastMonth:
    """What stays of the connections that ended in a month at an access point: sums that name nobody.

    ``month`` is its first day, in UTC; ``access_point`` is empty where none was told.
    """

    month: date
    access_point: str
    connections: int
    seconds: int
    octets: Octets


class Connections(Protocol):
    """What accounting sources told."""

    def begin_taking(self) -> None:
        """Wait until nobody else takes connections in, or lets them go."""
        ...

    def reached(self, source: str) -> datetime | None:
        """Return up to when *source* was asked, or None when it never was."""
        ...

    def reach(self, source: str, at: datetime) -> None:
        """Keep up to when *source* was asked."""
        ...

    def known(self, source: str, ids: Collection[str]) -> Mapping[str, Connection]:
        """Return those of *ids* that are kept of a source."""
        ...

    def owners(self, logins: Collection[str]) -> Mapping[str, SubscriptionId]:
        """Return which subscriptions have *logins* now."""
        ...

    def save(self, source: str, connections: Sequence[Connection]) -> None:
        """Keep connections of a source, in the place of what was kept of them."""
        ...

    def overlapping(self, login: str, since: datetime, until: datetime) -> tuple[Connection, ...]:
        """Return those of a login that overlap the time from *since* to before *until*, the oldest first.

        One that did not stop goes on for ever.
        """
        ...

    def last(self, login: str) -> Connection | None:
        """Return the one of a login that started last."""
        ...

    def of_subscriptions(
        self, subscriptions: Collection[SubscriptionId], since: datetime | None = None
    ) -> tuple[Connection, ...]:
        """Return those of logins that *subscriptions* had, the oldest first: all, or since an instant."""
        ...

    def is_any_before(self, instant: datetime) -> bool:
        """Tell whether there is anything to let go that is older than *instant*."""
        ...

    def let_go(self, before: datetime, most: int) -> int:
        """Make sums of up to *most* connections that nothing is known of since *before*, and return how many.

        Who looked before that is let go too.
        """
        ...

    def past_months(self) -> tuple[PastMonth, ...]:
        """Return what stays of those that were let go, by month and access point."""
        ...

    def note(self, look: Look) -> None:
        """Keep that somebody looked."""
        ...

    def looks(self, login: str) -> tuple[Look, ...]:
        """Return who looked at the connections of a login, the oldest first."""
        ...

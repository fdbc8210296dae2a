"""The part of the facade that is about connections of logins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore import usecases as u
from ispcore.desks.counting import counting_devices
from ispcore.network import USUAL_COLUMNS, sheet_of

if TYPE_CHECKING:
    from ispcore.desks.reach import Drivers, Reach
    from ispcore.network import Connection, ConnectionStatement, Sheet, SheetColumn, Usage
    from ispcore.timeline import Actor
    from ispcore.values import Period, SubscriptionId


@frozen
class ConnectionDesk:
    """Connections of logins; :attr:`Provider.connections <ispcore.app.Provider.connections>`.

    Who looks at those of a login is recorded. Days are those of the business unit that has the login.
    """

    _desk: u.Desk
    _reach: Reach

    def using(self, drivers: Drivers) -> ConnectionDesk:
        """Return the same with drivers that the program has made itself, before those of plugins."""
        return evolve(self, reach=evolve(self._reach, drivers=drivers))

    def collect(
        self, *, actor: Actor, sources: Mapping[str, u.AccountingSource] | None = None
    ) -> tuple[u.Collected, ...]:
        """Take what devices that count have to tell, and *sources* of the program's own by name.

        A tick asks the devices too. Who fails is told, and asked for the rest next time.

        Raises:
            StorageError: the database failed; what was taken stays.
        """
        actor.require(u.COLLECT_CONNECTIONS)
        every = {**counting_devices(self._reach), **(sources or {})}
        return u.collect_connections(self._desk, every, actor=actor)

    def limit(
        self, limits: Sequence[u.UsageLimit], subscriptions: Iterable[SubscriptionId], *, actor: Actor
    ) -> u.Limited:
        """Place the holds that usage *limits* decide on for *subscriptions*, by what they moved this month.

        A tick does it with the limits of plugins, for subscriptions that there is news of.
        """
        return u.limit_usage(self._desk, limits, frozenset(subscriptions), actor=actor)

    def statement(self, login: str, period: Period, *, actor: Actor) -> ConnectionStatement:
        """Return the connections of *login* that overlap *period*, the oldest first, with their totals."""
        return u.statement_of_connections(self._desk, login, period, actor=actor)[0]

    def sheet(
        self,
        login: str,
        period: Period,
        *,
        actor: Actor,
        title: str | None = None,
        columns: Sequence[SheetColumn] = USUAL_COLUMNS,
    ) -> Sheet:
        """Return the same as a sheet, which :mod:`ispcore.sheets` writes as XLSX, CSV or text.

        Raises:
            InvalidValueError: there are no columns, or the *title* is too long.
        """
        statement, zone = u.statement_of_connections(self._desk, login, period, actor=actor)
        return sheet_of(statement, zone, title=title, columns=columns)

    def usage(self, login: str, period: Period, *, actor: Actor) -> Usage:
        """Return what *login* moved by day and by month; what goes over midnight is split by its time."""
        return u.usage_by_day(self._desk, login, period, actor=actor)

    def last(self, login: str, *, actor: Actor) -> Connection:
        """Return the connection of *login* that started last, with its address and MAC.

        Raises:
            NotFoundError: none is known.
        """
        return u.last_connection(self._desk, login, actor=actor)

    def looks(self, login: str, *, actor: Actor) -> tuple[u.Look, ...]:
        """Return who looked at the connections of *login*, the oldest first."""
        return u.looks_at_connections(self._desk, login, actor=actor)

    def let_go(self, *, actor: Actor) -> int:
        """Make connections that were kept long enough sums that name nobody, and return of how many.

        A tick does the same; the catalogue's ``privacy.connection_months`` says how long is enough.
        """
        return u.let_connections_go(self._desk, actor=actor)

    def past(self, *, actor: Actor) -> tuple[u.PastMonth, ...]:
        """Return the sums that stay of connections that were let go, by month and access point."""
        return u.past_connections(self._desk, actor=actor)

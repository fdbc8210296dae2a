"""Making sessions that are open what their logins are: at the new speed, or closed.

What stands in the tables counts when somebody signs in. Who is connected already is asked after here, so
that a login is as it is wanted only when nobody is connected otherwise. The order is such that a process may
be killed anywhere: sessions bear the terms that they are on, and a name is given up only when nobody is
connected under it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import sqlalchemy as sa
from attrs import evolve, frozen

from ispcore.driver import Access, Busy, Change, Done, DriverError, Login
from ispcore_radius import accounting
from ispcore_radius.asking import Asking
from ispcore_radius.packets import Connection
from ispcore_radius.terms import TERMS, differs_in_speed, is_on, is_ours, terms_of
from ispcore_radius.writing import name_after, name_before

Left = Mapping[str, DriverError]
"""Why somebody is still connected otherwise, by the name of the login."""


def open_sessions(connection: sa.Connection, names: Sequence[str]) -> list[Connection]:
    """Return the open sessions of users, with the terms that they are on."""
    asked = set(names)
    rows = connection.execute(accounting.open_with_terms(names)) if names else ()
    found = map(accounting.connection_from, rows)
    # A database that is careless about letters tells of names that were not asked for.
    return [one for one in found if one.username in asked]


def unsettled(login: Login, sessions: Iterable[Connection]) -> str | None:
    """Say who is connected otherwise than *login* says; None where nobody is."""
    others = [f"{one.id} on {one.point}" for one in sessions if not is_on(login, one.terms)]
    if not others:
        return None
    return f"{login.username} is still connected as before: session {', '.join(sorted(others))}."


def mark(connection: sa.Connection, changes: Iterable[Change]) -> None:
    """Let open sessions that tell no terms be on those that stood until now, before these *changes*."""
    before = {
        one.before.key: one.before.spec
        for one in changes
        if one.before is not None and not TERMS.isdisjoint(one.fields)
    }
    for session in open_sessions(connection, sorted(before)):
        login = before[session.username]  # type: ignore[index]  # a key is the name
        if isinstance(login, Login) and not is_ours(session.terms):
            connection.execute(accounting.on_terms(session.row, terms_of(login).value))


def gives_a_name_up(change: Change) -> bool:
    """Tell whether nobody may be connected under the former name after *change*."""
    return change.before is not None and name_before(change) != (change.after and name_after(change))


def refusing(change: Change) -> Change:
    """Return what turns everybody away from the name that *change* gives up.

    A login that is to go is refused first. One that only gets another name is not: nobody signs in under the
    former one for longer than it takes to write.
    """
    assert change.before is not None  # noqa: S101 - it gives a name up
    spec = change.before.spec
    refused = evolve(spec, access=Access.REFUSED) if isinstance(spec, Login) else spec
    fields = frozenset({"access"}) if change.after is None else frozenset[str]()
    return Change(change.target, change.before, refused, fields)


@frozen
class Settling:
    """Asks access points about sessions that are open on other terms."""

    asking: Asking

    def settle(self, logins: Mapping[str, Login], sessions: Iterable[Connection]) -> Left:
        """Give sessions what their *logins* say, and return for which that could not be done.

        Raises:
            Busy: there was no time for all.
        """
        left: dict[str, DriverError] = {}
        for session in sessions:
            login = logins[session.username]
            if is_on(login, session.terms):
                continue
            said = self._settled(login, session)
            if isinstance(said, Busy):
                raise said
            if isinstance(said, DriverError):
                left.setdefault(login.username, said)
        return left

    def _settled(self, login: Login, session: Connection) -> Done | DriverError:
        if login.access is Access.OPEN and differs_in_speed(login, session.terms):
            return self.asking.adjust(login, session)
        return self.asking.close(session)

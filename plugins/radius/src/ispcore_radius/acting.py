"""What is done about sessions: who is online, closing them, and letting them take over a new speed.

Who is online is what ``radacct`` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import frozen

from ispcore.driver import (
    Action,
    Adjust,
    Disconnect,
    Done,
    DriverError,
    History,
    Invalid,
    Login,
    OpenSession,
    Operation,
    PlacementId,
    Resource,
    Result,
    Sessions,
    Unsupported,
)
from ispcore_radius import accounting
from ispcore_radius.asking import Asking
from ispcore_radius.config import RadiusConfig
from ispcore_radius.packets import Connection
from ispcore_radius.wire import Wire

Targets = Mapping[str, tuple[PlacementId, Login]]
"""The logins of an action, by their names."""


@frozen
class Acting:
    """One action, from its first question to its last answer."""

    wire: Wire
    config: RadiusConfig
    op: Operation
    asking: Asking

    def act(self, action: Action[Any], on: Sequence[Resource]) -> Iterator[Result[object]]:
        """Carry *action* out and yield what came of each session.

        Raises:
            Unsupported: there is no such action here.
        """
        targets = {one.spec.username: (one.id, one.spec) for one in on if isinstance(one.spec, Login)}
        match action:
            case Sessions():
                yield from self._online(targets)
            case History(since=since, until=until) if targets:
                yield from self._past(targets, _instant(since), _instant(until))
            case Disconnect(access_point=str(point)) if not on:
                for one in self._read(accounting.open_on(point)):
                    yield Result(None, self.asking.close(one))
            case Disconnect() if targets:
                yield from self._each(targets, lambda _, one: self.asking.close(one))
            case Adjust() if targets:
                yield from self._each(targets, self.asking.adjust)
            case History() | Disconnect() | Adjust():
                raise Invalid("Say whose sessions: name a login, or for closing them an access point.")
            case _:
                raise Unsupported(f"FreeRADIUS's tables cannot do {action.word!r}.")

    # What the table tells

    def _online(self, targets: Targets) -> Iterator[Result[object]]:
        if targets:
            for one in self._of(targets):
                yield Result(targets[one.username][0], _told(one))
            return
        last = 0
        while page := self._read(accounting.a_page_of_open(last, self.config.batch)):
            for one in page:
                yield Result(None, _told(one))
            last = page[-1].row

    def _past(
        self, targets: Targets, since: datetime | None, until: datetime | None
    ) -> Iterator[Result[object]]:
        for name, (resource, _) in targets.items():
            with self.wire.transaction(self.op) as connection:
                found = accounting.past_of(name, since, until, self.config.engine.value)
                records = [accounting.record_from(row) for row in connection.execute(found)]
            yield from (Result(resource, one) for one in records)

    def _of(self, targets: Targets) -> list[Connection]:
        names = list(targets)
        batch = self.config.batch
        starts = range(0, len(names), batch)
        found = [one for at in starts for one in self._read(accounting.open_of(names[at : at + batch]))]
        # A database that is careless about letters tells of names that were not asked for.
        return [one for one in found if one.username in targets]

    def _read(self, statement: Any) -> list[Connection]:  # noqa: ANN401 - a statement of the library
        with self.wire.transaction(self.op) as connection:
            return [accounting.connection_from(row) for row in connection.execute(statement)]

    # What access points are asked

    def _each(
        self, targets: Targets, do: Callable[[Login, Connection], Done | DriverError]
    ) -> Iterator[Result[object]]:
        idle = dict(targets)
        for one in self._of(targets):
            idle.pop(one.username, None)
            resource, login = targets[one.username]
            yield Result(resource, do(login, one))
        for name, (resource, _) in idle.items():
            yield Result(resource, Done(note=f"{name} has no session that is open."))


def _instant(text: str | None) -> datetime | None:
    return accounting.instant_asked(text) if text else None


def _told(one: Connection) -> OpenSession:
    return OpenSession(
        id=one.id,
        username=one.username,
        since=one.since,
        address=one.address,
        mac=one.mac,
        access_point=one.point,
    )

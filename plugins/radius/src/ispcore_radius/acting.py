"""What is done about sessions: who is online, closing them, and letting them take over a new speed.

Who is online is what ``radacct`` says. An access point that was silent once is not asked again by the same
call, and no transaction is open while one is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from attrs import define, field

from ispcore.driver import (
    Access,
    Action,
    Adjust,
    Busy,
    Disconnect,
    Done,
    DriverError,
    History,
    Invalid,
    Login,
    OpenSession,
    Operation,
    OutcomeUnknown,
    PlacementId,
    Resource,
    Result,
    Sessions,
    Unreachable,
    Unsupported,
)
from ispcore_radius import accounting, link, packets
from ispcore_radius.config import RadiusConfig
from ispcore_radius.packets import Connection, Outcome, Packet
from ispcore_radius.points import AccessPoint
from ispcore_radius.speeds import speeds_of
from ispcore_radius.wire import Wire

_KEPT_SECONDS = 2.0  # of an operation, to write down what came of it

Targets = Mapping[str, tuple[PlacementId, Login]]
"""The logins of an action, by their names."""


@define
class Acting:
    """One action, from its first question to its last answer."""

    wire: Wire
    config: RadiusConfig
    dial: Callable[[str, int], tuple[str, int]]
    op: Operation
    _silent: set[str] = field(factory=set)
    _secrets: dict[str, str | None] = field(factory=dict, repr=False)
    _next: float = 0.0

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
                    yield Result(None, self._close(one))
            case Disconnect() if targets:
                yield from self._each(targets, lambda _, one: self._close(one))
            case Adjust() if targets:
                yield from self._each(targets, self._adjust)
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

    def _close(self, one: Connection) -> Done | DriverError:
        said = self._ask(one, packets.closing)
        if isinstance(said, DriverError):
            return said
        what, cause = said
        if what is Outcome.REFUSED:
            return Unsupported(f"{one} was not closed: the access point says {cause}.")
        return self._forgotten(one) if what is Outcome.GHOST else Done(note=f"{one} was closed.")

    def _adjust(self, login: Login, one: Connection) -> Done | DriverError:
        """Change a session, or close it where its access point or what is wanted does not allow that."""
        point = self.config.point(one.point)
        values = speeds_of(self.config)[point.vendor].write((login.download_kbit, login.upload_kbit))
        can = point.adjusts and packets.are_known(values)
        if login.access is not Access.OPEN or not values or not can:
            return self._close(one)
        said = self._ask(one, partial(packets.adjusting, values=values))
        if isinstance(said, DriverError):
            return said
        what, _ = said
        if what is Outcome.REFUSED:
            return self._close(one)
        return self._forgotten(one) if what is Outcome.GHOST else Done(note=f"{one} has the new speed.")

    def _forgotten(self, one: Connection) -> Done:
        """Close the row of a session that is none: it would keep its login from signing in again."""
        with self.wire.transaction(self.op, writing=True) as connection:
            connection.execute(accounting.ended(one.row, accounting.now(self.config.engine.value)))
        return Done(note=f"{one} was none any more; its row is closed ({accounting.CAUSE}).")

    def _ask(self, one: Connection, make: Callable[..., Packet]) -> tuple[Outcome, str] | DriverError:
        """Send a request about a session, when it is its turn and there is time."""
        point = self.config.point(one.point)
        if point.address in self._silent:
            return Unreachable(f"{one} was not asked for: the access point was silent before.")
        secret = self._secret(point)
        if secret is None:
            return Invalid(
                f"{one} cannot be asked for: no secret of the access point is known.", hint=_UNKNOWN_POINT
            )
        turn = self._next - time.monotonic()
        seconds = min(self.config.coa_seconds, self.op.remaining() - _KEPT_SECONDS - max(0.0, turn))
        if seconds <= 0:
            return Busy(f"{one} was not asked for: the time was over.", hint="Do it again for the rest.")
        time.sleep(max(0.0, turn))
        self.op.checkpoint()
        self._next = time.monotonic() + 1 / self.config.coa_per_second
        request = make(one, point, secret, int(time.time()))
        reply = link.answer(request, self.dial(point.address, point.port), seconds)
        if reply is None:
            self._silent.add(point.address)
            return OutcomeUnknown(f"{one}: port {point.port} of the access point is silent.", hint=_SILENT)
        return packets.outcome(reply)

    def _secret(self, point: AccessPoint) -> str | None:
        if self.config.coa_secret is not None:
            return self.config.coa_secret.reveal()
        if point.address not in self._secrets:
            with self.wire.transaction(self.op) as connection:
                found = connection.execute(accounting.secret_of(point.address)).first()
            self._secrets[point.address] = None if found is None else found.secret
        return self._secrets[point.address]


def _instant(text: str | None) -> datetime | None:
    try:
        return accounting.instant(text)
    except ValueError:
        raise Invalid(
            f"{text!r} is no instant.", hint="Write 2026-03-01, or 2026-03-01T18:00-03:00."
        ) from None


def _told(one: Connection) -> OpenSession:
    return OpenSession(
        id=one.id,
        username=one.username,
        since=one.since,
        address=one.address,
        mac=one.mac,
        access_point=one.point,
    )


_UNKNOWN_POINT = "Write it into FreeRADIUS's table nas, or set 'coa_secret'."
_SILENT = "It is down, takes no requests from here, or has another secret."

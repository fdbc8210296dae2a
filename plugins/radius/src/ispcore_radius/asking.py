"""What access points are asked about open sessions: to close one, or to give it another speed.

An access point that was silent once is not asked again by the same operation, and no transaction is open
while one is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import sqlalchemy as sa
from attrs import define, field

from ispcore.driver import (
    Access,
    Busy,
    Done,
    DriverError,
    Invalid,
    Login,
    Operation,
    OutcomeUnknown,
    Unreachable,
    Unsupported,
)
from ispcore_radius import accounting, link, packets
from ispcore_radius.config import RadiusConfig
from ispcore_radius.packets import Connection, Outcome, Packet
from ispcore_radius.points import AccessPoint
from ispcore_radius.speeds import speeds_of
from ispcore_radius.terms import terms_of
from ispcore_radius.wire import Wire

_KEPT_SECONDS = 2.0  # of an operation, to write down what came of it


@define
class Asking:
    """Requests about open sessions, within one operation."""

    wire: Wire
    config: RadiusConfig
    dial: Callable[[str, int], tuple[str, int]]
    op: Operation
    _silent: set[str] = field(factory=set)
    _secrets: dict[str, str | None] = field(factory=dict, repr=False)
    _next: float = 0.0

    def close(self, one: Connection) -> Done | DriverError:
        """Close a session; what its access point tells FreeRADIUS of the end comes later, and prevails."""
        said = self._ask(one, packets.closing)
        if isinstance(said, DriverError):
            return said
        what, cause = said
        if what is Outcome.REFUSED:
            return Unsupported(f"{one} was not closed: the access point says {cause}.")
        return self._ended(one, what)

    def adjust(self, login: Login, one: Connection) -> Done | DriverError:
        """Change a session, or close it where its access point or what is wanted does not allow that."""
        point = self.config.point(one.point)
        values = speeds_of(self.config)[point.vendor].write((login.download_kbit, login.upload_kbit))
        can = point.adjusts and packets.are_known(values)
        if login.access is not Access.OPEN or not values or not can:
            return self.close(one)
        said = self._ask(one, partial(packets.adjusting, values=values))
        if isinstance(said, DriverError):
            return said
        what, _ = said
        if what is Outcome.REFUSED:
            return self.close(one)
        if what is Outcome.GHOST:
            return self._ended(one, what)
        if self.config.follow_sessions:
            self._note(accounting.on_terms(one.row, terms_of(login).value))
        return Done(note=f"{one} has the new speed.")

    def _ended(self, one: Connection, what: Outcome) -> Done:
        """Close the row of a session: one that is left open keeps its login from signing in again."""
        self._note(accounting.ended(one.row, accounting.now(self.config.engine.value)))
        if what is Outcome.GHOST:
            return Done(note=f"{one} was none any more; its row is closed ({accounting.CAUSE}).")
        return Done(note=f"{one} was closed.")

    def _note(self, change: sa.Update) -> None:
        with self.wire.transaction(self.op, writing=True) as connection:
            connection.execute(change)

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


_UNKNOWN_POINT = "Write it into FreeRADIUS's table nas, or set 'coa_secret'."
_SILENT = "It is down, takes no requests from here, or has another secret."

"""What every use case has at hand: the database, a clock, names for commands, tax ids.

Here commands become facts: numbered, dated and attributed, their free text kept apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from attrs import frozen

from ispcore.customers import TaxIds
from ispcore.timeline import Actor, Fact, Origin, Recorded, Subject
from ispcore.usecases.late_stores import NO_NOTICES, NoticeBook
from ispcore.usecases.money_rules import MoneyRules
from ispcore.usecases.ports import Clock, CommandIds, Database, Passwords, Workers
from ispcore.usecases.review import NO_POLICIES, Policies

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue

_NOTE = "note"
ACTOR_ADDRESS = "actor_address"
"""Under which path the address is kept that an actor acted from."""
_CORE = Origin()


@frozen
class Desk:
    """The ports of the use cases; without ``workers`` a closing is done here, slice after slice."""

    database: Database
    clock: Clock
    command_ids: CommandIds
    tax_ids: TaxIds
    passwords: Passwords
    workers: Workers | None = None
    policies: Policies = NO_POLICIES
    notices: NoticeBook = NO_NOTICES
    money: MoneyRules = MoneyRules()

    def today(self, zone: str) -> date:
        """Return the day that it is in *zone*: the one place where instants become days."""
        return self.clock.now().astimezone(ZoneInfo(zone)).date()

    def earliest_today_of(self, catalogue: Catalogue) -> date:
        """Return the earliest day that it is in any business unit; UTC's without units."""
        zones = {unit.zone for unit in catalogue.units.values()} or {"UTC"}
        return min(self.today(zone) for zone in zones)

    def today_of(self, catalogue: Catalogue) -> date:
        """Return the latest day that it is in any business unit; UTC's without units."""
        zones = {unit.zone for unit in catalogue.units.values()} or {"UTC"}
        return max(self.today(zone) for zone in zones)


@frozen
class Writing:
    """One command being written down; its facts may be on several subjects."""

    desk: Desk
    actor: Actor
    command_id: str
    note: str | None = None

    def facts(
        self,
        subject: Subject,
        after: int,
        events: Sequence[tuple[date, Any]],
        reason: str | None = None,
        *,
        origin: Origin = _CORE,
    ) -> tuple[Fact[Any], ...]:
        """Return *events* as facts of *subject*, numbered *after* its last one, decided by *origin*."""
        recorded = Recorded(
            at=self.desk.clock.now(),
            actor=self.actor.id,
            command_id=self.command_id,
            cause=self.actor.cause,
            address_ref=ACTOR_ADDRESS if self.actor.address else None,
            note_ref=_NOTE if self.note else None,
            origin=origin,
        )
        return tuple(
            Fact(subject, after + n, on, payload, recorded, reason)
            for n, (on, payload) in enumerate(events, start=1)
        )

    def texts(self, facts: Sequence[Fact[Any]]) -> dict[tuple[int, str], str]:
        """Return the erasable texts that *facts* refer to: the remark and where the command came from."""
        given: Mapping[str, str | None] = {_NOTE: self.note, ACTOR_ADDRESS: self.actor.address}
        return {(fact.sequence, path): text for fact in facts for path, text in given.items() if text}


def begin(desk: Desk, actor: Actor, note: str | None = None) -> Writing:
    """Begin to write a command of *actor* down."""
    return Writing(desk, actor, desk.command_ids.new(), note)

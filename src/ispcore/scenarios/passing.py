"""How time passes in a story: day by day, with what each day does by itself.

Notices and documents go to nobody: the story keeps what would have been handed over.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.notices import Message
from ispcore.scenarios.scenario import Daily
from ispcore.testing import MockIssuer, MockNotifier
from ispcore.tick import Carriers
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.scenarios.scenario import Scenario
    from ispcore.scenarios.simulated import SimulatedNetwork
    from ispcore.testing import MovableClock
    from ispcore.tick import Tick
    from ispcore.timeline import Actor

_MOST_DAYS = 400
"""So many days at most pass one by one; of a longer time the last ones do."""


@frozen
class Told:
    """What a customer was told, and the day on which it was."""

    on: date
    message: Message


class Passing:
    """Lets the days of a story pass."""

    def __init__(
        self,
        scenario: Scenario,
        provider: Provider,
        *,
        network: SimulatedNetwork,
        clock: MovableClock,
        actor: Actor,
    ) -> None:
        """Let the days of *scenario* pass for *provider* and *network*; *actor* does what they bring."""
        self._works, self._daily = scenario.works_by_itself, scenario.each_day
        self._provider, self._network = provider, network
        self._clock, self._actor = clock, actor
        self._notifier, self._issuer = MockNotifier(), MockIssuer()
        self._ticks: list[Tick] = []
        self._told: list[Told] = []

    def pass_days(self, before: date, today: date) -> None:
        """Let the days after *before* pass, up to *today*."""
        if self._works or self._daily is not Daily.NOTHING:
            day = max(before, today - (_MOST_DAYS - 1) * ONE_DAY if today > before else before)
            while day < today:
                day += ONE_DAY
                self._clock.move_to(day)
                self._do_daily()
                self.follow()
        self._clock.move_to(today)

    def _do_daily(self) -> None:
        match self._daily:
            case Daily.NETWORK:
                self._network.desk.tick(actor=self._actor)
            case Daily.EVERYTHING:
                self._ticks.append(self.tick())
            case Daily.NOTHING:
                pass

    def follow(self) -> None:
        """Let the worker make everything current, unless a step does."""
        if self._works:
            self._network.work()

    def tick(self) -> Tick:
        """Do what time does today, the whole of it."""
        catalogue = self._provider.catalogue(actor=self._actor)
        notifiers = dict.fromkeys(catalogue.notices.channels, self._notifier)
        issuers = {one.rule.issuer: self._issuer for one in catalogue.document_types.values()}
        tick = self._provider.tick(actor=self._actor, carriers=Carriers(notifiers, issuers))
        self._told += [Told(tick.on, message) for message in self._notifier.handed]
        self._notifier.handed.clear()
        return tick

    def ticked(self) -> tuple[Tick, ...]:
        """Return the ticks that came by themselves since this was asked last, and did something."""
        found = tuple(tick for tick in self._ticks if not tick.did_nothing or tick.problems)
        self._ticks.clear()
        return found

    def told(self) -> tuple[Told, ...]:
        """Return what was told since this was asked last."""
        found = tuple(self._told)
        self._told.clear()
        return found

"""Playing the steps about devices, and letting the network follow the books between steps.

Unless a step asks for it itself, time passes day by day: what has run out is renewed, and the worker makes
everything current.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ispcore.scenarios.component_fields import ResourceRef
from ispcore.scenarios.device_expectations import unmet_device, unmet_findings, unmet_work
from ispcore.scenarios.device_steps import ExpectedWork
from ispcore.scenarios.words import Act
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ispcore.network import Drift
    from ispcore.scenarios.device_steps import ExpectedDevice
    from ispcore.scenarios.scenario import Scenario, Step
    from ispcore.scenarios.simulated import SimulatedNetwork
    from ispcore.testing import MovableClock
    from ispcore.timeline import Actor

_MOST_DAYS = 400
"""So many days at most pass one by one; of a longer time the last ones do."""


class Stage(Protocol):
    """What is needed of a player."""

    scenario: Scenario
    network: SimulatedNetwork
    clock: MovableClock
    actor: Actor

    def resource(self, ref: ResourceRef) -> str:
        """Return the name of the resource that *ref* means."""
        ...


class DevicePlay:
    """The part of a player that is about devices."""

    def __init__(self, stage: Stage) -> None:
        """Play on *stage*."""
        self._stage = stage
        self._works = stage.scenario.follows_by_itself(Act.WORK.value)
        self._ticks = stage.scenario.follows_by_itself(Act.TICK.value)

    # What goes on by itself

    def pass_days(self, before: date, today: date) -> None:
        """Let the days after *before* pass, up to *today*."""
        if self._works or self._ticks:
            day = max(before, today - (_MOST_DAYS - 1) * ONE_DAY if today > before else before)
            while day < today:
                day += ONE_DAY
                self._stage.clock.move_to(day)
                if self._ticks:
                    self._tick()
                self.follow()
        self._stage.clock.move_to(today)

    def follow(self) -> None:
        """Let the worker make everything current, unless a step does."""
        if self._works:
            self._stage.network.work()

    def _tick(self) -> int:
        return self._stage.network.desk.tick(actor=self._stage.actor).moved

    # Steps

    def act(self, step: Step) -> tuple[tuple[Drift, ...], tuple[str, ...]]:
        """Do what *step* says; return the drift that it found, and what was not as expected."""
        values, network = step.values, self._stage.network
        expected = step.expected if isinstance(step.expected, ExpectedWork) else ExpectedWork()
        device: Any = values.get("device")
        match Act(step.do):
            case Act.WORK:
                run = network.work(device)
                return (), tuple(unmet_work(expected, {"done": run.done, "left": run.left}))
            case Act.TICK:
                return (), tuple(unmet_work(expected, {"moved": self._tick()}))
            case Act.DRIFT:
                return self._look(expected, device, repair=values["repair"])
            case Act.TAMPER:
                self._tamper(device, values)
            case Act.REPLACE_DEVICE:
                network.replace(device, values["identity"])
            case Act.ACCEPT_DEVICE:
                network.accept(device)
            case act:
                network.set_up(device, up=act is Act.DEVICE_UP)
        return (), ()

    def _tamper(self, device: str, values: Mapping[str, Any]) -> None:
        network = self._stage.network
        if "spec" in values:
            network.put(device, values["spec"])
            return
        claim = self._claim(device, values["thing"])
        if "remove" in values:
            network.remove(device, claim)
        else:
            network.tamper(device, claim, **values["fields"])

    def _look(
        self, expected: ExpectedWork, device: str | None, *, repair: bool
    ) -> tuple[tuple[Drift, ...], tuple[str, ...]]:
        found = self._stage.network.look(device, repair=repair)
        if expected.findings is None:
            return found, ()
        wanted = [(one, *self._thing(one.resource)) for one in expected.findings]
        return found, tuple(unmet_findings(wanted, found))

    def unmet(self, expected: ExpectedDevice) -> Iterator[str]:
        """Yield how a device is otherwise than *expected*."""
        things = {name: self._thing(name) for name in expected.stands}
        yield from unmet_device(expected, self._stage.network, things)

    def _thing(self, name: ResourceRef | str) -> tuple[str | None, str]:
        """Return the claim, or None and the resource, that a name means."""
        return (None, self._stage.resource(name)) if isinstance(name, ResourceRef) else (name, "")

    def _claim(self, device: str, name: ResourceRef | str) -> str:
        claim, resource = self._thing(name)
        return claim or self._stage.network.claim_of(device, resource)

"""Playing the steps about devices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from ispcore.scenarios.component_fields import ResourceRef
from ispcore.scenarios.device_expectations import unmet_device, unmet_findings, unmet_work
from ispcore.scenarios.device_steps import ExpectedWork
from ispcore.scenarios.words import Act

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ispcore.network import Drift
    from ispcore.scenarios.device_steps import ExpectedDevice
    from ispcore.scenarios.scenario import Step
    from ispcore.scenarios.simulated import SimulatedNetwork


class Stage(Protocol):
    """What is needed of a player."""

    network: SimulatedNetwork

    def resource(self, ref: ResourceRef) -> str:
        """Return the name of the resource that *ref* means."""
        ...


class DevicePlay:
    """The part of a player that is about devices."""

    def __init__(self, stage: Stage) -> None:
        """Play on *stage*."""
        self._stage = stage

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

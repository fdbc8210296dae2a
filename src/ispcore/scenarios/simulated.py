"""The simulated devices of a scenario, and the worker that provisions them.

The worker is the one that everybody uses; only the time by which it waits is the story's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Unsupported, claim_of
from ispcore.effects import Run, Settings
from ispcore.errors import NotFoundError
from ispcore.network import Happened, resource_of
from ispcore.scenarios.journal import Journal
from ispcore.testing import MOCK_SPEC, MockDevice, MockDriver

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.app import Provider
    from ispcore.driver import Change, Spec
    from ispcore.effects import DeviceRow
    from ispcore.network import Drift
    from ispcore.scenarios.device_steps import DeviceSetup
    from ispcore.testing import MovableClock, Standing
    from ispcore.timeline import Actor


class SimulatedDevice(MockDevice):
    """A mock device that tells of every write, and bears some kinds of resources only."""

    def __init__(self, setup: DeviceSetup, wrote: Callable[[str, Change], None]) -> None:
        """Make an empty device as *setup* says; *wrote* is called after each write."""
        super().__init__(
            setup.name, identity=f"{setup.name} #1", firmware=setup.firmware, capacity=setup.capacity
        )
        self._kinds = setup.kinds
        self._wrote = wrote

    def write(self, change: Change) -> None:
        """Carry out *change*, if the device bears its kind."""
        word = change.target.spec.word
        if self._kinds and word not in self._kinds:
            raise Unsupported(f"{self.name} bears no {word}, only {', '.join(self._kinds)}.")
        super().write(change)
        self._wrote(self.name, change)


class SimulatedNetwork:
    """The devices of one play, and the part of the facade that is about them."""

    def __init__(
        self, setups: Iterable[DeviceSetup], provider: Provider, clock: MovableClock, actor: Actor
    ) -> None:
        """Make the devices of *setups*, and make them known to *provider*; *actor* does everything here."""
        self.journal = Journal(clock)
        self.devices = {setup.name: SimulatedDevice(setup, self.journal.wrote) for setup in setups}
        driver = MockDriver(*self.devices.values())
        settings = Settings(owner="scenario", chance=lambda: 0.0)
        self.desk = provider.network.using({MOCK_SPEC.name: (MOCK_SPEC, driver)}, settings)
        self._actor = actor
        self._worker = self.desk.worker(actor=actor)
        self._boxes = dict.fromkeys(self.devices, 1)
        for name in self.devices:
            self.desk.devices.add(name, driver=MOCK_SPEC.name, config={"device": name}, lanes=1, actor=actor)

    # What is done

    def work(self, device: str | None = None) -> Run:
        """Let the worker make everything current, on *device* or on all."""
        run = self._worker.run(device=device)
        if run.lanes:
            self._tell_stops()
        return run

    def _tell_stops(self) -> None:
        self.journal.stopped(one.row for one in self.desk.devices.all(actor=self._actor))

    def set_up(self, name: str, *, up: bool) -> None:
        """Let a device answer or not; one that answers again is tried at once."""
        self.devices[name].change(reachable=up)
        if up and self.row(name).stopped is None:
            self.desk.devices.release(name, actor=self._actor)
        self.journal.tell(name, Happened.UP if up else Happened.DOWN)

    def replace(self, name: str, identity: str | None) -> None:
        """Put an empty box in the place of a device."""
        device = self.devices[name]
        self._boxes[name] += 1
        device.replace(identity or f"{name} #{self._boxes[name]}")
        self.journal.tell(name, Happened.REPLACED, text=f"{device.settings.identity} answers, and is empty")

    def accept(self, name: str) -> int:
        """Take the box that answers for the device; return how many placements will be written anew."""
        count = self.desk.devices.accept(name, actor=self._actor)
        self.journal.tell(name, Happened.ACCEPTED)
        return count

    def tamper(self, name: str, claim: str, **fields: Any) -> None:  # noqa: ANN401 - fields of a spec
        """Change fields of what stands on a device, by hand."""
        key, before = self._by_claim(name, claim)
        self.devices[name].tamper(key, **fields)
        self.journal.by_hand(name, before, evolve(before.spec, **fields), fields)

    def remove(self, name: str, claim: str) -> None:
        """Take away what stands on a device, by hand."""
        key, before = self._by_claim(name, claim)
        self.devices[name].remove(key)
        self.journal.by_hand(name, before, None)

    def put(self, name: str, spec: Spec) -> None:
        """Let something stand on a device that is nobody's."""
        self.devices[name].put(spec)
        self.journal.by_hand(name, None, spec)

    # What stands there

    def row(self, name: str) -> DeviceRow:
        """Return what is kept of a device."""
        return self.desk.devices.get(name, actor=self._actor).row

    def to_do(self, device: str | None = None) -> int:
        """Return how many placements are not as they are wanted."""
        return len(self.desk.outbox.lagging(device=device, actor=self._actor))

    def standing(self, name: str, *, claim: str | None = None, resource: str = "") -> Standing | None:
        """Return what stands on a device under a *claim*, or for a *resource*."""
        for one in self.devices[name].standing().values():
            owner = None if one.mark is None else resource_of(one.mark[0])
            if claim_of(one.spec) == claim or (claim is None and owner == resource):
                return one
        return None

    def claim_of(self, name: str, resource: str) -> str:
        """Return the name under which a *resource* stands on a device, or raise NotFoundError."""
        found = self.standing(name, resource=resource)
        if found is None:
            raise NotFoundError(f"object on {name}", resource)
        return claim_of(found.spec)

    def _by_claim(self, name: str, claim: str) -> tuple[str, Standing]:
        for key, one in self.devices[name].standing().items():
            if claim_of(one.spec) == claim:
                return key, one
        raise NotFoundError(f"object on {name}", claim)

    # Drift

    def look(self, device: str | None, *, repair: bool) -> tuple[Drift, ...]:
        """Return what drifted on a device, or on all; let the worker mend it, if *repair* says so."""
        found: list[Drift] = []
        for report in self.desk.drift(device, actor=self._actor, repairs=repair, most=None):
            found += report.drifts
            self.journal.will_be_mended(report.mended.repaired)
            if report.failure is not None and report.stopped is None:
                self.journal.tell(report.device, Happened.DOWN, text=report.failure)
        for one in found:
            self.journal.drifted(one)
        self._tell_stops()
        return tuple(found)

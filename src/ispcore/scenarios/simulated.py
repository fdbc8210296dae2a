"""The simulated devices of a scenario, the worker that provisions them, and a journal of what happened there.

The worker is the one that everybody uses; only the time by which it waits is the story's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Role, Unsupported, claim_of, fields_of, roles_of
from ispcore.effects import Run, Settings
from ispcore.errors import NotFoundError
from ispcore.network import DriftKind, Happened, Happening, resource_of
from ispcore.testing import MOCK_SPEC, MockDevice, MockDriver

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ispcore.app import Provider
    from ispcore.driver import Change, PlacementId, Spec
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


_ABOUT_STOPS = (Happened.STOPPED, Happened.ACCEPTED)


class SimulatedNetwork:
    """The devices of one play, and the part of the facade that is about them."""

    def __init__(
        self, setups: Iterable[DeviceSetup], provider: Provider, clock: MovableClock, actor: Actor
    ) -> None:
        """Make the devices of *setups*, and make them known to *provider*; *actor* does everything here."""
        self.devices = {setup.name: SimulatedDevice(setup, self._wrote) for setup in setups}
        self.journal: list[Happening] = []
        driver = MockDriver(*self.devices.values())
        settings = Settings(owner="scenario", chance=lambda: 0.0)
        self.desk = provider.network.using({MOCK_SPEC.name: (MOCK_SPEC, driver)}, settings)
        self._actor = actor
        self._clock = clock
        self._worker = self.desk.worker(actor=actor)
        self._boxes = dict.fromkeys(self.devices, 1)
        self._mending: set[PlacementId] = set()
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
        last = {one.device: one.what for one in self.journal if one.what in _ABOUT_STOPS}
        for row in (one.row for one in self.desk.devices.all(actor=self._actor)):
            if row.stopped is not None and last.get(row.name) is not Happened.STOPPED:
                self._tell(row.name, Happened.STOPPED, text=row.stopped.text)

    def set_up(self, name: str, *, up: bool) -> None:
        """Let a device answer or not; one that answers again is tried at once."""
        self.devices[name].change(reachable=up)
        if up and self.row(name).stopped is None:
            self.desk.devices.release(name, actor=self._actor)
        self._tell(name, Happened.UP if up else Happened.DOWN)

    def replace(self, name: str, identity: str | None) -> None:
        """Put an empty box in the place of a device."""
        device = self.devices[name]
        self._boxes[name] += 1
        device.replace(identity or f"{name} #{self._boxes[name]}")
        self._tell(name, Happened.REPLACED, text=f"{device.settings.identity} answers, and is empty")

    def accept(self, name: str) -> int:
        """Take the box that answers for the device; return how many placements will be written anew."""
        count = self.desk.devices.accept(name, actor=self._actor)
        self._tell(name, Happened.ACCEPTED)
        return count

    def tamper(self, name: str, claim: str, **fields: Any) -> None:  # noqa: ANN401 - fields of a spec
        """Change fields of what stands on a device, by hand."""
        key, before = self._by_claim(name, claim)
        self.devices[name].tamper(key, **fields)
        after = evolve(before.spec, **fields)
        self._by_hand(name, before, before.spec, after, tuple(fields))

    def remove(self, name: str, claim: str) -> None:
        """Take away what stands on a device, by hand."""
        key, before = self._by_claim(name, claim)
        self.devices[name].remove(key)
        self._by_hand(name, before, before.spec, None, ())

    def put(self, name: str, spec: Spec) -> None:
        """Let something stand on a device that is nobody's."""
        self.devices[name].put(spec)
        plain = _plain(spec)
        self._tell(name, Happened.BY_HAND, after=plain, fields=tuple(_said(plain)))

    def _by_hand(
        self, name: str, owned: Standing, before: Spec, after: Spec | None, fields: tuple[str, ...]
    ) -> None:
        owner = None if owned.mark is None else resource_of(owned.mark[0])
        self._tell(name, Happened.BY_HAND, owner, before=before, after=after, fields=fields)

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
            self._mending.update(report.mended.repaired)
            if report.failure is not None and report.stopped is None:
                self._tell(report.device, Happened.DOWN, text=report.failure)
        for one in found:
            self._tell_drift(one)
        self._tell_stops()
        return tuple(found)

    # The journal

    def since(self, count: int) -> tuple[Happening, ...]:
        """Return what the journal holds after its first *count* lines."""
        return tuple(self.journal[count:])

    def _wrote(self, device: str, change: Change) -> None:
        what = Happened.CHANGED
        if change.target.id in self._mending:
            self._mending.discard(change.target.id)
            what = Happened.MENDED
        elif change.before is None or change.after is None:
            what = Happened.MADE if change.before is None else Happened.TAKEN_AWAY
        self._tell(
            device,
            what,
            resource_of(change.target.id),
            before=None if change.before is None else _plain(change.before.spec),
            after=None if change.after is None else _plain(change.after),
            fields=tuple(sorted(change.fields)),
        )

    def _tell_drift(self, drift: Drift) -> None:
        fields = drift.fields
        if drift.kind is DriftKind.MISSING and drift.wanted is not None:
            fields = tuple(roles_of(type(drift.wanted)))
        self._tell(
            drift.device,
            Happened.FOUND,
            None if drift.placement is None else resource_of(drift.placement),
            before=None if drift.seen is None else _plain(drift.seen),
            after=None if drift.wanted is None else _plain(drift.wanted),
            fields=fields,
            text=drift.kind.value,
        )

    def _tell(
        self,
        device: str,
        what: Happened,
        resource: str | None = None,
        **more: Any,  # noqa: ANN401 - of a happening
    ) -> None:
        on: date = self._clock.now().date()
        self.journal.append(Happening(on=on, device=device, what=what, resource=resource, **more))


def _plain(spec: Spec) -> Spec:
    return evolve(spec, **dict.fromkeys(fields_of(type(spec), Role.WRITE_ONLY)))


def _said(spec: Spec) -> Iterator[str]:
    yield from fields_of(type(spec), Role.PLAIN)

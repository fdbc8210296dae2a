"""The simulated devices of a scenario, the worker that provisions them, and a journal of what happened there.

The worker is the one that everybody uses; only the time by which it waits is the story's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore.driver import Resource, Role, Unsupported, claim_of, fields_of
from ispcore.effects import DeviceDownError, Run, Settings, Ways, Worker
from ispcore.errors import NotFoundError
from ispcore.network import Happened, Happening, difference, resource_of
from ispcore.storage import SqlEffects
from ispcore.testing import MOCK_SPEC, MockDevice, MockDriver

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ispcore.app import Provider
    from ispcore.driver import Change, DriverSpec, SecretRef, Seen, Spec
    from ispcore.effects import DeviceRow
    from ispcore.network import Placement
    from ispcore.scenarios.device_steps import DeviceSetup
    from ispcore.testing import MovableClock, Standing
    from ispcore.values import SecretText


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


@frozen(kw_only=True)
class Difference:
    """Where a device is not as it should be; ``fields`` are those that differ, none where it is missing."""

    placement: Placement
    change: Change

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that differ; nothing where nothing stands there."""
        return () if self.is_missing else tuple(sorted(self.change.fields))

    @property
    def claim(self) -> str:
        """The device's name for what differs."""
        return claim_of(self.change.target.spec)

    @property
    def is_missing(self) -> bool:
        """Whether nothing stands there."""
        return self.change.before is None


class SimulatedNetwork:
    """The devices of one play."""

    def __init__(self, setups: Iterable[DeviceSetup], provider: Provider, clock: MovableClock) -> None:
        """Make the devices of *setups*, and make them known to *provider*."""
        self.devices = {setup.name: SimulatedDevice(setup, self._wrote) for setup in setups}
        self.journal: list[Happening] = []
        self._boxes: dict[str, int] = {}
        self._database = provider._database  # noqa: SLF001 - until the facade hands out workers
        self._clock = clock
        self._worker = self._new_worker()
        for name in self.devices:
            with self._database.writing() as work:
                work.devices.add(name, driver=MOCK_SPEC.name, config={"device": name}, lanes=1)

    def _new_worker(self) -> Worker:
        driver = MockDriver(*self.devices.values())
        store = SqlEffects(self._database, instants=lambda _: self._clock.now())
        settings = Settings(owner="scenario", chance=lambda: 0.0)
        return Worker(store, Ways(_only_mock, make=lambda _: driver), resolve=self._secret, settings=settings)

    def _secret(self, ref: SecretRef) -> SecretText:
        with self._database.reading() as work:
            return work.secrets.resolve(ref)

    # What is done

    def work(self, device: str | None = None) -> Run:
        """Let the worker make everything current, on *device* or on all."""
        run = self._worker.run(device=device)
        if run.lanes:
            self._tell_stops()
        return run

    def _tell_stops(self) -> None:
        told = {one.device for one in self.journal if one.what is Happened.STOPPED}
        told -= {one.device for one in self.journal if one.what is Happened.ACCEPTED}
        for row in self.rows():
            if row.stopped is not None and row.name not in told:
                self._tell(row.name, Happened.STOPPED, text=row.stopped.text)

    def set_up(self, name: str, *, up: bool) -> None:
        """Let a device answer or not; one that answers again is tried at once."""
        self.devices[name].change(reachable=up)
        if up and self.row(name).stopped is None:
            with self._database.writing() as work:
                work.devices.release(name)
        self._tell(name, Happened.UP if up else Happened.DOWN)

    def replace(self, name: str, identity: str | None) -> None:
        """Put an empty box in the place of a device."""
        device = self.devices[name]
        self._boxes[name] = self._boxes.get(name, 1) + 1
        device.replace(identity or f"{name} #{self._boxes[name]}")
        self._tell(name, Happened.REPLACED, text=f"{device.settings.identity} answers, and is empty")

    def accept(self, name: str) -> int:
        """Take the box that answers for the device; return how many placements will be written anew."""
        with self._database.writing() as work:
            count = work.devices.accept(name)
        self._tell(name, Happened.ACCEPTED)
        return int(count)

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
        with self._database.reading() as work:
            return work.devices.get(name)

    def rows(self) -> tuple[DeviceRow, ...]:
        """Return what is kept of every device."""
        with self._database.reading() as work:
            return work.devices.all()

    def to_do(self, device: str | None = None) -> int:
        """Return how many placements are not as they are wanted."""
        with self._database.reading() as work:
            return len(work.outbox.lagging(device=device))

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

    def look(
        self, placements: Iterable[Placement], *, device: str | None = None, repair: bool = False
    ) -> tuple[Difference, ...]:
        """Return where devices are not as the books' *placements* say; mend it, if *repair* says so."""
        wanted: dict[str, list[Placement]] = {}
        for one in placements:
            if one.wanted is not None and one.applied_generation >= one.generation:
                wanted.setdefault(one.device, []).append(one)
        found: list[Difference] = []
        for name in [device] if device else sorted(self.devices):
            try:
                found += self._drift_of(name, wanted.get(name, []), repair=repair)
            except DeviceDownError as error:
                self._tell(name, Happened.STOPPED if error.stop else Happened.DOWN, text=error.message)
        return tuple(found)

    def _drift_of(self, name: str, placements: list[Placement], *, repair: bool) -> list[Difference]:
        with self._worker.borrowed(name) as (opened, operation):
            seen = {claim_of(one.spec): one for one in opened.session.observe(None, operation)}
            found = []
            for one in placements:
                assert one.wanted is not None  # noqa: S101 - as it was chosen
                target = Resource(one.id, one.generation, one.wanted, one.key)
                after = opened.driver.normal(one.wanted, opened.health)
                change = difference(target, seen.get(claim_of(one.wanted)), after)
                if change is not None:
                    found.append(Difference(placement=one, change=change))
                    self._tell_change(name, Happened.FOUND, change)
            if repair:
                for each in found:
                    change = each.change
                    if change.after is not None:
                        change = evolve(change, after=self._with_secrets(change.after))
                    list(opened.session.apply([change], operation))
                    written = self.journal.pop()
                    self.journal.append(evolve(written, what=Happened.MENDED))
        return found

    def _with_secrets(self, spec: Spec) -> Spec:
        names = fields_of(type(spec), Role.WRITE_ONLY)
        refs = {name: getattr(spec, name) for name in names}
        return evolve(spec, **{name: self._secret(ref) for name, ref in refs.items() if ref is not None})

    # The journal

    def since(self, count: int) -> tuple[Happening, ...]:
        """Return what the journal holds after its first *count* lines."""
        return tuple(self.journal[count:])

    def _wrote(self, device: str, change: Change) -> None:
        what = Happened.CHANGED
        if change.before is None or change.after is None:
            what = Happened.MADE if change.before is None else Happened.TAKEN_AWAY
        self._tell_change(device, what, change)

    def _tell_change(self, device: str, what: Happened, change: Change) -> None:
        self._tell(
            device,
            what,
            resource_of(change.target.id),
            before=_seen(change.before),
            after=None if change.after is None else _plain(change.after),
            fields=tuple(sorted(change.fields)),
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


def _only_mock(_: str) -> DriverSpec:
    return MOCK_SPEC


def _plain(spec: Spec) -> Spec:
    return evolve(spec, **dict.fromkeys(fields_of(type(spec), Role.WRITE_ONLY)))


def _seen(seen: Seen | None) -> Spec | None:
    return None if seen is None else _plain(seen.spec)


def _said(spec: Spec) -> Iterator[str]:
    yield from fields_of(type(spec), Role.PLAIN)

"""A driver for devices that do not exist: an ordinary driver that bears every kind of resource.

Whoever tests a system of their own hands it devices to look at afterwards::

    radius = MockDevice("radius")
    driver = MockDriver(radius)

Made without devices, as the core makes drivers, it knows those in files only; several processes may share
one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, frozen

from ispcore.driver import (
    KINDS,
    Accounting,
    Action,
    Adjust,
    AuthFailed,
    Busy,
    Change,
    Disconnect,
    Discover,
    Done,
    DriverError,
    DriverSpec,
    Feature,
    Health,
    IpAssignment,
    Login,
    Operation,
    Optical,
    OpticalReading,
    Reboot,
    Resource,
    Result,
    Scope,
    Seen,
    Sessions,
    Site,
    Spec,
    Support,
    Unreachable,
    Unsupported,
    Wifi,
    claim_of,
)
from ispcore.testing.mock_counting import page_of
from ispcore.testing.mock_device import MockDevice, key_of
from ispcore.values import SecretText

if TYPE_CHECKING:
    from ispcore.driver import Key

T = TypeVar("T")


@frozen
class MockConfig:
    """Which mock device it is; ``file`` is where a device is kept that outlives its process."""

    device: str = "mock"
    password: SecretText = SecretText("mock")
    file: str | None = None


_FIVE_GHZ = {"ssid_5ghz": Support.ASK, "password_5ghz": Support.ASK}

MOCK_SPEC = DriverSpec(
    name="mock",
    factory="ispcore.testing.mock_driver:MockDriver",
    config=MockConfig,
    kinds={kind: _FIVE_GHZ if kind is Wifi else {} for kind in KINDS.values()},
    actions=dict.fromkeys((Discover, Optical, Sessions, Accounting, Disconnect, Adjust, Reboot), Support.YES),
    features={
        Feature.MARK: Support.YES,
        Feature.FENCE: Support.ASK,
        Feature.MOVE: Support.YES,
        Feature.UNDO: Support.YES,
    },
    lanes=4,
)


class MockDriver:
    """The driver; it keeps nothing between sessions but the devices that it was handed."""

    def __init__(self, *devices: MockDevice) -> None:
        """Serve these devices, by their names."""
        self._devices = {device.name: device for device in devices}

    def normal(self, spec: Spec, health: Health) -> Spec:
        """Return *spec* with MAC addresses as this device writes them, and without a band that it lacks."""
        match spec:
            case Login() | IpAssignment():
                return evolve(spec, macs=tuple(sorted(mac.lower().replace("-", ":") for mac in spec.macs)))
            case Wifi() if health.answers.get("Wifi.ssid_5ghz") is not Support.YES:
                return evolve(spec, ssid_5ghz=None, password_5ghz=None)
            case _:
                return spec

    @contextmanager
    def open(self, site: Site[MockConfig]) -> Iterator[MockSession]:
        """Connect to a device.

        Raises:
            Unreachable: there is no such device, or it does not answer.
            AuthFailed: the password is another.
            Busy: it bears no more sessions.
        """
        device = self._device(site.config)
        device.wire.connections += 1
        settings = device.settings
        if not settings.reachable:
            raise Unreachable(f"{device.name} does not answer.")
        if site.config.password != SecretText(settings.password):
            raise AuthFailed(f"{device.name} does not accept the password.")
        if settings.sessions is not None and device.sessions_open >= settings.sessions:
            raise Busy(f"{device.name} has {settings.sessions} sessions open, and bears no more.")
        with device.session():
            yield MockSession(device)

    def _device(self, config: MockConfig) -> MockDevice:
        known = self._devices.get(config.device)
        if known is not None:
            return known
        if config.file is not None:
            return MockDevice(config.device, file=Path(config.file))
        raise Unreachable(
            f"There is no mock device {config.device!r} here.",
            hint="Hand it to MockDriver(...), or name a file in its configuration.",
        )


class MockSession:
    """A session on a mock device."""

    def __init__(self, device: MockDevice) -> None:
        """Work on *device*."""
        self._device = device
        self._wrote = False
        self._broken = False

    def check(self, op: Operation) -> Health:
        """Return what the device tells of itself."""
        settings = self._ask(op, lambda: self._device.settings)
        answers = {
            **{f"Wifi.{name}": _support(is_borne=settings.five_ghz) for name in _FIVE_GHZ},
            "FENCE": _support(is_borne=settings.fences),
        }
        return Health(settings.identity, settings.firmware, answers)

    def observe(self, wanted: Sequence[Resource] | None, op: Operation) -> Iterator[Seen]:
        """Yield what stands there, one exchange each."""
        self._wrote = False
        claims = None if wanted is None else {claim_of(resource.spec) for resource in wanted}
        known = set() if wanted is None else {resource.key for resource in wanted}
        for key in self._ask(op, self._device.keys):
            if claims is None or key in known or key in claims or key.rpartition("@")[0] in claims:
                seen = self._ask(op, partial(self._device.seen, key))
                if seen is not None and (claims is None or key in known or claim_of(seen.spec) in claims):
                    yield seen

    def apply(self, changes: Sequence[Change], op: Operation) -> Iterator[Result[Seen | DriverError | None]]:
        """Write one change after the other, each with two exchanges: the write and the reading back."""
        self._wrote = False
        for change in changes:
            yield Result(change.target.id, self._carried_out(change, op))

    def _carried_out(self, change: Change, op: Operation) -> Seen | DriverError | None:
        try:
            op.checkpoint()
            self._ask(op, lambda: self._device.write(change), writes=True)
            self._wrote = True
            return self._ask(op, lambda: self._device.seen(_key_after(change)))
        except DriverError as error:
            if error.scope is Scope.DEVICE:
                raise
            return error

    def act(self, action: Action[Any], on: Sequence[Resource], op: Operation) -> Iterator[Result[object]]:
        """Carry out an action; one that is about resources answers for each."""
        self._wrote = False
        match action:
            case Discover() | Accounting():
                yield from (Result(None, one) for one in self._ask(op, partial(self._told, action)))
            case Sessions():
                for session in self._ask(op, lambda: tuple(self._device.online)):
                    target = next((one for one in on if _is_of(one, session.username)), None)
                    if target is not None or not on:
                        yield Result(None if target is None else target.id, session)
            case Optical():
                for one in on:
                    yield Result(one.id, self._ask(op, OpticalReading))
            case Disconnect(access_point=str(point)) if not on:
                yield from self._emptied(point, op)
            case Disconnect() | Adjust() | Reboot():
                for one in on:
                    op.checkpoint()
                    self._ask(op, partial(self._device.act, action.word, one.spec), writes=True)
                    yield Result(one.id, Done())
            case _:
                raise Unsupported(f"A mock device knows no action {action.word!r}.")

    def _told(self, action: Discover | Accounting) -> tuple[object, ...]:
        device = self._device
        return tuple(device.unknown if isinstance(action, Discover) else page_of(device.counted, action))

    def _emptied(self, point: str, op: Operation) -> Iterator[Result[object]]:
        online = self._ask(op, lambda: tuple(self._device.online))
        for session in (one for one in online if one.access_point == point):
            op.checkpoint()
            self._ask(op, partial(self._device.online.remove, session), writes=True)
            yield Result(None, Done(note=session.username))

    def _ask(self, op: Operation, ask: Callable[[], T], *, writes: bool = False) -> T:
        settings = self._device.settings
        if self._broken or not settings.reachable:
            raise Unreachable(f"{self._device.name} does not answer.", wrote=self._wrote)
        try:
            return self._device.wire.exchange(
                ask, op, slow=settings.slow_seconds, writes=writes, wrote=self._wrote
            )
        except DriverError as error:
            self._broken = error.scope is Scope.DEVICE
            raise


def _support(*, is_borne: bool) -> Support:
    return Support.YES if is_borne else Support.NO


def _is_of(resource: Resource, username: str) -> bool:
    return isinstance(resource.spec, Login) and resource.spec.username == username


def _key_after(change: Change) -> Key:
    if change.after is not None:
        return key_of(change.after)
    return change.before.key if change.before is not None else key_of(change.target.spec)


def mock_site(device: MockDevice) -> Site[MockConfig]:
    """Return the site of a *device*, with its password."""
    return Site(MockConfig(device.name, SecretText(device.settings.password)))

"""The part of the facade that is about devices: added, checked, held, accepted, and watched for drift."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from attrs import fields, frozen

from ispcore.driver import Health
from ispcore.effects import DeviceRow, DeviceStanding, SecretSource, Watch, read_config
from ispcore.errors import RefusedError
from ispcore.values import SecretText, check_code

if TYPE_CHECKING:
    from datetime import datetime

    from ispcore.desks.reach import Reach
    from ispcore.driver import DriverSpec
    from ispcore.storage import Session
    from ispcore.timeline import Actor

_LEAST_SECONDS = 60


@frozen
class DeviceView:
    """A device as it is kept, how far it is behind, and how it is watched for drift."""

    row: DeviceRow
    standing: DeviceStanding
    watch: Watch


@frozen
class CheckedDevice:
    """A device that answered, and what it told of itself."""

    row: DeviceRow
    health: Health


@frozen
class DeviceDesk:
    """What is done about devices; ``provider.network.devices``."""

    _reach: Reach

    def add(
        self, name: str, *, driver: str, config: Mapping[str, Any], actor: Actor, lanes: int | None = None
    ) -> DeviceRow:
        """Add a device, which ``driver`` talks to; it has as many *lanes* as that bears.

        A secret of *config* that is given as text is kept locked, and its name stored; one that lies
        elsewhere is told as ``{"env": "NAME"}`` or ``{"file": "PATH"}``.

        Raises:
            InvalidValueError: *name* is no code.
            RefusedError: there is such a device, or no such driver.
            DocumentError: the configuration does not fit; every problem is listed.
        """
        actor.require("device.add")
        check_code(name, "device name")
        spec = self._reach.named_driver(driver)
        _check(spec, config)
        with self._reach.database.writing() as work:
            stored = _kept(work, spec, config)
            return work.devices.add(name, driver=driver, config=stored, lanes=lanes or spec.lanes)

    def change(  # noqa: PLR0913 - each may be left out
        self,
        name: str,
        *,
        actor: Actor,
        config: Mapping[str, Any] | None = None,
        lanes: int | None = None,
        repairs: bool | None = None,
        look_every_seconds: int | None = None,
    ) -> DeviceRow:
        """Change how a device is reached or watched; what is not given stays.

        Settings of *config* are put beside the others; None takes one away. With *repairs*, what drifted is
        mended, else reported. *look_every_seconds* 0 looks no more by itself.

        Raises:
            NotFoundError: there is no such device.
            DocumentError: the configuration does not fit then.
        """
        actor.require("device.change")
        if look_every_seconds is not None and 0 < look_every_seconds < _LEAST_SECONDS:
            raise RefusedError(
                f"A device is looked at every {_LEAST_SECONDS} seconds at most.", rule="too-often"
            )
        with self._reach.database.writing() as work:
            row, stored = work.devices.get(name), None
            if config is not None:
                spec = self._reach.named_driver(row.driver)
                wanted = {key: value for key, value in {**row.config, **config}.items() if value is not None}
                _check(spec, wanted)
                stored = _kept(work, spec, wanted)
            if repairs is not None:
                work.watches.set(name, repairs=repairs)
            if look_every_seconds is not None:
                work.watches.set(name, every_seconds=look_every_seconds or None)
            if stored is None and lanes is None:
                return row
            return work.devices.change(name, config=stored, lanes=lanes)

    def accept(self, name: str, *, actor: Actor) -> int:
        """Take the box that answers for a device; return how many placements are written to it anew."""
        actor.require("device.accept")
        with self._reach.database.writing() as work:
            count = work.devices.accept(name)
            work.outbox.wake([name])
            return count

    def hold(self, name: str, until: datetime, *, actor: Actor) -> DeviceRow:
        """Leave a device alone until then, for a technician at work; looking at it stays possible."""
        actor.require("device.hold")
        with self._reach.database.writing() as work:
            return work.devices.hold(name, until)

    def release(self, name: str, *, actor: Actor) -> DeviceRow:
        """End a hold, a pause, or a stop for a wrong password.

        Raises:
            RefusedError: another box answers for it, or it is empty; that must be accepted.
        """
        actor.require("device.hold")
        with self._reach.database.writing() as work:
            row = work.devices.release(name)
            work.outbox.wake([name])
            return row

    def get(self, name: str, *, actor: Actor) -> DeviceView:
        """Return a device, or raise NotFoundError."""
        actor.require("device.read")
        with self._reach.database.reading() as work:
            row = work.devices.get(name)
        return next(one for one in self.all(actor=actor) if one.row.name == row.name)

    def all(self, *, actor: Actor) -> tuple[DeviceView, ...]:
        """Return every device, by name."""
        actor.require("device.read")
        with self._reach.database.reading() as work:
            standing = {one.name: one for one in work.health.devices()}
            watches = work.watches.all()
            rows = work.devices.all()
        return tuple(DeviceView(row, standing[row.name], watches.get(row.name, Watch())) for row in rows)

    def check(self, name: str, *, actor: Actor) -> CheckedDevice:
        """Open a session on a device and return what it tells of itself; a new one is known from then on.

        Raises:
            NotFoundError: there is no such device.
            DeviceDownError: it cannot be reached, does not take our password, or is another box.
        """
        actor.require("device.check")
        with self._reach.database.reading() as work:
            work.devices.get(name)
        with self._reach.lender().lend(name, f"{name}:check") as borrowed:
            health = borrowed.device.health
        with self._reach.database.reading() as work:
            return CheckedDevice(work.devices.get(name), health)


def _check(spec: DriverSpec, config: Mapping[str, Any]) -> None:
    """Refuse a configuration that does not fit; where its secrets are is seen by whoever opens the device."""
    hidden = _secrets_of(spec)
    shown = {
        name: {"secret": name} if name in hidden and isinstance(value, str | SecretText) else value
        for name, value in config.items()
    }
    read_config(spec.config, shown, _nothing)


def _nothing(_: SecretSource) -> SecretText:
    return SecretText("-")


def _kept(work: Session, spec: DriverSpec, config: Mapping[str, Any]) -> dict[str, Any]:
    """Return *config* as it is stored: its secrets are kept, and their names stand for them."""
    stored = dict(config)
    for name in _secrets_of(spec):
        value = stored.get(name)
        if isinstance(value, str | SecretText):
            secret = value if isinstance(value, SecretText) else SecretText(value)
            stored[name] = {"secret": work.secrets.keep(secret).name}
    return stored


def _secrets_of(spec: DriverSpec) -> frozenset[str]:
    hints = get_type_hints(spec.config)
    names = (one.name for one in fields(spec.config))
    return frozenset(name for name in names if SecretText in (hints[name], *get_args(hints[name])))

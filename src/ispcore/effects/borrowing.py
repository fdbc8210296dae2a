"""A lane that somebody borrows to look or to act, before whoever works on the device goes on.

A long look renews its lease and its deadline as it goes, so that a device of a hundred thousand objects may
be read, and a reader that hangs is still found out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from attrs import evolve, field, frozen

from ispcore.effects.driver_config import SecretSource
from ispcore.effects.faults import cleaner
from ispcore.effects.operation import Deadline
from ispcore.effects.ports import EffectStore
from ispcore.effects.sessions import DeviceDownError, OpenDevice, Ways, opened, waiting
from ispcore.effects.work import Held, LaneLostError, Stop, StopReason
from ispcore.effects.worker import Settings, owner_name
from ispcore.values import SecretText

_GLANCE = 0.05
PATIENCE_SECONDS = 30.0


class Lasting(Deadline):
    """A deadline that is put off as long as its lane is held."""

    def put_off(self, until: float) -> None:
        """End at *until* instead."""
        self._until = until


@frozen
class Borrowed:
    """An open device, in a lane that is held for a while."""

    device: OpenDevice
    operation: Lasting
    clean: Callable[[str], str]
    """Takes the secrets of the device's configuration out of a text."""
    _store: EffectStore
    _settings: Settings
    _held: Held

    def renew(self) -> None:
        """Hold the lane for longer.

        Raises:
            LaneLostError: somebody else has taken it over.
        """
        began = self._settings.monotonic()
        self._store.turn(self._held, (), self._settings.pace, count=0)
        self.operation.put_off(began + self._settings.pace.operation_seconds)
        self._settings.watch(self.operation.remaining())

    def renewed(self) -> bool:
        """Hold the lane for longer where half of the time is over, and tell whether it was.

        Raises:
            LaneLostError: somebody else has taken it over.
        """
        if self.operation.remaining() > self._settings.pace.operation_seconds / 2:
            return False
        self.renew()
        return True


@frozen
class Lender:
    """Lends the lanes of devices, which are reached by these *ways*."""

    store: EffectStore
    ways: Ways
    settings: Settings = field(factory=Settings)

    @contextmanager
    def lend(
        self, device: str, purpose: str, *, patience_seconds: float = PATIENCE_SECONDS
    ) -> Iterator[Borrowed]:
        """Have a session on *device*, in a lane that nobody else has.

        A device that does not take our password, or is another box, waits for a person from then on, unless
        one is at work there. Nobody who begins after that offers the password again, or it could lock us out.

        Raises:
            DeviceDownError: it cannot be worked with.
            LaneLostError: no lane became free in time.
        """
        held = self._waited_for(device, patience_seconds)
        try:
            with self._opened(held, purpose) as borrowed:
                yield borrowed
        except DeviceDownError as error:
            if error.stop is not None:
                self.store.stop(held, Stop(error.stop, error.fault.text))
            raise
        finally:
            self.settings.watch(None)
            self.store.release(held)

    @contextmanager
    def _opened(self, held: Held, purpose: str) -> Iterator[Borrowed]:
        stop = held.device.stopped
        if stop is not None and stop.reason is StopReason.AUTH:
            raise waiting(held.device.name, stop)
        settings = self.settings
        until = settings.monotonic() + settings.pace.operation_seconds
        operation = Lasting(purpose, until, monotonic=settings.monotonic)
        settings.watch(operation.remaining())
        secrets: list[SecretText] = []

        def kept(source: SecretSource) -> SecretText:
            secrets.append(self.ways.secrets(source))
            return secrets[-1]

        with opened(held.device, evolve(self.ways, secrets=kept), operation) as known:
            self.store.found_well(held, known.health)
            yield Borrowed(known, operation, cleaner(secrets), self.store, settings, held)

    def _waited_for(self, device: str, patience_seconds: float) -> Held:
        owner = self.settings.owner or owner_name()
        until = self.settings.monotonic() + patience_seconds
        while True:
            held = self.store.claim(owner, self.settings.pace, device=device, clerk=True)
            if held is not None:
                return held
            if self.settings.monotonic() >= until:
                raise LaneLostError(
                    f"No lane of {device} became free in time. Try again when its worker is done."
                )
            self.store.ask(device, patience_seconds)
            time.sleep(_GLANCE)

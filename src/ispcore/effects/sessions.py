"""A device that is open: its driver, a session on it, and what it tells of itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from attrs import frozen

from ispcore.driver import AuthFailed, Driver, DriverError, DriverSpec, Health, Operation, Session, Site
from ispcore.effects.driver_config import SecretSource, read_config
from ispcore.effects.drivers import DriverOf, MakeDriver, made, origin
from ispcore.effects.faults import cleaner, fault_of
from ispcore.effects.work import DeviceRow, Fault, Stop, StopReason
from ispcore.errors import IspcoreError, NotFoundError, StorageError
from ispcore.values import SecretText

_LOG = logging.getLogger(__name__)


class DeviceDownError(IspcoreError):
    """A device cannot be worked with; without ``stop`` it rests a while, else a person must look."""

    def __init__(
        self, fault: Fault, *, stop: StopReason | None = None, after_seconds: float | None = None
    ) -> None:
        """Keep what happened."""
        super().__init__(fault.text)
        self.fault = fault
        self.stop = stop
        self.after_seconds = after_seconds


@frozen
class OpenDevice:
    """A device with which can be worked."""

    row: DeviceRow
    spec: DriverSpec
    driver: Driver[Any]
    session: Session
    health: Health
    clean: Callable[[str], str] = cleaner(())
    """Takes the secrets of its configuration out of a text."""


def down(error: Exception, clean: Callable[[str], str], *, by: str = "") -> DeviceDownError:
    """Return what *error* says of the device; one that no driver should raise names the driver."""
    fault = fault_of(error, clean)
    match error:
        case AuthFailed():
            return DeviceDownError(fault, stop=StopReason.AUTH)
        case DriverError():
            return DeviceDownError(fault, after_seconds=error.after_seconds)
        case IspcoreError():
            return DeviceDownError(fault)
        case _:
            said = f"{by} failed, which is a fault of it: {fault.code}: {fault.text}"
            return DeviceDownError(Fault(code="PluginFault", text=said))


def waiting(device: str, stop: Stop) -> DeviceDownError:
    """Return what is to be said of a *device* that waits for a person, without trying it."""
    way_out = (
        f"Change its settings, or run 'ispcore device release {device}'."
        if stop.reason is StopReason.AUTH
        else f"Look: run 'ispcore device check {device}', or accept the box that is there."
    )
    return DeviceDownError(
        Fault(code="Stopped", text=f"{device} is stopped: {stop.text.rstrip('.')}. {way_out}")
    )


def _no_secret(source: SecretSource) -> SecretText:
    raise NotFoundError("secret", source.name)


@frozen
class Ways:
    """How devices are reached: drivers by name, and the secrets of their configurations."""

    drivers: DriverOf
    secrets: Callable[[SecretSource], SecretText] = _no_secret
    make: MakeDriver = made


@contextmanager
def opened(row: DeviceRow, ways: Ways, operation: Operation) -> Iterator[OpenDevice]:
    """Connect to a device, and look who answers.

    Raises:
        DeviceDownError: it cannot be reached, does not take our password, or is another box.
    """
    known: list[SecretText] = []

    def clean(text: str) -> str:
        return cleaner(known)(text)

    spec, driver, context = _prepared(row, ways, known)
    with ExitStack() as stack:
        try:
            session = stack.enter_context(context)
        except Exception as error:
            raise down(error, clean, by=origin(spec)) from error
        stack.push(_quietly(spec, stack.pop_all(), clean))
        health = _health(spec, session, row, operation, clean)
        yield OpenDevice(row, spec, driver, session, health, clean)


def _prepared(
    row: DeviceRow, ways: Ways, known: list[SecretText]
) -> tuple[DriverSpec, Driver[Any], AbstractContextManager[Session]]:
    """Return what is needed to connect; the secrets are kept as *known*, to be taken out of what is told."""

    def secrets(source: SecretSource) -> SecretText:
        known.append(ways.secrets(source))
        return known[-1]

    try:
        spec = ways.drivers(row.driver)
        driver, config = ways.make(spec), read_config(spec.config, row.config, secrets)
        return spec, driver, driver.open(Site(config))
    except StorageError:
        raise
    except Exception as error:
        raise down(error, cleaner(known), by=f"the driver {row.driver!r}") from error


def _quietly(spec: DriverSpec, connection: ExitStack, clean: Callable[[str], str]) -> Callable[..., None]:
    """Return what closes a session; that it fails changes nothing that was done, and is only told."""

    def close(*_: object) -> None:
        try:
            connection.close()
        except Exception as error:  # noqa: BLE001 - a plugin's
            _LOG.warning("%s failed to close its session: %s", origin(spec), clean(str(error)))

    return close


def _health(
    spec: DriverSpec,
    session: Session,
    row: DeviceRow,
    operation: Operation,
    clean: Callable[[str], str],
) -> Health:
    try:
        health = session.check(operation)
    except Exception as error:
        raise down(error, clean, by=origin(spec)) from error
    if row.identity is not None and health.identity != row.identity:
        told = f"{row.name} was {row.identity!r}, and now {health.identity!r} answers in its place."
        raise DeviceDownError(Fault(code="Identity", text=told), stop=StopReason.IDENTITY)
    return health

"""Connections as an accounting server tells of them, with usual values."""

from datetime import UTC, datetime
from typing import Any

from attrs import evolve

from ispcore.app import Provider
from ispcore.driver import AccountingRecord, DriverSpec
from ispcore.hooks import Plugins, hookimpl
from ispcore.network import Connection, Octets
from ispcore.testing import MOCK_SPEC, MockDevice, MockDriver
from tests.providers import ANA, Office


def at(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    """Return an instant of 2012, of March unless said otherwise, in UTC."""
    return datetime(2012, month, day, hour, minute, tzinfo=UTC)


def stopped(start: datetime, stop: datetime, *, up: int = 0, down: int = 0, **more: Any) -> Connection:
    """Return a connection of ana that stopped."""
    usual = {"id": f"c-{start:%m%d%H%M}", "login": "ana"}
    return Connection(
        **{**usual, **more}, started_at=start, seen_at=stop, stopped_at=stop, octets=Octets(up, down)
    )


def going_on(start: datetime, seen: datetime, *, up: int = 0, down: int = 0, **more: Any) -> Connection:
    """Return a connection of ana that was open when it was last seen."""
    usual = {"id": f"c-{start:%m%d%H%M}", "login": "ana"}
    return Connection(**{**usual, **more}, started_at=start, seen_at=seen, octets=Octets(up, down))


def counted(start: datetime | None = None, seen: datetime | None = None, **more: Any) -> AccountingRecord:
    """Return a connection of ana as a device counts it: from 8 to 9 on 10 March, unless said otherwise."""
    start, seen = start or at(10, 8), seen or at(10, 9)
    usual = {"id": "8F01", "username": "ana", "unique_id": f"c-{start:%m%d%H%M}", "until": seen, "cursor": ""}
    moved = {"uploaded_bytes": 10, "downloaded_bytes": 0}
    return AccountingRecord(**{**usual, **moved, **more}, since=start, seen_at=seen)


class CountingDriver(MockDriver):
    """A driver of a device that always tells of one connection, and of one without a login."""

    def __init__(self) -> None:
        device = MockDevice("radius")
        device.counted = [counted(), counted(unique_id="bad", username="")]
        super().__init__(device)


COUNTING = evolve(MOCK_SPEC, name="counting", factory=f"{__name__}:CountingDriver")


class BringsCounting:
    """A plugin that brings it."""

    @hookimpl
    def ispcore_drivers(self) -> list[DriverSpec]:
        return [COUNTING]


def counting_provider(office: Office, plugin: object) -> Provider:
    """Return a provider with the plugin that brings it, and the device that it counts on."""
    provider = Provider(office.database, clock=office.clock, plugins=Plugins.of(plugin))
    provider.network.devices.add("radius", driver="counting", config={"device": "radius"}, actor=ANA)
    return provider

"""The devices: added, changed, accepted, held and released by people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.effects import StopReason
from ispcore.errors import NotFoundError, RefusedError
from ispcore.storage.device_rows import device_of
from ispcore.storage.locks import in_one_order
from ispcore.storage.network_tables import devices, lanes, placements

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ispcore.effects import DeviceRow


class DeviceStore:
    """The devices, in the transaction of a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def add(self, name: str, *, driver: str, config: Mapping[str, Any], lanes: int = 1) -> DeviceRow:
        """Keep a new device.

        Raises:
            RefusedError: there is one of this name, or it has no lane.
        """
        if self._row(name) is not None:
            raise RefusedError(
                f"There is a device {name!r} already.",
                rule="device-exists",
                hint="Change it, or take another name.",
            )
        row = {"name": name, "driver": driver, "config": dict(config), "lanes": lanes, "version": 1}
        self._connection.execute(sa.insert(devices), row)
        self._set_lanes(name, lanes)
        return self.get(name)

    def change(
        self, name: str, *, config: Mapping[str, Any] | None = None, lanes: int | None = None
    ) -> DeviceRow:
        """Change how a device is reached; one that did not take our password is tried again."""
        row = self.get(name)
        values: dict[str, Any] = {"version": row.version + 1}
        if config is not None:
            values |= {"config": dict(config), **_rested(row)}
        if lanes is not None:
            values["lanes"] = lanes
            self._set_lanes(name, lanes)
        return self._changed(name, values)

    def accept(self, name: str) -> int:
        """Take the box that answers for the device; return how many placements will be written anew.

        What was applied to the box before counts no longer, nor what went wrong there, and workers that still
        have a session on it lose their lanes.
        """
        version = self.get(name).version
        # The lanes first, as workers do, so that neither waits for the other.
        self._connection.execute(
            sa.update(lanes).where(lanes.c.device == name).values(token=lanes.c.token + 1, owner=None)
        )
        values = {"identity": None, "stopped": None, "failures": 0, "paused_until": None, "error": None}
        self._changed(name, {**values, "version": version + 1})
        here = placements.c.device == name
        order = in_one_order(self._connection, placements.c.id)
        self._connection.execute(sa.select(placements.c.id).where(here).order_by(order).with_for_update())
        fresh = {"try_at": None, "attempts": 0, "trouble": None, "error": None}
        self._connection.execute(sa.update(placements).where(here).values(fresh))
        void = {"applied_generation": 0, "applied": None}
        wanted = sa.update(placements).where(here, placements.c.wanted.is_not(None))
        return self._connection.execute(wanted.values(void)).rowcount

    def hold(self, name: str, until: datetime) -> DeviceRow:
        """Leave a device alone until then; what is being written is finished."""
        self.get(name)
        return self._changed(name, {"held_until": until})

    def release(self, name: str) -> DeviceRow:
        """End a hold, a pause, or a stop for a wrong password.

        Raises:
            RefusedError: another box answers for it, or it is empty; that must be accepted.
        """
        row = self.get(name)
        if row.stopped is not None and row.stopped.reason is not StopReason.AUTH:
            raise RefusedError(
                f"{name} is stopped: {row.stopped.text}",
                rule="device-stopped",
                hint=f"Look, then accept {name}.",
            )
        # Whoever has tried the device before must not undo what is decided here.
        return self._changed(name, {"held_until": None, "version": row.version + 1, **_rested(row)})

    def get(self, name: str) -> DeviceRow:
        """Return a device, or raise NotFoundError."""
        row = self._row(name)
        if row is None:
            raise NotFoundError("device", name, hint="Add it, or see 'ispcore device list'.")
        return device_of(row)

    def all(self) -> tuple[DeviceRow, ...]:
        """Return every device, by name."""
        rows = self._connection.execute(sa.select(devices).order_by(devices.c.name))
        return tuple(device_of(row) for row in rows)

    def _row(self, name: str) -> sa.Row[Any] | None:
        return self._connection.execute(sa.select(devices).where(devices.c.name == name)).first()

    def _changed(self, name: str, values: Mapping[str, Any]) -> DeviceRow:
        self._connection.execute(sa.update(devices).where(devices.c.name == name).values(values))
        return self.get(name)

    def _set_lanes(self, name: str, count: int) -> None:
        if count < 1:
            raise RefusedError(f"{name} needs a lane at least.", rule="no-lane")
        these = lanes.c.device == name
        known = set(self._connection.scalars(sa.select(lanes.c.lane).where(these)))
        new = [{"device": name, "lane": lane} for lane in range(count) if lane not in known]
        if new:
            self._connection.execute(sa.insert(lanes), new)
        # A lane that is given up keeps its token, and whoever holds it loses it: should the lane come back, a
        # token that was given out once must not be given out again.
        values = {"token": lanes.c.token + 1, "owner": None, "leased_until": None, "asked_until": None}
        self._connection.execute(sa.update(lanes).where(these, lanes.c.lane >= count).values(values))


def _rested(row: DeviceRow) -> dict[str, Any]:
    """Return what lets a device be tried at once; what a person must accept stays."""
    stays = row.stopped is not None and row.stopped.reason is not StopReason.AUTH
    rest: dict[str, Any] = {"failures": 0, "paused_until": None, "error": None}
    return rest if stays else {**rest, "stopped": None}

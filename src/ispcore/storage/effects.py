"""Lanes, intents and placements for the workers: each call one transaction, whatever the size of a batch.

Rows are always asked for in one order, placements before intents before claims, so that workers and commands
do not wait for each other in a circle.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.effects import Held, LaneLostError, StopReason, Taken
from ispcore.effects.protocol import portion
from ispcore.storage import effect_records as records
from ispcore.storage.device_rows import device_of, plain_fault, plain_stop
from ispcore.storage.due_work import borrowable, claimable, passed, takeable
from ispcore.storage.effect_rows import Rows, claims_of, standing, works_of
from ispcore.storage.instants import worker_time
from ispcore.storage.network_tables import devices, lanes

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from ispcore.driver import Health, PlacementId
    from ispcore.effects import Begun, Fault, Outcome, Pace, Stop, Work
    from ispcore.storage.database import SqlDatabase
    from ispcore.storage.instants import Instants

_RACES = 5


class SqlEffects:
    """The store of effects in a database."""

    def __init__(self, database: SqlDatabase, *, instants: Instants = worker_time) -> None:
        """Work on *database*; *instants* tells the time, by the database's own clock unless tests move it."""
        self._database = database
        self._instants = instants

    @contextmanager
    def _writing(self) -> Iterator[tuple[sa.Connection, datetime]]:
        with self._database.writing() as session:
            yield session.connection, self._instants(session.connection)

    # Lanes

    def claim(
        self,
        owner: str,
        pace: Pace,
        *,
        device: str | None = None,
        clerk: bool = False,
        leave_out: Collection[str] = (),
    ) -> Held | None:
        """Take a free lane, of *device* or of any that has something to do; None where there is none."""
        for _ in range(_RACES):
            with self._writing() as (connection, now):
                wanted, values = _wanted_lane(connection, now, device, clerk=clerk)
                if leave_out:
                    wanted = wanted.where(devices.c.name.not_in(leave_out))
                row = connection.execute(wanted, values).first()
                if row is None:
                    return None
                until = now + timedelta(seconds=pace.lease_seconds)
                if not clerk and row.failures and not _may_probe(connection, row.name, now, until):
                    continue
                return Held(device_of(row), row.lane, _leased(connection, row, owner, until, clerk=clerk))
        return None

    def release(self, held: Held) -> None:
        """Give the lane back; nothing happens when it was taken over."""
        with self._writing() as (connection, now):
            connection.execute(sa.update(lanes).where(*_held(held)).values(owner=None, leased_until=now))

    def ask(self, device: str, seconds: float) -> None:
        """Ask whoever works on *device* for a lane: workers leave it free for so long."""
        with self._writing() as (connection, now):
            until = now + timedelta(seconds=seconds)
            connection.execute(sa.update(lanes).where(lanes.c.device == device).values(asked_until=until))

    # Batches

    def turn(self, held: Held, outcomes: Sequence[Outcome], pace: Pace, *, count: int) -> Taken:
        """Record *outcomes*, renew the lease, and take up to *count* works, each with an intent."""
        kept = records.kept(outcomes)
        with self._writing() as (connection, now):
            asked = _renewed(connection, held, now, pace)
            if outcomes:
                records.record(connection, held, kept, now)
            if asked or not count:
                return Taken()
            values = {
                "now": now,
                "device": held.device.name,
                "lane": held.lane,
                "token": held.token,
                "version": held.device.version,
                "count": count,
            }
            rows = portion(connection.execute(takeable(connection.dialect.name), values).all())
            ours = records.begin(connection, held, rows, now + timedelta(seconds=pace.intent_seconds), now)
            names = claims_of(connection, held.device.name, rows)
        return Taken(works_of([row for row in rows if row.id in ours], names))

    def begin_writing(self, held: Held, begun: Sequence[Begun], pace: Pace) -> frozenset[PlacementId]:
        """Say that these are about to be written, and return those whose intent is still ours."""
        with self._writing() as (connection, now):
            _renewed(connection, held, now, pace)
            return records.begin_writing(connection, held, begun)

    def sample(self, held: Held, leave_out: Iterable[PlacementId], count: int) -> Sequence[Work]:
        """Return up to *count* placements that stand on the device, as far as we know."""
        with self._database.reading() as session:
            return standing(session.connection, held.device.name, set(leave_out), count)

    def standing(self, device: str, *, page: int = 1_000) -> Iterator[Work]:
        """Yield all placements that stand on *device*, as far as we know; memory stays flat."""
        rows = Rows(self._database, device, page)
        yield from rows

    # Devices

    def found_well(self, held: Held, health: Health) -> None:
        """Keep what the device told of itself; it waits no longer, nor for another box to be accepted."""
        row = held.device
        rest: dict[str, Any] = {"paused_until": None}
        if row.stopped is not None and row.stopped.reason is StopReason.IDENTITY:
            rest["stopped"] = None
        answers = {name: support.value for name, support in health.answers.items()}
        told = {"identity": health.identity, "firmware": health.firmware, "answers": answers}
        known = {"identity": row.identity, "firmware": row.firmware, "answers": row.answers}
        if told != known or row.failures or row.paused_until is not None or "stopped" in rest:
            with self._writing() as (connection, _):
                _change_device(connection, held, {**told, **rest})

    def pause(self, held: Held, seconds: float, fault: Fault) -> None:
        """Let the device rest for so long, and count a failure."""
        with self._writing() as (connection, now):
            values = {
                "failures": devices.c.failures + 1,
                "paused_until": now + timedelta(seconds=seconds),
                "error": plain_fault(fault, now),
            }
            _change_device(connection, held, values)

    def stop(self, held: Held, stop: Stop) -> None:
        """Let the device wait for a person, unless it does, or one is at work there.

        That a password was refused is remembered instead of another box, which each opening tells again.
        """
        before = None if held.device.stopped is None else held.device.stopped.reason
        replaces = (before, stop.reason) == (StopReason.IDENTITY, StopReason.AUTH)
        with self._writing() as (connection, now):
            values = {"stopped": plain_stop(stop, now), "paused_until": None, "failures": 0}
            waits = sa.true() if replaces else devices.c.stopped.is_(None)
            _change_device(connection, held, values, passed(devices.c.held_until, now), waits)


def _wanted_lane(
    connection: sa.Connection, now: datetime, device: str | None, *, clerk: bool
) -> tuple[sa.Select[Any], dict[str, Any]]:
    values = {"now": now} if device is None else {"now": now, "device": device}
    if clerk:
        return borrowable(), values
    return claimable(connection.dialect.name, named=device is not None), values


def _may_probe(connection: sa.Connection, device: str, now: datetime, until: datetime) -> bool:
    """Tell whether it is us who try a device again that has failed; others wait for what comes of it."""
    this = sa.and_(devices.c.name == device, passed(devices.c.paused_until, now))
    return connection.execute(sa.update(devices).where(this).values(paused_until=until)).rowcount > 0


def _leased(connection: sa.Connection, row: sa.Row[Any], owner: str, until: datetime, *, clerk: bool) -> int:
    values: dict[str, Any] = {"token": lanes.c.token + 1, "owner": owner, "leased_until": until}
    if clerk:
        values["asked_until"] = None
    this = sa.and_(lanes.c.device == row.name, lanes.c.lane == row.lane)
    return int(
        connection.execute(sa.update(lanes).where(this).values(values).returning(lanes.c.token)).scalar_one()
    )


def _held(held: Held) -> tuple[sa.ColumnElement[bool], ...]:
    return lanes.c.device == held.device.name, lanes.c.lane == held.lane, lanes.c.token == held.token


def _renewed(connection: sa.Connection, held: Held, now: datetime, pace: Pace) -> bool:
    """Renew the lease, and tell whether somebody else would like to have the lane."""
    until = now + timedelta(seconds=pace.lease_seconds)
    renew = sa.update(lanes).where(*_held(held)).values(leased_until=until).returning(lanes.c.asked_until)
    row = connection.execute(renew).first()
    if row is None:
        raise LaneLostError(f"Lane {held.lane} of {held.device.name} was taken over by somebody else.")
    return row.asked_until is not None and row.asked_until > now


def _change_device(
    connection: sa.Connection, held: Held, values: Mapping[str, Any], *still: sa.ColumnElement[bool]
) -> None:
    """Keep what was found of a device that is *still* so, unless a person has decided about it meanwhile."""
    if connection.execute(sa.select(lanes.c.token).where(*_held(held)).with_for_update()).first() is None:
        return
    this = sa.and_(devices.c.name == held.device.name, devices.c.version == held.device.version)
    connection.execute(sa.update(devices).where(this, *still).values(values))

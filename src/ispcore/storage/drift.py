"""What was seen on devices beside what was left there: kept in chunks, compared by name, page by page."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import Key, PlacementId, Seen
from ispcore.effects import Look, Mended
from ispcore.errors import NotFoundError
from ispcore.network import Drift, Expected, Stray, is_contested
from ispcore.storage import mending
from ispcore.storage.device_rows import plain_stop
from ispcore.storage.drift_rows import expected_of, observed_row, seen_of, stray_of, unbound_of
from ispcore.storage.drift_tables import observed, watches
from ispcore.storage.due_work import lagging, passed
from ispcore.storage.instants import among_texts
from ispcore.storage.locks import in_one_order
from ispcore.storage.network_tables import claims, devices, intents, placements
from ispcore.storage.upsert import insert_or
from ispcore.storage.watches import watch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from ispcore.effects import DriftReport, Stop
    from ispcore.storage.database import SqlDatabase
    from ispcore.storage.instants import Instants

_NOW = sa.bindparam("now", type_=watches.c.began.type)
_BEGAN = sa.bindparam("began", type_=watches.c.began.type)
_IS_BUSY = sa.or_(
    lagging(),
    sa.func.coalesce(placements.c.applied_at > _BEGAN, sa.false()),
    sa.exists().where(intents.c.placement == placements.c.id),
)
"""A worker is at it, has been since the look began, or will be."""
_IS_HELD = sa.func.coalesce(placements.c.held_until > _NOW, sa.false())


class SqlDrift:
    """The store of looks in a database."""

    def __init__(self, database: SqlDatabase, instants: Instants) -> None:
        """Work on *database*; *instants* tells the time."""
        self._database = database
        self._instants = instants

    @contextmanager
    def _writing(self) -> Iterator[tuple[sa.Connection, datetime]]:
        with self._database.writing() as session:
            yield session.connection, self._instants(session.connection)

    @contextmanager
    def _reading(self, look: Look) -> Iterator[tuple[sa.Connection, dict[str, Any]]]:
        with self._database.reading() as session:
            now = self._instants(session.connection)
            yield session.connection, {"now": now, "began": look.began, "look": look.number}

    # The look

    def begin(self, device: str) -> Look:
        """Begin a look, or raise NotFoundError."""
        with self._writing() as (connection, now):
            version = connection.execute(
                sa.select(devices.c.version).where(devices.c.name == device)
            ).scalar()
            if version is None:
                raise NotFoundError("device", device, hint="Add it, or see 'ispcore device list'.")
            watch(connection, device)
            this = watches.c.device == device
            values = {"looks": watches.c.looks + 1, "began": now}
            row = connection.execute(
                sa.update(watches).where(this).values(values).returning(watches.c.looks, watches.c.repairs)
            ).one()
            return Look(device, row.looks, now, row.repairs, version)

    def spool(self, look: Look, seen: Sequence[Seen]) -> None:
        """Keep what was seen, with whose name each has."""
        fresh = {row["key"]: row for row in (observed_row(look, one) for one in seen)}
        with self._writing() as (connection, _):
            names = sorted({row["claim"] for row in fresh.values()})
            asked = sa.select(claims.c.claim, claims.c.placement).where(
                claims.c.device == look.device, among_texts(connection, claims.c.claim, names)
            )
            owners = {row.claim: row.placement for row in connection.execute(asked)}
            for row in fresh.values():
                row["placement"] = owners.get(row["claim"])
            insert = insert_or(connection, observed).on_conflict_do_nothing()
            connection.execute(insert, list(fresh.values()))

    def finish(self, look: Look, report: DriftReport) -> None:
        """Keep what was found; what a failed look saw is forgotten."""
        found = {
            "seen": report.seen,
            "expected": report.expected,
            "busy": report.busy,
            "counts": {kind.value: many for kind, many in report.counts.items()},
            "repaired": len(report.mended.repaired),
            "contested": len(report.mended.contested),
            "stopped": report.stopped,
            "failure": report.failure,
        }
        with self._writing() as (connection, now):
            values: dict[str, Any] = {"ended": now, "found": found}
            if report.failure is None:
                values["look"] = look.number
            this = sa.and_(watches.c.device == look.device, watches.c.looks == look.number)
            connection.execute(sa.update(watches).where(this).values(values))
            latest = sa.select(watches.c.look).where(watches.c.device == look.device).scalar_subquery()
            old = sa.or_(
                sa.and_(observed.c.look < look.number, observed.c.look != sa.func.coalesce(latest, 0)),
                sa.and_(observed.c.look == look.number, sa.literal(report.failure is not None)),
            )
            connection.execute(sa.delete(observed).where(observed.c.device == look.device, old))

    def due(self, every_seconds: int | None) -> str | None:
        """Return a device whose time has come to be looked at, for whoever asks first."""
        with self._writing() as (connection, now):
            asked = (
                sa.select(devices.c.name, watches.c.every_seconds, watches.c.began, watches.c.looks)
                .join_from(devices, watches, isouter=True)
                .where(devices.c.stopped.is_(None))
                .where(passed(devices.c.held_until, now), passed(devices.c.paused_until, now))
                .order_by(watches.c.began.nulls_first(), devices.c.name)
            )
            for row in connection.execute(asked).all():
                every = row.every_seconds or every_seconds
                if every is None or (row.began is not None and row.began + timedelta(seconds=every) > now):
                    continue
                watch(connection, row.name)
                unseen = sa.func.coalesce(watches.c.looks, 0) == (row.looks or 0)
                since = watches.c.began.is_(None) if row.began is None else watches.c.began == row.began
                mine = sa.update(watches).where(watches.c.device == row.name, unseen, since)
                if connection.execute(mine.values(began=now)).rowcount:
                    return str(row.name)
            return None

    def stop(self, look: Look, stop: Stop) -> bool:
        """Let the device wait for a person, unless one is at work there, or has decided since the look began.

        Tell whether it waits for that reason.
        """
        with self._writing() as (connection, now):
            values = {"stopped": plain_stop(stop, now), "paused_until": None, "failures": 0}
            this = sa.and_(devices.c.name == look.device, devices.c.version == look.version)
            works = sa.and_(this, passed(devices.c.held_until, now), devices.c.stopped.is_(None))
            connection.execute(sa.update(devices).where(works).values(values))
            found = connection.scalar(sa.select(devices.c.stopped).where(devices.c.name == look.device))
            return found is not None and found["reason"] == stop.reason.value

    # Comparing

    def expected(self, look: Look, after: str, count: int) -> tuple[Expected, ...]:
        """Return the next placements that were left as they are wanted, and nobody has touched since."""
        asked = (
            sa.select(
                placements.c.id,
                placements.c.device,
                placements.c.generation,
                placements.c.wanted,
                placements.c.key,
                _IS_HELD.label("held"),
            )
            .where(placements.c.device == look.device, placements.c.id > after)
            .where(placements.c.wanted.is_not(None), sa.not_(_IS_BUSY))
            .order_by(placements.c.id)
            .limit(count)
        )
        with self._reading(look) as (connection, values):
            return tuple(expected_of(row) for row in connection.execute(asked, values))

    def match(self, look: Look, names: Mapping[str, PlacementId]) -> dict[str, Seen]:
        """Return what was seen under *names*, of each the one where it was last, and say whose that is."""
        with self._writing() as (connection, _):
            asked = (
                sa.select(observed, placements.c.key.label("last"))
                .join_from(observed, placements, placements.c.id == observed.c.placement, isouter=True)
                .where(observed.c.device == look.device, observed.c.look == look.number)
                .where(among_texts(connection, observed.c.claim, sorted(names)))
                .order_by(observed.c.claim, observed.c.key)
            )
            found: dict[str, sa.Row[Any]] = {}
            for row in connection.execute(asked):
                if row.claim not in found or row.key == row.last:
                    found[row.claim] = row
            _own(connection, look, {Key(row.key): names[claim] for claim, row in found.items()})
            return {claim: seen_of(row) for claim, row in found.items()}

    def strays(self, look: Look, after: str, count: int) -> tuple[tuple[str, Stray | None], ...]:
        """Return what matched nothing by its keys; None where its owner is being worked on."""
        owner = sa.func.coalesce(observed.c.placement, observed.c.marked)
        twin = observed.alias("twin")
        is_double = sa.exists().where(
            twin.c.device == observed.c.device,
            twin.c.look == observed.c.look,
            twin.c.claim == observed.c.claim,
            twin.c.matched.is_(sa.true()),
        )
        asked = (
            sa.select(
                observed,
                placements.c.id.label("owner"),
                _IS_BUSY.label("busy"),
                _IS_HELD.label("held"),
                sa.func.coalesce(claims.c.written, sa.false()).label("written"),
                is_double.label("double"),
            )
            .join_from(
                observed,
                placements,
                sa.and_(placements.c.id == owner, placements.c.device == observed.c.device),
                isouter=True,
            )
            .join(
                claims,
                sa.and_(claims.c.device == observed.c.device, claims.c.claim == observed.c.claim),
                isouter=True,
            )
            .where(observed.c.device == look.device, observed.c.look == look.number)
            .where(observed.c.matched.is_(sa.false()), observed.c.key > after)
            .order_by(observed.c.key)
            .limit(count)
        )
        with self._reading(look) as (connection, values):
            rows = connection.execute(asked, values).all()
        return tuple((row.key, None if row.owner and row.busy else stray_of(row)) for row in rows)

    def counted(self, look: Look) -> tuple[int, int]:
        """Return how much was seen, and how many placements are being worked on."""
        seen = sa.select(sa.func.count()).where(
            observed.c.device == look.device, observed.c.look == look.number
        )
        busy = sa.select(sa.func.count()).where(placements.c.device == look.device, _IS_BUSY)
        with self._reading(look) as (connection, values):
            return (
                connection.execute(seen).scalar_one(),
                connection.execute(busy, values).scalar_one(),
            )

    def unbound(self, device: str | None = None) -> tuple[Drift, ...]:
        """Return what is wanted on devices that there are not."""
        asked: sa.Select[Any] = (
            sa.select(placements.c.id, placements.c.device, placements.c.wanted)
            .join_from(placements, devices, devices.c.name == placements.c.device, isouter=True)
            .where(devices.c.name.is_(None), placements.c.wanted.is_not(None))
            .order_by(placements.c.id)
        )
        if device is not None:
            asked = asked.where(placements.c.device == device)
        with self._database.reading() as session:
            rows = session.connection.execute(asked).all()
        return tuple(unbound_of(row) for row in rows)

    # Mending

    def mend(self, look: Look, drifts: Sequence[Drift]) -> Mended:
        """Have workers write these again, unless that was done too often today."""
        by_id = {drift.placement: drift for drift in drifts if drift.placement is not None}
        with self._database.writing() as session:
            connection, now = session.connection, self._instants(session.connection)
            asked: sa.Select[Any] = (
                sa.select(placements.c.id, placements.c.repaired_on, placements.c.repairs)
                .where(among_texts(connection, placements.c.id, sorted(by_id)))
                .where(sa.not_(_IS_BUSY), sa.not_(_IS_HELD), placements.c.trouble.is_(None))
                .order_by(in_one_order(connection, placements.c.id))
                .with_for_update(of=placements)
            )
            rows = connection.execute(asked, {"now": now, "began": look.began}).all()
            today = now.date()
            contested = [row for row in rows if is_contested(row.repaired_on, row.repairs, today)]
            mended = [row for row in rows if row not in contested]
            mending.claim_again(connection, look.device, [by_id[PlacementId(row.id)] for row in mended])
            mending.lag(
                connection, [mending.lagging_row(row, by_id[PlacementId(row.id)], today) for row in mended]
            )
            mending.contest(connection, [row.id for row in contested], now)
            if mended:
                session.outbox.wake([look.device])
        return Mended(
            tuple(PlacementId(row.id) for row in mended), tuple(PlacementId(row.id) for row in contested)
        )


def _own(connection: sa.Connection, look: Look, owners: Mapping[Key, PlacementId]) -> None:
    """Say whose these are, and that each is where it should be."""
    this = sa.and_(observed.c.device == look.device, observed.c.look == look.number)
    if not owners:
        return
    keys = among_texts(connection, observed.c.key, sorted(owners))
    known = sa.select(observed.c.key, observed.c.placement).where(this, keys)
    others = [
        {"of_key": row.key, "owner": owners[Key(row.key)]}
        for row in connection.execute(known)
        if row.placement != owners[Key(row.key)]
    ]
    connection.execute(sa.update(observed).where(this, keys).values(matched=True))
    if others:  # a driver writes their names in another way
        renamed = sa.update(observed).where(this, observed.c.key == sa.bindparam("of_key"))
        connection.execute(renamed.values(placement=sa.bindparam("owner")), others)

"""How devices are watched for drift: how often each is looked at, whether it is mended, what was found."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from ispcore.driver import Key, Spec
from ispcore.effects import Watch
from ispcore.network import Drift, DriftKind
from ispcore.storage.converters import from_plain
from ispcore.storage.drift_tables import observed, watches
from ispcore.storage.network_tables import claims, placements
from ispcore.storage.upsert import insert_or


class WatchStore:
    """The watches, in the transaction of a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def set(self, device: str, **values: Any) -> None:  # noqa: ANN401 - columns of the table
        """Keep how *device* is watched from now on."""
        watch(self._connection, device)
        self._connection.execute(sa.update(watches).where(watches.c.device == device).values(values))

    def get(self, device: str) -> Watch:
        """Return how *device* is watched."""
        return self.all().get(device, Watch())

    def all(self) -> dict[str, Watch]:
        """Return how devices are watched, by name."""
        rows = self._connection.execute(sa.select(watches))
        return {row.device: Watch(row.every_seconds, row.repairs, row.ended, row.found) for row in rows}

    def foreign(self, device: str, limit: int | None = None) -> tuple[Drift, ...]:
        """Return what was foreign at the last look at *device*, or stands in the way of a placement."""
        conflict = sa.and_(
            placements.c.id == observed.c.placement,
            placements.c.trouble == "conflict",
        )
        other = placements.alias("other")
        ours = sa.select(other.c.id).where(other.c.device == device)
        last = sa.and_(watches.c.device == observed.c.device, watches.c.look == observed.c.look)
        asked = (
            sa.select(observed)
            .join_from(observed, watches, last)
            .join(placements, conflict, isouter=True)
            .where(observed.c.device == device, observed.c.matched.is_(sa.false()))
            .where(sa.or_(observed.c.placement.is_(None), placements.c.id.is_not(None)))
            .where(sa.or_(observed.c.marked.is_(None), observed.c.marked.not_in(ours)))
            .order_by(observed.c.key)
            .limit(limit)
        )
        return tuple(_foreign(row) for row in self._connection.execute(asked))

    def owner(self, device: str, claim: str) -> str | None:
        """Return the placement that wants to stand under a name, or None."""
        this = sa.and_(claims.c.device == device, claims.c.claim == claim)
        found: str | None = self._connection.execute(sa.select(claims.c.placement).where(this)).scalar()
        return found


def watch(connection: sa.Connection, device: str) -> None:
    """Keep that *device* is watched, as by default, if nothing is kept yet."""
    insert = insert_or(connection, watches).on_conflict_do_nothing()
    connection.execute(insert, {"device": device, "repairs": False, "looks": 0})


def _foreign(row: sa.Row[Any]) -> Drift:
    return Drift(
        kind=DriftKind.FOREIGN,
        device=row.device,
        claim=row.claim,
        key=Key(row.key),
        seen=from_plain(row.spec, Spec),
    )

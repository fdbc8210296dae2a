"""How the devices stand: read from the tables of the network, for a doctor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.effects import DeviceStanding
from ispcore.network import DriftKind
from ispcore.storage.drift_tables import watches
from ispcore.storage.network_tables import devices, placements

if TYPE_CHECKING:
    from collections.abc import Mapping

_IS_LAGGING = placements.c.applied_generation < placements.c.generation
_BEHIND = (
    sa.select(
        placements.c.device,
        sa.func.count().filter(_IS_LAGGING).label("lagging"),
        sa.func.min(placements.c.moved_at).filter(_IS_LAGGING).label("since"),
        sa.func.count().filter(placements.c.trouble.is_not(None)).label("troubled"),
    )
    .where(_IS_LAGGING | placements.c.trouble.is_not(None))
    .group_by(placements.c.device)
    .subquery()
)
_STANDING = (
    sa.select(devices, _BEHIND.c.lagging, _BEHIND.c.since, _BEHIND.c.troubled, watches.c.found)
    .select_from(
        devices.outerjoin(_BEHIND, _BEHIND.c.device == devices.c.name).outerjoin(
            watches, watches.c.device == devices.c.name
        )
    )
    .order_by(devices.c.name)
)
_ABSENT = (
    sa.select(placements.c.device, sa.func.count().label("waiting"))
    .select_from(placements.outerjoin(devices, devices.c.name == placements.c.device))
    .where(_IS_LAGGING, devices.c.name.is_(None))
    .group_by(placements.c.device)
    .order_by(placements.c.device)
)


class HealthStore:
    """What a doctor asks the database."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def devices(self) -> tuple[DeviceStanding, ...]:
        """Return how each device stands, by name."""
        return tuple(
            DeviceStanding(
                name=row.name,
                driver=row.driver,
                stopped=row.stopped,
                failures=row.failures,
                paused_until=row.paused_until,
                held_until=row.held_until,
                lagging=row.lagging or 0,
                since=row.since,
                troubled=row.troubled or 0,
                drifted=_drifted(row.found),
            )
            for row in self._connection.execute(_STANDING)
        )

    def absent(self) -> dict[str, int]:
        """Return how many placements wait for each device that there is not."""
        return {row.device: row.waiting for row in self._connection.execute(_ABSENT)}


def _drifted(found: Mapping[str, Any] | None) -> int:
    """Return how much of ours had drifted at the last look, and was not mended since."""
    if found is None:
        return 0
    counts = found["counts"]
    ours = sum(many for kind, many in counts.items() if kind != DriftKind.FOREIGN.value)
    return max(0, int(ours) - int(found["repaired"]))

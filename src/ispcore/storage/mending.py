"""Mending what drifted: placements are made to lag again, and workers write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.effects import Trouble
from ispcore.network import Drift, DriftKind
from ispcore.storage.converters import to_plain
from ispcore.storage.instants import among_texts
from ispcore.storage.network_tables import claims, placements
from ispcore.storage.upsert import insert_or

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


def lagging_row(row: sa.Row[Any], drift: Drift, today: Any) -> dict[str, Any]:  # noqa: ANN401 - a day
    """Return what makes a placement lag: what was seen is what stands there, and its secrets are unsure."""
    return {
        "of_id": row.id,
        "new_applied": None if drift.seen is None else to_plain(drift.seen),
        "new_key": drift.key if drift.seen is not None else None,
        "new_day": today,
        "new_repairs": row.repairs + 1 if row.repaired_on == today else 1,
    }


def lag(connection: sa.Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make these placements lag."""
    if not rows:
        return
    values = {
        "applied_generation": 0,
        "applied": sa.bindparam("new_applied", type_=placements.c.applied.type),
        "key": sa.bindparam("new_key", type_=placements.c.key.type),
        "repaired_on": sa.bindparam("new_day", type_=placements.c.repaired_on.type),
        "repairs": sa.bindparam("new_repairs", type_=placements.c.repairs.type),
        "attempts": 0,
        "try_at": None,
        "error": None,
    }
    this = placements.c.id == sa.bindparam("of_id")
    connection.execute(sa.update(placements).where(this).values(values), list(rows))


def claim_again(connection: sa.Connection, device: str, drifts: Sequence[Drift]) -> None:
    """Say that what is left over is ours, so that a worker may take it away."""
    rows = [
        {"device": device, "claim": drift.claim, "placement": drift.placement, "written": True}
        for drift in drifts
        if drift.kind is DriftKind.LEFT_OVER
    ]
    if rows:
        insert = insert_or(connection, claims)
        connection.execute(insert.on_conflict_do_nothing(), rows)


def contest(connection: sa.Connection, ids: Sequence[str], now: datetime) -> None:
    """Let these placements wait for a person."""
    if not ids:
        return
    text = "Somebody changes it back again and again: it was mended as often as may be today."
    error = {"code": "Contested", "text": text, "at": now.isoformat()}
    values = {"applied_generation": 0, "trouble": Trouble.CONTESTED.value, "error": error}
    connection.execute(
        sa.update(placements).where(among_texts(connection, placements.c.id, ids)).values(values)
    )

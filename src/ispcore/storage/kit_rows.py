"""Placements as commands write them, for the executor kit; and the end of a worker at a statement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import Spec, claim_of
from ispcore.storage.converters import to_plain
from ispcore.storage.due_work import lagging as is_lagging
from ispcore.storage.network_tables import claims, intents, placements
from ispcore.storage.upsert import insert_or

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ispcore.storage.database import SqlDatabase


def want(database: SqlDatabase, name: str, spec: Spec | Mapping[str, Any] | None, now: datetime) -> None:
    """Want *spec* of the placement *name*, which may be new."""
    resource, _, device = name.partition("@")
    plain = to_plain(spec) if isinstance(spec, Spec) else spec
    fresh = {"attempts": 0, "try_at": None, "trouble": None, "error": None}
    row = {
        "id": name,
        "resource": resource,
        "device": device,
        "kind": resource.rpartition(":")[2],
        "generation": 1,
        "wanted": plain,
    }
    with database.writing() as session:
        insert = insert_or(session.connection, placements)
        again = {"wanted": insert.excluded.wanted, "generation": placements.c.generation + 1, **fresh}
        upsert = insert.on_conflict_do_update(index_elements=[placements.c.id], set_=again)
        session.connection.execute(upsert, {**row, "layer": 2, "needs": [], "moved_at": now})
        if isinstance(spec, Spec):
            named = {"device": device, "claim": claim_of(spec), "placement": name}
            session.connection.execute(insert_or(session.connection, claims).on_conflict_do_nothing(), named)


def lagging(database: SqlDatabase) -> list[str]:
    """Return what is not as it is wanted."""
    with database.reading() as session:
        asked = sa.select(placements.c.id).where(is_lagging()).order_by(placements.c.id)
        return list(session.connection.scalars(asked))


def rows_of(database: SqlDatabase) -> dict[str, int]:
    """Return how many intents there are."""
    with database.reading() as session:
        count = sa.select(sa.func.count()).select_from(intents)
        return {"intents": session.connection.execute(count).scalar_one()}


def kill_at(database: SqlDatabase, at: int | None, error: type[BaseException]) -> Callable[[], bool]:
    """Have *database* raise *error* at that statement and each later one; return what ends that and tells."""
    count = 0

    def statement(*_: object) -> None:
        nonlocal count
        count += 1
        if at is not None and count >= at:
            raise error

    events = ("before_cursor_execute", "commit")
    for event in events:
        sa.event.listen(database.engine, event, statement)

    def end() -> bool:
        for event in events:
            sa.event.remove(database.engine, event, statement)
        return at is not None and count >= at

    return end

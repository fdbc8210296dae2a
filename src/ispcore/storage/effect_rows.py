"""Placements, as the workers read them."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import Key, PlacementId, Spec, claim_of
from ispcore.effects import Work
from ispcore.errors import StorageError
from ispcore.storage.converters import from_plain
from ispcore.storage.due_work import lagging
from ispcore.storage.instants import among_texts
from ispcore.storage.network_tables import claims, placements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ispcore.storage.database import SqlDatabase

_LOG = logging.getLogger(__name__)

Claims = dict[str, dict[str, bool]]


def claims_of(
    connection: sa.Connection, device: str, rows: Sequence[sa.Row[Any]]
) -> Mapping[str, dict[str, bool]]:
    """Return the names of these placements, and whether we may have written there."""
    found: Claims = defaultdict(dict)
    if rows:
        these = among_texts(connection, claims.c.placement, [row.id for row in rows])
        asked = sa.select(claims.c.placement, claims.c.claim, claims.c.written)
        named = connection.execute(asked.where(these, claims.c.device == device)).all()
        for placement, claim, written in named:
            found[placement][claim] = written
    return found


def works_of(rows: Sequence[sa.Row[Any]], known: Mapping[str, dict[str, bool]]) -> tuple[Work, ...]:
    """Return what is to be done, of rows that were selected as takeable."""
    works = []
    for row in rows:
        try:
            works.append(_work(row, known.get(row.id, {})))
        except StorageError as error:
            # Somebody of a later version has written it, and works on it too.
            _LOG.warning("%s is left to others: %s", row.id, error)
    return tuple(works)


def _work(row: Sequence[Any], known: dict[str, bool]) -> Work:
    (name, resource, generation, wants, stands, key, layer, attempts, writing, tries) = row
    wanted, applied = _spec(wants), _spec(stands)
    if applied is not None:
        known.setdefault(claim_of(applied), True)
    if wanted is not None:
        known.setdefault(claim_of(wanted), False)
    return Work(
        id=PlacementId(name),
        resource=resource,
        generation=generation,
        wanted=wanted,
        applied=applied,
        key=None if key is None else Key(key),
        layer=layer,
        attempts=attempts,
        claims=known,
        in_doubt=bool(writing),
        tries=tries,
    )


def _spec(text: str | None) -> Spec | None:
    return None if text is None else from_plain(json.loads(text), Spec)


_STANDING = sa.select(
    placements.c.id,
    placements.c.resource,
    placements.c.generation,
    sa.cast(placements.c.applied, sa.Text).label("wanted"),
    sa.cast(placements.c.applied, sa.Text).label("applied"),
    placements.c.key,
    placements.c.layer,
    placements.c.attempts,
    sa.literal(value=False).label("writing"),
    sa.literal(0).label("tries"),
).where(placements.c.applied.is_not(None), sa.not_(lagging()))


def standing(
    connection: sa.Connection, device: str, leave_out: set[PlacementId], count: int
) -> tuple[Work, ...]:
    """Return up to *count* placements that stand on *device* and are current."""
    asked = (
        _STANDING.where(placements.c.device == device).order_by(placements.c.id).limit(count + len(leave_out))
    )
    rows = [row for row in connection.execute(asked) if row.id not in leave_out]
    return works_of(rows[:count], {})


class Rows:
    """Everything that stands on a device, a page at a time: memory stays flat."""

    def __init__(self, database: SqlDatabase, device: str, page: int) -> None:
        """Read pages of *page* rows, each in a transaction of its own."""
        self._database = database
        self._device = device
        self._page = page

    def __iter__(self) -> Iterator[Work]:
        """Yield the placements by their ids."""
        after = ""
        while True:
            with self._database.reading() as session:
                here = placements.c.device == self._device
                asked = _STANDING.where(here, placements.c.id > after).order_by(placements.c.id)
                rows = session.connection.execute(asked.limit(self._page)).all()
            if not rows:
                return
            yield from works_of(rows, {})
            after = rows[-1].id

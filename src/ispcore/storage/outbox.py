"""What is still to be done on the network: looked at, retried, adopted and held by people."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import PlacementId, Spec
from ispcore.effects import Lagging, Trouble
from ispcore.errors import NotFoundError, StorageError
from ispcore.storage.converters import from_plain
from ispcore.storage.due_work import NOW, lagging, unmet_needs
from ispcore.storage.instants import among_texts, database_time
from ispcore.storage.network_tables import claims, devices, intents, placements

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ispcore.storage.instants import Instants


Waker = Callable[[sa.Connection, Sequence[str]], None]


class OutboxStore:
    """The placements that lag, in the transaction of a connection."""

    def __init__(
        self,
        connection: sa.Connection,
        *,
        waker: Waker | None = None,
        instants: Instants = database_time,
    ) -> None:
        """Work in the transaction of *connection*; *waker* tells workers of devices, where that is set up."""
        self._connection = connection
        self._waker = waker
        self._instants = instants

    def lagging(
        self, *, device: str | None = None, trouble: str | None = None, limit: int | None = None
    ) -> tuple[Lagging, ...]:
        """Return what lags, what has waited longest first."""
        wanted = [lagging()]
        if device is not None:
            wanted.append(placements.c.device == device)
        if trouble is not None:
            wanted.append(placements.c.trouble == trouble)
        return self._told(_ASKED.where(*wanted).order_by(placements.c.moved_at, placements.c.id).limit(limit))

    def count(self) -> int:
        """Return how many placements lag."""
        asked = sa.select(sa.func.count()).select_from(placements).where(lagging())
        return self._connection.execute(asked).scalar_one()

    def get(self, placement: PlacementId) -> Lagging:
        """Return how it stands with one placement, lagging or not, or raise NotFoundError."""
        for one in self._told(_ASKED.where(placements.c.id == placement)):
            return one
        raise NotFoundError("placement", placement)

    def _told(self, asked: sa.Select[Any]) -> tuple[Lagging, ...]:
        rows = self._connection.execute(asked, {"now": self._instants(self._connection)}).all()
        unmet = self._unmet([row.id for row in rows if row.needs])
        return tuple(_lagging(row, unmet.get(row.id, ())) for row in rows)

    def _unmet(self, ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
        if not ids:
            return {}
        these = among_texts(self._connection, placements.c.id, ids)
        found: dict[str, list[str]] = defaultdict(list)
        asked: sa.Select[Any] = unmet_needs(self._connection.dialect.name, these)
        for name, need in self._connection.execute(asked).all():
            found[name].append(need)
        return {name: tuple(sorted(needs)) for name, needs in found.items()}

    def retry(self, *, placement: PlacementId | None = None, device: str | None = None) -> int:
        """Let what waits for a person or a time be tried at once; return how many those are."""
        waits = sa.or_(placements.c.trouble.is_not(None), placements.c.try_at.is_not(None))
        these = [lagging(), waits]
        if placement is not None:
            these.append(placements.c.id == placement)
        if device is not None:
            these.append(placements.c.device == device)
        values = {"trouble": None, "try_at": None, "attempts": 0}
        count = self._connection.execute(sa.update(placements).where(*these).values(values)).rowcount
        self._connection.execute(
            sa.update(intents)
            .where(intents.c.placement.in_(sa.select(placements.c.id).where(*these[:1], *these[2:])))
            .values(tries=0)
        )
        return count

    def adopt(self, placement: PlacementId) -> None:
        """Make what stands under the names of a placement ours, and have it written as wanted.

        Raises:
            NotFoundError: there is no such placement.
        """
        self.get(placement)
        self._connection.execute(
            sa.update(claims).where(claims.c.placement == placement).values(written=True)
        )
        this = sa.and_(placements.c.id == placement, placements.c.trouble == Trouble.CONFLICT.value)
        self._connection.execute(sa.update(placements).where(this).values(trouble=None, error=None))

    def adopt_all(self, device: str) -> int:
        """Make what stands on a device under the names of its placements ours; return how many they are."""
        here = sa.and_(placements.c.device == device, lagging())
        unwritten = sa.and_(claims.c.device == device, claims.c.written.is_(False))
        of_them = sa.and_(unwritten, claims.c.placement.in_(sa.select(placements.c.id).where(here)))
        adopted = sa.select(sa.func.count(claims.c.placement.distinct())).where(of_them)
        count: int = self._connection.execute(adopted).scalar_one()
        self._connection.execute(sa.update(claims).where(of_them).values(written=True))
        stuck = sa.and_(here, placements.c.trouble == Trouble.CONFLICT.value)
        self._connection.execute(sa.update(placements).where(stuck).values(trouble=None, error=None))
        return count

    def hold(self, placement: PlacementId, until: datetime | None) -> None:
        """Leave a placement alone until then; None ends it."""
        self.get(placement)
        this = placements.c.id == placement
        self._connection.execute(sa.update(placements).where(this).values(held_until=until))

    def wake(self, devices: Iterable[str]) -> None:
        """Wake workers for these devices once this transaction is saved."""
        if self._waker is not None:
            self._waker(self._connection, sorted(set(devices)))


_ASKED = sa.select(
    *(column for column in placements.c if column.name not in ("wanted", "applied")),
    sa.cast(placements.c.wanted, sa.Text).label("wanted"),
    intents.c.writing,
    sa.case((intents.c.deadline > NOW, intents.c.deadline)).label("writing_until"),
    devices.c.name.label("device_name"),
    devices.c.stopped,
    sa.case((devices.c.held_until > NOW, devices.c.held_until)).label("device_held_until"),
    sa.case((devices.c.paused_until > NOW, devices.c.paused_until)).label("device_paused_until"),
    sa.case((devices.c.paused_until.is_not(None), devices.c.error)).label("device_error"),
).select_from(
    placements.outerjoin(intents, intents.c.placement == placements.c.id).outerjoin(
        devices, devices.c.name == placements.c.device
    )
)


def _lagging(row: sa.Row[Any], unmet: tuple[str, ...]) -> Lagging:
    wanted, unreadable = _wanted(row.wanted)
    return Lagging(
        id=PlacementId(row.id),
        device=row.device,
        kind=row.kind,
        layer=row.layer,
        generation=row.generation,
        applied_generation=row.applied_generation,
        wanted=wanted,
        attempts=row.attempts,
        moved_at=row.moved_at,
        try_at=row.try_at,
        held_until=row.held_until,
        trouble=row.trouble,
        error=row.error,
        in_doubt=bool(row.writing),
        writing_until=row.writing_until,
        waits_for=unmet,
        device_waits=_device_waits(row),
        unreadable=unreadable,
    )


def _wanted(text: str | None) -> tuple[Spec | None, str | None]:
    """Return what is wanted, or why that cannot be read: one that is damaged hides no others."""
    if text is None:
        return None, None
    try:
        return from_plain(json.loads(text), Spec), None
    except (StorageError, ValueError) as error:
        return None, str(error)


def _device_waits(row: sa.Row[Any]) -> str | None:
    if row.device_name is None:
        return f"There is no device {row.device!r}. Add it, or bind what hangs there to another."
    if row.stopped is not None:
        return str(row.stopped["text"])
    if row.device_held_until is not None:
        return f"It is held until {row.device_held_until:%Y-%m-%d %H:%M} UTC."
    if row.device_paused_until is not None:
        told = (row.device_error or {}).get("text", "It failed.")
        return f"It rests until {row.device_paused_until:%Y-%m-%d %H:%M:%S} UTC. {told}"
    if row.device_error is not None:
        return f"It failed, and the next worker tries again. {row.device_error.get('text', '')}"
    return None

"""What charge providers know of slips, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.storage.bulk import among
from ispcore.storage.slip_tables import slip_registrations as table
from ispcore.storage.slip_tables import slips
from ispcore.storage.upsert import insert_or
from ispcore.usecases.registering import Registration, RegistrationState
from ispcore.values import SlipId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

_BACK = 100_000
"""How many numbers before the last one told it is looked for slips that came late."""
_KNOWN = [RegistrationState.PENDING.value, RegistrationState.REGISTERED.value]


class SlipRegistrationStore:
    """The registrations, in the transaction of a connection."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def untold(self, methods: Mapping[str, str], after: SlipId, limit: int) -> list[tuple[SlipId, str]]:
        """Return slips that stand, by these charge methods, and of which their provider was not told."""
        last = self._connection.scalar(sa.select(sa.func.max(table.c.slip_id))) or 0
        after = max(after, SlipId(last - _BACK))
        wanted = (
            sa.select(slips.c.id, slips.c.charge_method)
            .outerjoin(table, table.c.slip_id == slips.c.id)
            .where(slips.c.ended.is_(None), table.c.slip_id.is_(None), slips.c.id > after)
            .where(slips.c.charge_method.in_(sorted(methods)))
            .order_by(slips.c.id)
            .limit(limit)
        )
        return [(SlipId(row.id), methods[row.charge_method]) for row in self._connection.execute(wanted)]

    def ask(self, slips: Sequence[tuple[SlipId, str]], at: datetime) -> None:
        """Have providers told of slips; those that are asked for already stay as they are."""
        if not slips:
            return
        fresh = {"state": RegistrationState.PENDING.value, "details": {}, "try_at": at}
        rows = [{"slip_id": slip, "provider": provider, **fresh} for slip, provider in slips]
        self._connection.execute(insert_or(self._connection, table).on_conflict_do_nothing(), rows)

    def recall(self, at: datetime) -> int:
        """Have slips taken back that stand no more, and return how many they were."""
        ended = sa.select(slips.c.id).where(slips.c.ended.is_not(None))
        these = table.c.slip_id.in_(ended) & table.c.state.in_(_KNOWN)
        found = self._connection.scalars(sa.select(table.c.slip_id).where(these)).all()
        values = {"state": RegistrationState.CANCELLING.value, "attempts": 0, "try_at": at}
        chosen = among(self._connection, table.c.slip_id, found)
        if found:
            self._connection.execute(sa.update(table).where(chosen).values(values))
        return len(found)

    def take(
        self, providers: Collection[str], *, now: datetime, until: datetime
    ) -> tuple[Registration, int] | None:
        """Return the next slip to ask a provider about, and which attempt it is; kept *until* then."""
        due = table.c.try_at <= now, table.c.provider.in_(sorted(providers))
        wanted = sa.select(table).where(*due).order_by(table.c.try_at, table.c.slip_id).limit(1)
        row = self._connection.execute(wanted.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        self._update(row.slip_id, try_at=until, attempts=row.attempts + 1)
        return _registration(row), row.attempts + 1

    def settle(self, registration: Registration) -> None:
        """Keep what a provider knows of a slip now; one that was recalled meanwhile is asked about again."""
        same = sa.select(table.c.state).where(table.c.slip_id == registration.slip)
        known = RegistrationState(self._connection.execute(same).scalar_one())
        values: dict[str, Any] = {
            "reference": registration.reference,
            "details": dict(registration.details),
            "message": registration.message,
        }
        recalled = known is RegistrationState.CANCELLING
        if not recalled or registration.state is RegistrationState.CANCELLED:
            values |= {"state": registration.state.value, "try_at": None, "attempts": 0}
        self._update(registration.slip, **values)

    def put_off(self, slip: SlipId, try_at: datetime | None, message: str) -> None:
        """Keep that a provider gave no answer, why, and when it is asked again; None: a person must look."""
        self._update(slip, try_at=try_at, message=message)

    def of(self, slips: Sequence[SlipId]) -> Mapping[SlipId, Registration]:
        """Return what providers know of slips."""
        these = among(self._connection, table.c.slip_id, slips)
        rows = self._connection.execute(sa.select(table).where(these))
        return {SlipId(row.slip_id): _registration(row) for row in rows}

    def _update(self, slip: SlipId, **values: Any) -> None:  # noqa: ANN401 - columns of the table
        self._connection.execute(sa.update(table).where(table.c.slip_id == slip).values(values))


def _registration(row: sa.Row[Any]) -> Registration:
    return Registration(
        SlipId(row.slip_id),
        row.provider,
        RegistrationState(row.state),
        row.reference,
        row.details,
        row.message,
    )

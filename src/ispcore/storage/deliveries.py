"""What observers are still to be told: written with the facts, taken by whoever delivers.

To take a delivery puts off its next try, in a transaction that is committed before the observer is called. So
one that a killed process leaves behind comes again by itself. Of one subject an observer is told in order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.effects import Delivery, Lag
from ispcore.storage.plugin_tables import deliveries
from ispcore.storage.tables import facts
from ispcore.timeline import Subject, SubjectKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ispcore.timeline import Fact

_EARLIER = deliveries.alias("earlier")
_HAS_EARLIER = (
    sa.exists()
    .where(
        _EARLIER.c.observer == deliveries.c.observer,
        _EARLIER.c.subject_kind == deliveries.c.subject_kind,
        _EARLIER.c.subject_id == deliveries.c.subject_id,
        _EARLIER.c.sequence < deliveries.c.sequence,
        _EARLIER.c.try_at.is_not(None),
    )
    .correlate(deliveries)
)
_NEXT = (
    sa.select(deliveries)
    .where(
        deliveries.c.observer == sa.bindparam("observer"),
        deliveries.c.try_at <= sa.bindparam("now"),
        ~_HAS_EARLIER,
    )
    .order_by(deliveries.c.try_at, deliveries.c.subject_kind, deliveries.c.subject_id, deliveries.c.sequence)
    .limit(1)
    .with_for_update(skip_locked=True, of=deliveries)
)

_WITH_FACTS = deliveries.join(
    facts,
    sa.and_(
        facts.c.subject_kind == deliveries.c.subject_kind,
        facts.c.subject_id == deliveries.c.subject_id,
        facts.c.sequence == deliveries.c.sequence,
    ),
)


class DeliveryStore:
    """The deliveries in the database."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def promised_to(self, observers: Sequence[str]) -> Callable[[Sequence[Fact[Any]]], object] | None:
        """Return what writes a delivery of each fact to each of the *observers*; None when there are none."""
        if not observers:
            return None

        def promise(facts: Sequence[Fact[Any]]) -> None:
            rows = [_row(observer, fact) for fact in facts for observer in observers]
            if rows:
                self._connection.execute(sa.insert(deliveries), rows)

        return promise

    def take(self, observers: Sequence[str], *, now: datetime, until: datetime) -> Delivery | None:
        """Return the next delivery due to the first of *observers* who has one, and keep it *until* then."""
        rows = (self._connection.execute(_NEXT, {"now": now, "observer": one}).first() for one in observers)
        row = next(filter(None, rows), None)
        if row is None:
            return None
        subject = Subject(SubjectKind(row.subject_kind), row.subject_id)
        taken = Delivery(row.observer, subject, row.sequence, row.attempts + 1)
        self._change(taken, try_at=until, attempts=taken.attempt)
        return taken

    def done(self, delivery: Delivery) -> None:
        """Forget a delivery that arrived."""
        self._connection.execute(sa.delete(deliveries).where(_is(delivery)))

    def failed(self, delivery: Delivery, error: Mapping[str, str], try_at: datetime | None) -> None:
        """Keep why a delivery failed, and when it is tried again; without that it is a dead letter.

        What waits behind it is put off with it, so that nobody looks at it in vain.
        """
        self._change(delivery, try_at=try_at, error=dict(error))
        if try_at is not None:
            behind = sa.and_(
                deliveries.c.observer == delivery.observer,
                deliveries.c.subject_kind == delivery.subject.kind.value,
                deliveries.c.subject_id == delivery.subject.id,
                deliveries.c.sequence > delivery.sequence,
                deliveries.c.try_at < try_at,
            )
            self._connection.execute(sa.update(deliveries).where(behind).values(try_at=try_at))

    def _change(self, delivery: Delivery, **values: Any) -> None:  # noqa: ANN401 - values of columns
        self._connection.execute(sa.update(deliveries).where(_is(delivery)).values(**values))

    def lags(self) -> tuple[Lag, ...]:
        """Return how far behind each observer is, by name."""
        is_dead = deliveries.c.try_at.is_(None)
        wanted = sa.select(
            deliveries.c.observer,
            sa.func.count().filter(~is_dead).label("waiting"),
            sa.func.count().filter(is_dead).label("dead"),
            sa.func.min(facts.c.recorded_at).filter(~is_dead).label("since"),
        ).select_from(_WITH_FACTS)
        rows = self._connection.execute(wanted.group_by(deliveries.c.observer))
        return tuple(sorted(Lag(*row) for row in rows))

    def retry(self, observer: str, *, now: datetime) -> int:
        """Have everything that waits for *observer* tried anew, dead letters too; return how much it is."""
        mine = deliveries.c.observer == observer
        return self._connection.execute(
            sa.update(deliveries).where(mine).values(try_at=now, attempts=0)
        ).rowcount

    def drop(self, observer: str) -> int:
        """Forget everything that waits for *observer*; return how much that was."""
        return self._connection.execute(
            sa.delete(deliveries).where(deliveries.c.observer == observer)
        ).rowcount


def _row(observer: str, fact: Fact[Any]) -> dict[str, Any]:
    return {
        "observer": observer,
        "subject_kind": fact.subject.kind.value,
        "subject_id": fact.subject.id,
        "sequence": fact.sequence,
        "try_at": fact.recorded.at,
    }


def _is(delivery: Delivery) -> sa.ColumnElement[bool]:
    return sa.and_(
        deliveries.c.observer == delivery.observer,
        deliveries.c.subject_kind == delivery.subject.kind.value,
        deliveries.c.subject_id == delivery.subject.id,
        deliveries.c.sequence == delivery.sequence,
    )

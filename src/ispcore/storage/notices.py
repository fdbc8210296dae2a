"""Notices: asked for once, taken by whoever hands them over, and what became of them.

To take one puts off its next try, in a transaction that is committed before the notifier is called. So one
that a killed process leaves behind comes again by itself. Whoever took it settles it only as long as nobody
else has taken it since.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.catalog import Topic
from ispcore.errors import NotFoundError
from ispcore.notices import (
    About,
    KeptNotice,
    Notice,
    NoticeId,
    NoticeKind,
    NoticeState,
    Opening,
    SubjectOfNotice,
    Trouble,
)
from ispcore.plans import ChannelTerms
from ispcore.storage.bulk import among
from ispcore.storage.converters import from_plain
from ispcore.storage.failures import told_as_damage
from ispcore.storage.notice_tables import notices as table
from ispcore.storage.slip_tables import slip_lines, slips
from ispcore.storage.tables import receivables, subscriptions
from ispcore.storage.upsert import insert_or
from ispcore.usecases.notice_stores import OwnTerms
from ispcore.values import CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime

# Written out, for an index is of those that wait, and planners must see that it serves.
_WAITING = table.c.state == sa.literal_column(f"'{NoticeState.WAITING.value}'")
_NEXT = (
    sa.select(table)
    .where(table.c.channel == sa.bindparam("channel_"), _WAITING, table.c.try_at <= sa.bindparam("now_"))
    .order_by(table.c.try_at, table.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_EARLIEST = sa.func.min(table.c.handed_over_on)


class NoticeStore:
    """The notices in the database."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    # Asking

    def ask(self, asked: Sequence[Notice]) -> tuple[Notice, ...]:
        """Keep what is *asked* for and was not asked for before, and return that.

        What was withdrawn is asked for anew; whatever else became of one, it stays so.
        """
        new, again = self._unasked(asked)
        if new:
            insert = insert_or(self._connection, table).on_conflict_do_nothing()
            self._connection.execute(insert, [_row(notice) for notice in new])
        if again:
            moved = sa.update(table).where(table.c.id == sa.bindparam("id_"))
            values = [{"id_": notice.id, **_row(notice)} for notice in again]
            self._connection.execute(
                moved.values({name: sa.bindparam(name) for name in _row(again[0])}), values
            )
        return (*new, *again)

    def unasked(self, asked: Sequence[Notice]) -> tuple[Notice, ...]:
        """Return what :meth:`ask` would keep."""
        new, again = self._unasked(asked)
        return (*new, *again)

    def _unasked(self, asked: Sequence[Notice]) -> tuple[list[Notice], list[Notice]]:
        """Return what nobody has asked for yet, and what was withdrawn."""
        wanted = {notice.id: notice for notice in asked}
        if not wanted:
            return [], []
        rows = sa.select(table.c.id, table.c.state).where(among(self._connection, table.c.id, sorted(wanted)))
        known = {NoticeId(row.id): NoticeState(row.state) for row in self._connection.execute(rows)}
        new = [notice for name, notice in wanted.items() if name not in known]
        return new, [one for name, one in wanted.items() if known.get(name) is NoticeState.WITHDRAWN]

    def withdraw(self, names: Collection[NoticeId], trouble: Trouble) -> None:
        """Withdraw those of the notices that still wait."""
        if names:
            these = among(self._connection, table.c.id, sorted(names))
            gone = {"state": NoticeState.WITHDRAWN.value, "try_at": None, "trouble": _plain(trouble)}
            self._connection.execute(sa.update(table).where(these, _WAITING).values(**gone))

    def waiting(self, customers: Sequence[CustomerId], kinds: Collection[NoticeKind]) -> tuple[Notice, ...]:
        """Return what waits for these *customers*, of some *kinds*, read in bulk."""
        theirs = among(self._connection, table.c.customer_id, customers)
        # Kinds are told apart here: to look for them would lead through all that customers were ever told.
        found = self._connection.execute(sa.select(table).where(theirs, _WAITING).order_by(table.c.id))
        return tuple(notice for notice in map(_notice, found) if notice.kind in kinds)

    def to_tell(
        self, days: Collection[date] | None, due_by: date, after: CustomerId, limit: int
    ) -> tuple[CustomerId, ...]:
        """Return customers by number, beginning *after* one, who may have to be told of what they owe.

        They owe something that is due on one of *days*, alone or by its slip; or by *due_by* where these are
        None or a subscription has days of its own; or something waits for them.
        """
        owes, due_on = receivables.c.customer_id, receivables.c.due_on
        own = sa.select(subscriptions.c.customer_id).where(subscriptions.c.notices.is_not(None))
        soon = due_on <= due_by if days is None else sa.and_(due_on <= due_by, owes.in_(own))
        on_slip = slips.join(slip_lines, slip_lines.c.slip_id == slips.c.id).join(
            receivables, receivables.c.id == slip_lines.c.receivable_id
        )
        by_slip = sa.and_(slip_lines.c.stands, ~receivables.c.settled, slips.c.due_on.in_(sorted(days or ())))
        each = sa.union(
            sa.select(owes).select_from(on_slip).where(by_slip, owes > after),
            sa.select(owes).where(~receivables.c.settled, due_on.in_(sorted(days or ())), owes > after),
            sa.select(owes).where(~receivables.c.settled, soon, owes > after),
            sa.select(table.c.customer_id).where(_WAITING, table.c.customer_id > after),
        ).subquery()
        wanted = sa.select(each.c.customer_id).order_by(each.c.customer_id).limit(limit)
        return tuple(CustomerId(number) for number in self._connection.scalars(wanted))

    def handed_over(self, customers: Sequence[CustomerId]) -> dict[tuple[str, str], date]:
        """Return the day on which these *customers* were told of a stage, by slip or receivable and stage."""
        stages = sa.and_(table.c.kind == NoticeKind.STAGE.value, table.c.handed_over_on.is_not(None))
        rows = self._connection.execute(
            sa.select(table.c.about_id, table.c.step, _EARLIEST.label("day"))
            .where(among(self._connection, table.c.customer_id, customers), stages)
            .group_by(table.c.about_id, table.c.step)
        )
        return {(row.about_id, row.step): row.day for row in rows}

    def terms(self, wanted: Collection[SubscriptionId]) -> dict[SubscriptionId, OwnTerms]:
        """Return what *wanted* subscriptions say of their own about notices, and their units."""
        columns = sa.select(subscriptions.c.id, subscriptions.c.unit, subscriptions.c.notices)
        rows = columns.where(among(self._connection, subscriptions.c.id, sorted(wanted)))
        return {
            SubscriptionId(row.id): OwnTerms(row.unit, from_plain(row.notices or {}, dict[str, ChannelTerms]))
            for row in self._connection.execute(rows)
        }

    # Handing over

    def take(self, channel: str, *, now: datetime, until: datetime) -> KeptNotice | None:
        """Return the next notice that is due by *channel*, and keep it *until* then."""
        row = self._connection.execute(_NEXT, {"channel_": channel, "now_": now}).first()
        if row is None:
            return None
        taken = {"try_at": until, "attempts": row.attempts + 1}
        this = table.c.id == row.id
        self._connection.execute(sa.update(table).where(this).values(**taken, trouble=None))
        return KeptNotice(notice=_notice(row), attempts=row.attempts + 1, try_at=until)

    def settle(self, settled: KeptNotice) -> None:
        """Keep what became of a notice that was taken, unless somebody else has taken it since."""
        same = sa.and_(
            table.c.id == settled.notice.id,
            table.c.attempts == settled.attempts,
            # One that was withdrawn while somebody was handing it over was handed over all the same.
            table.c.state.in_([NoticeState.WAITING.value, NoticeState.WITHDRAWN.value])
            if settled.state is NoticeState.HANDED_OVER
            else _WAITING,
        )
        values = {
            "state": settled.state.value,
            "try_at": settled.try_at,
            "handed_over_at": settled.handed_over_at,
            "handed_over_on": settled.handed_over_on,
            "trouble": None if settled.trouble is None else _plain(settled.trouble),
        }
        self._connection.execute(sa.update(table).where(same).values(**values))

    # Looking

    def get(self, name: NoticeId) -> KeptNotice:
        """Return a notice, or raise NotFoundError."""
        row = self._connection.execute(sa.select(table).where(table.c.id == name)).first()
        if row is None:
            raise NotFoundError("notice", name, hint="See 'ispcore notices list'.")
        return _kept(row)

    def list(
        self,
        *,
        state: NoticeState | None = None,
        channel: str | None = None,
        customer: CustomerId | None = None,
        limit: int | None = None,
    ) -> tuple[KeptNotice, ...]:
        """Return notices, the latest first."""
        wanted = sa.select(table).order_by(table.c.asked_on.desc(), table.c.id).limit(limit)
        if state is not None:
            wanted = wanted.where(table.c.state == state.value)
        if channel is not None:
            wanted = wanted.where(table.c.channel == channel)
        if customer is not None:
            wanted = wanted.where(table.c.customer_id == customer)
        with told_as_damage():
            return tuple(_kept(row) for row in self._connection.execute(wanted).all())

    def retry(self, *, now: datetime, name: NoticeId | None = None, channel: str | None = None) -> int:
        """Have what failed, or waits after a failure, tried at once; return how much that is."""
        failed = table.c.state == NoticeState.FAILED.value
        # Without a trouble somebody has it at this moment.
        resting = sa.and_(_WAITING, table.c.trouble.is_not(None))
        these = sa.or_(failed, resting)
        if name is not None:
            these = sa.and_(these, table.c.id == name)
        if channel is not None:
            these = sa.and_(these, table.c.channel == channel)
        at = sa.case(
            (table.c.not_before > now, table.c.not_before), else_=sa.literal(now, table.c.try_at.type)
        )
        attempts = sa.case((failed, 0), else_=table.c.attempts)
        again = {"state": NoticeState.WAITING.value, "try_at": at, "attempts": attempts}
        return self._connection.execute(sa.update(table).where(these).values(**again)).rowcount


def _row(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "kind": notice.kind.value,
        "customer_id": notice.customer,
        "subscription_id": notice.subscription,
        "about_kind": notice.about.kind.value,
        "about_id": notice.about.id,
        "step": notice.step,
        "channel": notice.channel,
        "template": notice.template,
        "sender": notice.sender,
        "reason": notice.reason,
        "topic": notice.topic.value,
        "fields": dict(notice.fields),
        "asked_on": notice.asked_on,
        "not_before": notice.opening.at,
        "zone": notice.opening.zone,
        "state": NoticeState.WAITING.value,
        "try_at": notice.opening.at,
        "trouble": None,
    }


def _notice(row: sa.Row[Any]) -> Notice:
    return Notice(
        id=NoticeId(row.id),
        kind=NoticeKind(row.kind),
        customer=CustomerId(row.customer_id),
        subscription=None if row.subscription_id is None else SubscriptionId(row.subscription_id),
        about=About(SubjectOfNotice(row.about_kind), row.about_id),
        step=row.step,
        channel=row.channel,
        template=row.template,
        sender=row.sender,
        reason=row.reason,
        topic=Topic(row.topic),
        fields=row.fields,
        asked_on=row.asked_on,
        opening=Opening(row.not_before, row.zone),
    )


def _kept(row: sa.Row[Any]) -> KeptNotice:
    return KeptNotice(
        notice=_notice(row),
        state=NoticeState(row.state),
        attempts=row.attempts,
        try_at=row.try_at,
        handed_over_at=row.handed_over_at,
        handed_over_on=row.handed_over_on,
        trouble=_trouble(row.trouble),
    )


def _trouble(plain: Mapping[str, str] | None) -> Trouble | None:
    return None if plain is None else Trouble(plain["rule"], plain["text"])


def _plain(trouble: Trouble) -> dict[str, str]:
    return {"rule": trouble.rule, "text": trouble.text}

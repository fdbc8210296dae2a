"""Asking for notices: what should be told against what was asked for, slice by slice, each a transaction.

Nothing is handed over here. Days around due dates and statuses are told by this module; stages of late
payment are asked for with :func:`ask_for`, by whoever decides about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeAlias
from zoneinfo import ZoneInfo

from attrs import frozen

from ispcore.catalog import Catalogue
from ispcore.errors import InvalidValueError
from ispcore.notices import (
    About,
    Bill,
    Entered,
    Merged,
    Notice,
    NoticeId,
    NoticeKind,
    Opening,
    StatusEntry,
    SubjectOfNotice,
    Trouble,
    desired_notices,
    due_days,
    entered_by,
    entered_by_itself,
    merge,
    status_notices,
)
from ispcore.usecases.notice_stores import OwnTerms
from ispcore.usecases.ports import UnitOfWork
from ispcore.values import CustomerId, SubscriptionId, total

if TYPE_CHECKING:
    from ispcore.billing import ReceivableBalance
    from ispcore.catalog import Status
    from ispcore.plans import State, Timeline
    from ispcore.timeline import Actor, Fact
    from ispcore.usecases.desk import Desk

PERMISSION = "notice.ask"
_FARTHEST = timedelta(days=60)
_SLICE, _AT_ONCE = 500, 20_000
NOT_WANTED = Trouble("not-wanted", "What it is about is settled, or another notice has taken its place.")
"""Why a notice that nobody needs any more was withdrawn."""
_VOIDED = Trouble("voided", "The fact that it is about counts no longer.")

Bills: TypeAlias = Callable[[UnitOfWork, Sequence[CustomerId], date], Iterable[Bill]]
"""Finds what some customers owe on a day, as they are told of it."""


@frozen
class Asked:
    """What asking came to: what was asked for now, and how much was withdrawn."""

    notices: tuple[Notice, ...] = ()
    withdrawn: int = 0

    def __add__(self, other: Asked) -> Asked:
        """Return both together."""
        return Asked((*self.notices, *other.notices), self.withdrawn + other.withdrawn)


def ask_due(
    desk: Desk,
    on: date | None = None,
    *,
    actor: Actor,
    preview: bool = False,
    bills: Bills | None = None,
) -> Asked:
    """Ask for what is to be told on a day around due dates, and withdraw what is not wanted any more.

    After a silence call it once, for the last day: of several days that have come, only the last is told.

    Raises:
        InvalidValueError: the day is still to come, and this is no *preview*, which saves nothing.
    """
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        today = desk.today_of(work.catalogue.current())
    day = on or today
    if day > today and not preview:
        raise InvalidValueError(f"{day} is still to come.", hint="Ask for a preview of it.")
    return sum(
        (
            _ask_slice(desk, part, day, bills or desk.notices.bills, preview=preview)
            for part in _to_tell(desk, day, everybody=bills is not None)
        ),
        Asked(),
    )


def _ask_slice(desk: Desk, part: Sequence[CustomerId], day: date, bills: Bills, *, preview: bool) -> Asked:
    """Look at a slice without making anybody wait, and write only where there is something to write."""
    with desk.database.reading() as work:
        found = _asked(work, part, day, bills, preview=True)
    if preview or found == Asked():
        return found
    with desk.database.writing() as work:
        work.accounts.turns(part)
        return _asked(work, part, day, bills, preview=False)


def _asked(work: UnitOfWork, part: Sequence[CustomerId], day: date, bills: Bills, *, preview: bool) -> Asked:
    policy = work.catalogue.current().notices
    desired = desired_notices(bills(work, part, day), (), policy, day)
    return ask_for(work, part, desired, {NoticeKind.DUE}, preview=preview)


def _to_tell(desk: Desk, day: date, *, everybody: bool) -> Iterator[Sequence[CustomerId]]:
    """Yield those who may have to be told something, or *everybody* who owes something, in slices."""
    after = CustomerId(0)
    while True:
        with desk.database.reading() as work:
            days = None if everybody else due_days(work.catalogue.current().notices, day)
            found = work.notices.to_tell(days, day + _FARTHEST, after, _AT_ONCE)
        yield from (found[at : at + _SLICE] for at in range(0, len(found), _SLICE))
        if len(found) < _AT_ONCE:
            return
        after = found[-1]


def ask_for(
    work: UnitOfWork,
    customers: Sequence[CustomerId],
    desired: Sequence[Notice],
    kinds: set[NoticeKind],
    *,
    preview: bool = False,
) -> Asked:
    """Ask for what is *desired* for *customers*, and withdraw what waits of these *kinds* beside it.

    The customers' turns must have been taken.
    """
    merged: Merged = merge(desired, work.notices.waiting(customers, kinds))
    if preview:
        return Asked(work.notices.unasked(merged.ask), len(merged.withdraw))
    asked = work.notices.ask(merged.ask)
    work.notices.withdraw(merged.withdraw, NOT_WANTED)
    return Asked(asked, len(merged.withdraw))


@frozen
class Telling:
    """How customers are told on a day of what they owe: by subscriptions' terms, in their units' zones."""

    catalogue: Catalogue
    own: Mapping[SubscriptionId, OwnTerms]
    on: date

    @staticmethod
    def of(work: UnitOfWork, owed: Iterable[ReceivableBalance], on: date) -> Telling:
        """Read what is needed to tell of what is *owed*."""
        own = work.notices.terms({one.receivable.key.subscription for one in owed})
        return Telling(work.catalogue.current(), own, on)

    def bill(self, about: About, number: str, due_on: date, owed: Sequence[ReceivableBalance]) -> Bill:
        """Return what is *owed* together as its customer is told of it."""
        subscriptions = sorted({one.receivable.key.subscription for one in owed})
        return Bill(
            customer=owed[0].receivable.customer,
            subscription=subscriptions[0] if len(subscriptions) == 1 else None,
            about=about,
            number=number,
            due_on=due_on,
            amount=total([one.open for one in owed], self.catalogue.currency),
            opening=opening(self.catalogue, self.own[subscriptions[0]].unit, self.on),
            terms=[self.own[one].terms for one in subscriptions],
        )


def bills_without_slip(telling: Telling, owed: Iterable[ReceivableBalance]) -> Iterator[Bill]:
    """Yield what is *owed* on no slip: what has customer, due date, company and charge method in common.

    Fines and interest are about something that is told already.
    """
    each = sorted((one for one in owed if one.receivable.about is None), key=_bill_key)
    for (customer, company, method, due_on), some in groupby(each, key=_bill_key):
        about = About(SubjectOfNotice.BILL, f"{customer}-{company}-{method}-{due_on}")
        yield telling.bill(about, f"{due_on:%Y%m%d}-{customer}", due_on, tuple(some))


def _bill_key(one: ReceivableBalance) -> tuple[CustomerId, str, str, date]:
    receivable = one.receivable
    return receivable.customer, receivable.target.company, receivable.charge_method, receivable.due_on


def opening(catalogue: Catalogue, unit: str, on: date) -> Opening:
    """Return from when customers of a business *unit* may be told on a day; UTC's where there is none."""
    known = catalogue.units.get(unit)
    zone = "UTC" if known is None else known.zone
    at = datetime.combine(on, catalogue.notices.opens_at, ZoneInfo(zone))
    return Opening(at.astimezone(UTC), zone)


# Statuses


def tell_statuses(
    work: UnitOfWork, desk: Desk, timeline: Timeline, new: Sequence[Fact[Any]], gone: Iterable[int] = ()
) -> tuple[Notice, ...]:
    """Ask for what customers are told of the statuses that *new* facts enter, in their transaction.

    What the facts with the sequences *gone* have asked for is withdrawn.
    """
    catalogue = work.catalogue.current()
    told = _told(catalogue)
    if not told:
        return ()
    number = timeline.last.id
    voided = [NoticeId(f"status:{number}#{one}:{channel}") for one in gone for channel in ("email", "sms")]
    if voided:
        work.notices.withdraw(voided, _VOIDED)
    return _ask_entered(work, desk, timeline, entered_by(new))


def tell_moves(
    work: UnitOfWork, desk: Desk, timelines: Iterable[Timeline], since: date, through: date
) -> tuple[Notice, ...]:
    """Ask for what customers are told of statuses that are entered by themselves.

    Those entered after the day *since*, up to and with *through*, are told. To tell them again asks for
    nothing.
    """
    if not _told(work.catalogue.current()):
        return ()
    return tuple(
        notice
        for timeline in timelines
        for notice in _ask_entered(work, desk, timeline, entered_by_itself(timeline, since, through))
    )


def tell_timed_moves(desk: Desk, since: date, through: date) -> int:
    """Ask for what customers are told of statuses that were entered by themselves after *since*.

    Subscriptions are read slice by slice; returns how many notices there were to ask for.
    """
    count, after = 0, SubscriptionId(0)
    while True:
        with desk.database.writing() as work:
            moving = work.subscriptions.moving(since, through, after, _SLICE)
            if not moving or not _told(work.catalogue.current()):
                return count
            timelines = [timeline for timeline, _ in work.subscriptions.many(moving)]
            count += len(tell_moves(work, desk, timelines, since, through))
        after = moving[-1]


def _told(catalogue: Catalogue) -> dict[str, Status]:
    each = catalogue.statuses.items()
    return {code: status for code, status in each if status.email.send or status.sms.send}


def _ask_entered(
    work: UnitOfWork, desk: Desk, timeline: Timeline, entries: Iterable[Entered]
) -> tuple[Notice, ...]:
    catalogue = work.catalogue.current()
    told, asked = _told(catalogue), list[Notice]()
    for entered in entries:
        status = told.get(entered.status.code)
        if status is not None:
            asked += _of_entry(catalogue, desk, timeline.on(entered.on) or timeline.last, entered, status)
    return work.notices.ask(asked) if asked else ()


def _of_entry(
    catalogue: Catalogue, desk: Desk, state: State, entered: Entered, status: Status
) -> tuple[Notice, ...]:
    unit = catalogue.units.get(state.unit)
    day = max(entered.on, desk.today("UTC" if unit is None else unit.zone))
    entry = StatusEntry(
        customer=state.customer,
        subscription=state.id,
        plan=state.plan.description,
        status=status,
        on=entered.on,
        cause=entered.cause,
        opening=opening(catalogue, state.unit, day),
    )
    return status_notices(entry, catalogue.notices, day)

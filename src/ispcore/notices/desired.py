"""What customers should be told on a day, from plain occasions: due dates, stages, statuses.

Of several days around a due date that have come, only the last counts: after a silence nobody gets three
reminders at once, and nobody is told today of a day that lies further back than notices are kept fresh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.catalog import Status, Topic
from ispcore.notices.notice import About, Notice, NoticeId, NoticeKind, Opening, SubjectOfNotice
from ispcore.plans import ChannelTerms, due_offsets, is_warned
from ispcore.values import CustomerId, Money, SubscriptionId, as_tuple

if TYPE_CHECKING:
    from ispcore.catalog import Channel, NoticePolicy

Terms = Mapping[str, ChannelTerms]
"""What a subscription says of its own, by channel."""


@frozen(kw_only=True)
class Bill:
    """What somebody owes by a due date: a slip, or what stands for one.

    ``terms`` are those of each subscription on it: who is told is told of the whole. ``number`` is what
    customers know it by.
    """

    customer: CustomerId
    about: About
    number: str
    due_on: date
    amount: Money
    opening: Opening
    subscription: SubscriptionId | None = None
    terms: tuple[Terms, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True)
class ReachedStage:
    """A stage of a late policy that a bill has come to, and of which the customer is to be told."""

    bill: Bill
    stage: str
    template: str | None = None


@frozen(kw_only=True)
class StatusEntry:
    """A subscription that entered a status on a day; ``cause`` tells the entry from every other one."""

    customer: CustomerId
    subscription: SubscriptionId
    plan: str
    status: Status
    on: date
    cause: str
    opening: Opening


def desired_notices(
    bills: Iterable[Bill], stages: Iterable[ReachedStage], policy: NoticePolicy, on: date
) -> tuple[Notice, ...]:
    """Return what should be told on the day *on* about *bills* and *stages* that were reached."""
    due = (one for bill in bills for one in _due(bill, policy, on))
    warned = (one for stage in stages for one in _warned(stage, policy, on))
    return (*due, *warned)


def due_days(policy: NoticePolicy, on: date) -> frozenset[date]:
    """Return the due dates about which anything can be told on the day *on*, by the days of the channels."""
    fresh = [on - timedelta(days=days) for days in range(policy.stale_days)]
    each = (
        (offset, day + timedelta(days=offset))
        for channel in policy.channels.values()
        for offset in channel.due.days
        for day in fresh
    )
    return frozenset(due_on for offset, due_on in each if offset < 0 or due_on >= on)


def _due(bill: Bill, policy: NoticePolicy, on: date) -> Iterator[Notice]:
    for channel in policy.channels.values():
        offset = _last_come(bill, channel, on)
        if offset is None:
            continue
        day = bill.due_on - timedelta(days=offset)
        is_fresh = (on - day).days < policy.stale_days
        is_over = offset >= 0 and on > bill.due_on  # a reminder that comes too late reminds of nothing
        if is_fresh and not is_over:
            yield _of_bill(
                bill,
                channel,
                on,
                kind=NoticeKind.DUE,
                step=str(offset),
                template=_template(bill.due_on, on),
                reason=_reason(offset),
                topic=Topic.DUE if offset >= 0 else Topic.LATE,
            )


def _last_come(bill: Bill, channel: Channel, on: date) -> int | None:
    """Return the last offset of the channel whose day has come, of all subscriptions together."""
    each = [due_offsets(terms.get(channel.code), channel) for terms in bill.terms] or [channel.due]
    days = {day for offsets in each for day in offsets.days}
    return min((day for day in days if bill.due_on - timedelta(days=day) <= on), default=None)


def _template(due_on: date, on: date) -> str:
    if on < due_on:
        return "due"
    return "due_today" if on == due_on else "overdue"


def _reason(offset: int) -> str:
    if offset == 0:
        return "the due date"
    return f"{abs(offset)} days {'before' if offset > 0 else 'after'} the due date"


def _warned(reached: ReachedStage, policy: NoticePolicy, on: date) -> Iterator[Notice]:
    for channel in policy.channels.values():
        each = [is_warned(terms.get(channel.code), channel) for terms in reached.bill.terms]
        if any(each or [channel.warns]):
            yield _of_bill(
                reached.bill,
                channel,
                on,
                kind=NoticeKind.STAGE,
                step=reached.stage,
                template=reached.template or "late",
                reason=f"the stage {reached.stage!r} of late payment",
                topic=Topic.LATE,
            )


_PREFIXES = {NoticeKind.DUE: "due", NoticeKind.STAGE: "late", NoticeKind.STATUS: "status"}


def _of_bill(  # noqa: PLR0913 - of this module, each by its name
    bill: Bill,
    channel: Channel,
    on: date,
    *,
    kind: NoticeKind,
    step: str,
    template: str,
    reason: str,
    topic: Topic,
) -> Notice:
    fields = {"number": bill.number, "due_on": bill.due_on.isoformat(), "amount": str(bill.amount)}
    return Notice(
        id=NoticeId(f"{_PREFIXES[kind]}:{step}:{bill.about.id}:{channel.code}"),
        kind=kind,
        customer=bill.customer,
        subscription=bill.subscription,
        about=bill.about,
        step=step,
        channel=channel.code,
        template=template,
        sender=channel.sender,
        reason=reason,
        asked_on=on,
        opening=bill.opening,
        topic=topic,
        fields=fields | ({"stage": step} if kind is NoticeKind.STAGE else {}),
    )


def status_notices(entry: StatusEntry, policy: NoticePolicy, on: date) -> tuple[Notice, ...]:
    """Return what a customer is told of a status that a subscription has entered, as the status says."""
    status = entry.status
    own = f"status-{status.code}"
    told = (("email", status.email), ("sms", status.sms))
    return tuple(
        Notice(
            id=NoticeId(f"status:{entry.subscription}{entry.cause}:{channel}"),
            kind=NoticeKind.STATUS,
            customer=entry.customer,
            subscription=entry.subscription,
            about=About(SubjectOfNotice.STATUS, str(entry.subscription)),
            step=status.code,
            channel=channel,
            template=own if own in policy.templates else "status",
            sender=message.sender or policy.channel(channel).sender,
            reason=f"the status {status.code!r}",
            asked_on=on,
            opening=entry.opening,
            topic=Topic.STATUS,
            fields={
                "subscription": str(entry.subscription),
                "plan": entry.plan,
                "status": status.description,
                "on": entry.on.isoformat(),
            },
        )
        for channel, message in told
        if message.send
    )


@frozen
class Merged:
    """What is to be asked for, and what is not wanted any more."""

    ask: tuple[Notice, ...] = ()
    withdraw: tuple[NoticeId, ...] = ()


def merge(desired: Iterable[Notice], waiting: Iterable[Notice]) -> Merged:
    """Return the difference between what is *desired* and what is *waiting* to be handed over."""
    wanted = {notice.id: notice for notice in desired}
    known = {notice.id for notice in waiting}
    ask = tuple(notice for name, notice in wanted.items() if name not in known)
    return Merged(ask, tuple(sorted(known - wanted.keys())))

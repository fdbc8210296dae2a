"""The money of a subscription: its slips by the day, and what was told, paid, held and restored meanwhile."""

from __future__ import annotations

from datetime import date
from enum import Enum
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing import Allocation, Slip, SlipState, SourceKind
from ispcore.notices import KeptNotice, NoticeKind, NoticeState
from ispcore.pages.labels import pieces, stack
from ispcore.pages.network_part import Dot, EventPanel, EventRow
from ispcore.pages.strips import Strip
from ispcore.pages.words import amount, day, short_day, with_currency
from ispcore.plans import HoldCause
from ispcore.plans.facts import HoldLifted, HoldPlaced
from ispcore.values import ONE_DAY, Period, as_tuple, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ispcore.pages.window import Window
    from ispcore.plans import Timeline
    from ispcore.usecases import SlipView

_CAME = (SourceKind.PAYMENT, SourceKind.BALANCE)
_TOLD = {
    SourceKind.PAYMENT: "paid",
    SourceKind.BALANCE: "paid from the balance",
    SourceKind.CREDIT: "credited",
    SourceKind.WAIVER: "let go",
    SourceKind.WRITE_OFF: "written off",
    SourceKind.AGREEMENT: "renegotiated",
    SourceKind.TRANSFER: "moved by a transfer",
    SourceKind.REVERSAL: "payment taken back",
    SourceKind.RETURN: "balance taken back",
}
_ENDED = (SlipState.PAID, SlipState.CANCELLED, SlipState.REPLACED)


class MoneyKind(Enum):
    """How good or bad something is for who pays."""

    TOLD = "told"
    BAD = "bad"
    GOOD = "good"


@frozen(order=True)
class MoneyEvent:
    """Something that happened on a day about money that was asked for."""

    on: date
    what: str
    text: str = ""
    kind: MoneyKind = field(default=MoneyKind.TOLD, order=False)


@frozen
class SlipLife:
    """A slip from the day of its issue to the day on which it waited for money no more."""

    slip: Slip
    ends: date | None = None


@frozen
class Money:
    """The slips of a subscription, and what happened about them."""

    slips: tuple[SlipLife, ...] = field(default=(), converter=as_tuple)
    events: tuple[MoneyEvent, ...] = field(default=(), converter=as_tuple)

    def by_day(self) -> Iterator[tuple[date, list[MoneyEvent]]]:
        """Yield what happened, day by day."""
        for on, some in groupby(self.events, key=lambda one: one.on):
            yield on, list(some)


@frozen
class MoneyLane:
    """The slips as they are drawn, one below the other, and the dots below them."""

    strips: tuple[Strip, ...] = ()
    dots: tuple[Dot, ...] = ()


@frozen
class MoneyRow:
    """A row of the table."""

    days: str
    what: str
    text: str


# What is known


def money_of(timeline: Timeline, views: Sequence[SlipView], notices: Iterable[KeptNotice]) -> Money:
    """Return the money of a subscription with these slips, and with what was told of them."""
    told = [one for one in notices if one.notice.subscription in (None, timeline.last.id)]
    events = [*_told(told), *(event for view in views for event in _put(view)), *_held(timeline)]
    return Money([_life(view, views) for view in views], sorted(events) if views else ())


def _life(view: SlipView, views: Sequence[SlipView]) -> SlipLife:
    slip = view.slip
    if slip.state not in _ENDED:
        return SlipLife(slip)
    after = [one.slip.issued_on for one in views if one.slip.id == slip.replaced_by]
    days = [*after, *(one.on for one in view.put)]
    return SlipLife(slip, after[0] if after else max(days, default=slip.issued_on))


def _told(notices: Iterable[KeptNotice]) -> Iterator[MoneyEvent]:
    for one in notices:
        is_about_money = one.notice.kind is not NoticeKind.STATUS
        if is_about_money and one.state is NoticeState.HANDED_OVER and one.handed_over_on is not None:
            yield MoneyEvent(one.handed_over_on, f"told by {one.notice.channel}", one.notice.reason)


def _put(view: SlipView) -> Iterator[MoneyEvent]:
    """Yield what was put to a slip, each source once, with the fine and interest that it paid too."""

    def key(one: Allocation) -> tuple[date, str, str]:
        return one.on, one.source_kind.value, one.source

    for _, some in groupby(sorted(view.put, key=key), key=key):
        found = list(some)
        kind = found[0].source_kind
        money = total([one.amount for one in found], found[0].amount.currency)
        good = MoneyKind.GOOD if kind in _CAME else MoneyKind.TOLD
        text = f"{with_currency(money)} for slip {view.slip.id}"
        yield MoneyEvent(found[0].on, _TOLD.get(kind, kind.value), text, good)


def _held(timeline: Timeline) -> Iterator[MoneyEvent]:
    for fact in timeline.facts:
        match fact.payload:
            case HoldPlaced(hold) if hold.cause is HoldCause.AUTOMATIC:
                yield MoneyEvent(fact.effective_on, hold.kind.value, "for late payment", MoneyKind.BAD)
            case HoldLifted(kind, HoldCause.AUTOMATIC):
                yield MoneyEvent(
                    fact.effective_on, f"no longer {kind.value}", "it was for late payment", MoneyKind.GOOD
                )


# How it is drawn and told


def money_lane(money: Money, window: Window, prefix: str) -> MoneyLane:
    """Return how *money* is drawn in *window*; anchors begin with *prefix*."""
    shown = [one for one in money.slips if window.extent(_whole(one, window))]
    extents = [extent for one in shown if (extent := window.extent(_whole(one, window)))]
    strips = [
        strip for one, row in zip(shown, stack(extents), strict=True) for strip in _strips(one, window, row)
    ]
    return MoneyLane(tuple(strips), tuple(_dots(money, window, prefix)))


def _whole(one: SlipLife, window: Window) -> Period:
    end = window.period.end if one.ends is None else one.ends + ONE_DAY
    return Period(one.slip.issued_on, max(end, one.slip.issued_on + ONE_DAY))


def _strips(one: SlipLife, window: Window, row: int) -> Iterator[Strip]:
    """Yield the days up to the due day, and those after it."""
    whole, slip = _whole(one, window), one.slip
    late_from = max(slip.due_on + ONE_DAY, whole.start)
    number, asked = f"slip {slip.id}", f": {amount(slip.amount)}"
    state = slip.state.value.replace("_", " ")
    title = f"{number}{asked}, due {day(slip.due_on)}, {state}"
    before, after = _cut(whole, late_from)
    for period, kind, words in (
        (before, _kind(slip), [number, asked, f", due {short_day(slip.due_on)}", f", {state}"]),
        (after, "late", ["late"] if before else [number, ", late", asked]),
    ):
        extent = None if period is None else window.extent(period)
        if period is not None and extent is not None:
            yield Strip(period, extent, kind, pieces(extent.width, words), title, row)


def _cut(whole: Period, at: date) -> tuple[Period | None, Period | None]:
    if at >= whole.end:
        return whole, None
    return (None if at <= whole.start else Period(whole.start, at)), Period(at, whole.end)


def _kind(slip: Slip) -> str:
    return {SlipState.PAID: "paid", SlipState.REPLACED: "cancelled", SlipState.CANCELLED: "cancelled"}.get(
        slip.state, "open"
    )


def _dots(money: Money, window: Window, prefix: str) -> Iterator[Dot]:
    for number, (on, some) in enumerate(money.by_day(), start=1):
        if on in window.period:
            words = ", ".join(dict.fromkeys(one.what for one in some))
            yield Dot(window.x(on), _dot(some), f"{short_day(on)} {words}", f"{prefix}-{number}")


def _dot(some: Sequence[MoneyEvent]) -> str:
    kinds = {one.kind for one in some}
    if MoneyKind.GOOD in kinds:
        return "good"
    return "bad" if MoneyKind.BAD in kinds else "wrote"


def money_panels(money: Money, prefix: str) -> Iterator[EventPanel]:
    """Yield a panel for each day on which something happened."""
    for number, (on, some) in enumerate(money.by_day(), start=1):
        rows = tuple(EventRow(one.what, one.text, ()) for one in some)
        yield EventPanel(f"{prefix}-{number}", f"What was told and paid, {day(on)}", rows)


def money_rows(money: Money) -> Iterator[MoneyRow]:
    """Yield the same as a table."""
    for one in money.slips:
        slip = one.slip
        till = "" if one.ends is None else f" to {day(one.ends)}"
        asks = f"{with_currency(slip.amount)}, due {day(slip.due_on)}, {slip.state.value.replace('_', ' ')}"
        yield MoneyRow(f"{day(slip.issued_on)}{till}", f"slip {slip.id}", asks)
    yield from (MoneyRow(day(one.on), one.what, one.text) for one in money.events)

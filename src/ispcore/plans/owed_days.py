"""The days that are owed: those of a life that no trial frees, in a status and with holds that bill.

To these come the days that were paid and not served, where the subscription goes on owing them, and of
these go the free days that it got for them.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ispcore.catalog import Suspension
from ispcore.plans.paid_days import with_paid_days
from ispcore.plans.state import EndKind
from ispcore.values import ONE_DAY, Period

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.catalog import BillingPolicy
    from ispcore.plans.items import Item
    from ispcore.plans.paid_days import Run
    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline


def owed_runs(timeline: Timeline, policy: BillingPolicy, within: Period) -> Iterator[tuple[Period, State]]:
    """Yield the runs of owed days in *within*, each with its state, in order."""
    life = life_of(timeline, policy)
    if life is None:
        return
    if timeline.last.terms.suspension is Suspension.CREDIT:
        yield from _billing_runs(timeline, life.overlap(within))
        yield from _carried(timeline, within)
        return
    whole = tuple(_billing_runs(timeline, life))
    for days, state in with_paid_days(timeline, whole, life):
        run = days.overlap(within)
        if run:
            yield run, state
    yield from _carried(timeline, within)


def _carried(timeline: Timeline, within: Period) -> Iterator[Run]:
    """Yield the days of *within* that stay owed after a transfer, as they were owed before it."""
    end = timeline.end
    if end is None or end.owed_until is None:
        return
    run = Period(end.on, end.owed_until).overlap(within)
    before = timeline.on(end.on - ONE_DAY)
    if run and before is not None:
        yield run, before


def _billing_runs(timeline: Timeline, within: Period | None) -> Iterator[Run]:
    if within is None:
        return
    spans = timeline.spans
    for index, span in enumerate(spans):
        until = spans[index + 1].since if index + 1 < len(spans) else within.end
        if span.state.bills and span.since < until:
            run = Period(span.since, until).overlap(within)
            if run:
                yield run, span.state


def owed_once_on(timeline: Timeline, item: Item, policy: BillingPolicy) -> date | None:
    """Return the day on which a one-off *item* is owed: its own, or the first owed one after it.

    Days that stay owed though they were not served are billed by a state that lacks what came since.
    """
    runs = owed_runs(timeline, policy, Period(item.starts_on, date.max))
    return next((run.start for run, state in runs if any(each.id == item.id for each in state.items)), None)


def life_of(timeline: Timeline, policy: BillingPolicy) -> Period | None:
    """Return the days that can be owed at all: after trial and import, up to the end; None without any."""
    state, end = timeline.last, timeline.end
    start = max(state.started_on, state.free_until or date.min)
    if end is None:
        return Period(start, date.max)
    lived_elsewhere = state.origin is not None and state.origin.billed_through is not None
    last_billed = end.kind is EndKind.CANCELLED and policy.bills_last_day
    if last_billed and (end.on > state.started_on or lived_elsewhere):
        return Period(start, end.on + ONE_DAY) if start <= end.on else None
    return Period(start, end.on) if start < end.on else None

"""Days that were paid in advance and then not served: what becomes of them when billing stops.

By default they are simply not owed, so they are credited. A subscription may instead keep owing them, the
cycle in which billing stops being owed whole; and it may get as many free days for them, from the later of
its resumption and that cycle's end. Days that stay owed cost what they would have cost without the stop, so
that nothing of what was paid is credited; an item that comes during the stop was not paid.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve

from ispcore.catalog import Suspension
from ispcore.values import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline

Run: TypeAlias = "tuple[Period, State]"
"""Days, and the state that they are billed by."""


def with_paid_days(timeline: Timeline, runs: Sequence[Run], life: Period) -> Iterator[Run]:
    """Yield what is owed of a *life* of which the statuses and holds bill *runs*, in order."""
    extends = timeline.last.terms.suspension is Suspension.EXTEND
    free, free_from = 0, date.max
    owed: list[Run] = []
    for index, (days, state) in enumerate(runs):
        for part in _without(days, free, free_from):
            owed.append((part, state))
            yield owed[-1]
        if free and days.end > free_from:
            free = max(0, free - (days.end - max(days.start, free_from)).days)
        resumes = runs[index + 1][0].start if index + 1 < len(runs) else life.end
        kept = _kept(timeline, owed, days.end, resumes)
        if kept is not None:
            yield from _unstopped(timeline, kept, owed[-1][1])
            if extends:
                free, free_from = free + kept.days, timeline.billed_on(kept.start).days.end


def _kept(timeline: Timeline, owed: Sequence[Run], stops: date, resumes: date) -> Period | None:
    """Return the unbilled days after *stops* that had been paid: of a cycle that began to be *owed* so."""
    if stops == resumes or not owed:
        return None
    cycle = timeline.billed_on(owed[-1][0].last).days
    first = next(state for days, state in owed if days.end > cycle.start)
    return cycle.overlap(Period(stops, resumes)) if first.terms.advance else None


def _unstopped(timeline: Timeline, kept: Period, paid: State) -> Iterator[Run]:
    """Yield the *kept* days, each with its own state, less the items that were not yet there when *paid*."""
    there = {(item.id, item.starts_on) for item in paid.items}
    for index, span in enumerate(timeline.spans):
        later = timeline.spans[index + 1 : index + 2]
        until = later[0].since if later else kept.end
        days = kept.overlap(Period(span.since, until)) if span.since < until else None
        if days:
            items = tuple(item for item in span.state.items if (item.id, item.starts_on) in there)
            yield days, evolve(span.state, items=items)


def _without(days: Period, free: int, since: date) -> Iterator[Period]:
    """Yield *days* without the first *free* ones from *since* on."""
    start = max(days.start, since)
    if free == 0 or days.end <= since:
        yield days
        return
    if days.start < start:
        yield Period(days.start, start)
    end = start + timedelta(days=min(free, (days.end - start).days))
    if end < days.end:
        yield Period(end, days.end)

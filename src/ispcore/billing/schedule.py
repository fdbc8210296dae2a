"""Which cycles a closing on a day looks at, and which of them are due.

In arrears a cycle is due on its last billed day, in advance on its first owed day; a cycle that an end cuts
is due on that end, or on its closing, by policy. A closed cycle is looked at again only from the earliest
fact recorded since.
"""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING

from ispcore.catalog import FinalBill, FirstBill
from ispcore.plans import BilledSpan, first_instalment_in, last_instalment, life_of, owed_runs
from ispcore.values import ONE_DAY, Period

if TYPE_CHECKING:
    from collections.abc import Container

    from ispcore.billing.books import Books
    from ispcore.billing.terms import Terms
    from ispcore.plans import Cycle, Timeline


def spans_to_look_at(books: Books, day: date) -> tuple[BilledSpan, ...]:
    """Return the spans from the first open or dirty one to that of *day*, of the end, or the last closed.

    A cycle that was closed and cut since is among them.
    """
    timeline = books.timeline
    first = _first_to_look_at(books)
    closed = [
        BilledSpan(cycle, days)
        for cycle in sorted(books.closed)
        if cycle.period.end > first and (days := timeline.billed_days(cycle)) is not None
    ]
    lived = min(day, lives_to(timeline))
    last = max([lived, *(span.days.start for span in closed)])
    spans = list(takewhile(lambda span: span.days.start <= last, timeline.billed_from(first)))
    known = {span.cycle for span in spans}
    spans += [span for span in closed if span.cycle not in known]
    return tuple(sorted(spans, key=lambda span: span.days.start))


def lives_to(timeline: Timeline) -> date:
    """Return the day of the end, or one of the last cycle in which something is owed after it."""
    end = timeline.end
    if end is None:
        return date.max
    return max(end.on, end.owed_until or end.on, last_instalment(timeline) or end.on)


def abandoned(books: Books) -> tuple[Cycle, ...]:
    """Return the closed cycles that are none of the subscription's any more, the closing day having moved."""
    return tuple(cycle for cycle in sorted(books.closed) if books.timeline.billed_days(cycle) is None)


def closed_through(timeline: Timeline, closed: Container[Cycle], since: date | None) -> date | None:
    """Return the first day after the *closed* cycles that follow each other from *since* on.

    None counts them from the start, and is returned where the first one is open.
    """
    reached = since
    spans = timeline.billed_from(since or timeline.last.started_on)
    for span in takewhile(lambda span: span.cycle in closed, spans):
        reached = span.days.end
    return reached


def _first_to_look_at(books: Books) -> date:
    first = books.timeline.last.started_on
    if books.closed_through is None:
        return first
    return max(first, min(books.closed_through, books.dirty_from or books.closed_through))


def is_due(timeline: Timeline, span: BilledSpan, terms: Terms, day: date) -> bool:
    """Tell whether *span* is billed by a closing on *day*."""
    end = timeline.end
    if end and terms.policy.final_bill is FinalBill.AT_END and end.on in span.days and end.on <= day:
        return True
    if terms.policy.first_bill is FirstBill.WITH_NEXT and _waits_for_next(timeline, span, terms):
        following = next(timeline.billed_from(span.days.end))
        return is_due(timeline, following, terms, day)
    if span.days.last <= day:
        return True
    first = first_owed_in_advance(timeline, span, terms)
    return first is not None and first <= day


def _waits_for_next(timeline: Timeline, span: BilledSpan, terms: Terms) -> bool:
    """Tell whether *span* is a part that a new subscription begins with, and lives beyond."""
    life = life_of(timeline, terms.policy)
    if life is None or (timeline.last.goes_on and life.start == timeline.last.started_on):
        return False
    return span.days.start < life.start < span.days.end < life.end


def first_owed_in_advance(timeline: Timeline, span: BilledSpan, terms: Terms) -> date | None:
    """Return the first owed day of *span* if it is paid in advance; None in arrears or without one.

    Where nothing else is owed it is the first day of an instalment.
    """
    for run, state in owed_runs(timeline, terms.policy, span.days):
        return run.start if state.terms.advance else None
    return first_instalment_in(timeline, span) if timeline.last.terms.advance else None


def open_through(
    timeline: Timeline, span: BilledSpan, terms: Terms, day: date, billed: date | None
) -> date | None:
    """Return the day up to which a *span* that is not due is billed early; None where it waits all the same.

    *billed* is the day up to which it was billed before; nothing of that is taken back.
    """
    if day < span.days.start:
        return billed
    by_then = Period(span.days.start, min(span.days.end, day + ONE_DAY))
    runs = owed_runs(timeline, terms.policy, by_then)
    in_arrears = any(not state.terms.advance for _, state in runs)
    return max(day, billed or day) if in_arrears else billed

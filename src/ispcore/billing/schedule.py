"""Which cycles a closing on a day looks at, and which of them are due.

In arrears a cycle is due on its closing day, in advance on its first owed day; a cycle that an end cuts is
due on that end, or on its closing, by policy. A closed cycle is looked at again only from the earliest fact
recorded since.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from ispcore.billing.owed import owed_runs
from ispcore.catalog import FinalBill
from ispcore.plans import cycles_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ispcore.billing.books import Books
    from ispcore.billing.terms import Terms
    from ispcore.plans import Cycle, Timeline


def cycles_to_look_at(books: Books, day: date) -> Iterator[Cycle]:
    """Return the cycles from the first open or dirty one to that of *day*, of the end, or the last closed."""
    state, end = books.timeline.last, books.timeline.end
    first = state.started_on
    if books.closed_through is not None:
        first = max(first, min(books.closed_through, books.dirty_from or books.closed_through))
    lived = day if end is None else min(day, end.on)
    last = max([lived, *(cycle.period.start for cycle in books.closed)])
    return takewhile(lambda cycle: cycle.period.start <= last, cycles_from(first, state.terms.closing_day))


def is_due(timeline: Timeline, cycle: Cycle, terms: Terms, day: date) -> bool:
    """Tell whether *cycle* is billed by a closing on *day*."""
    if cycle.closing_day <= day:
        return True
    end = timeline.end
    if end and terms.policy.final_bill is FinalBill.AT_END and end.on in cycle.period and end.on <= day:
        return True
    first = first_owed_in_advance(timeline, cycle, terms)
    return first is not None and first <= day


def first_owed_in_advance(timeline: Timeline, cycle: Cycle, terms: Terms) -> date | None:
    """Return the first owed day of *cycle* if it is paid in advance; None in arrears or without one."""
    for run, state in owed_runs(timeline, terms.policy, cycle.period):
        return run.start if state.terms.advance else None
    return None

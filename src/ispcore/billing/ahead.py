"""Billing ahead: the days of the closings that are to come, so that each has dates of its own."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

from ispcore.billing.desired import offers, policy_name
from ispcore.billing.schedule import first_owed_in_advance, lives_to

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing.books import Books
    from ispcore.billing.terms import TermsSource
    from ispcore.plans import BilledSpan, Timeline


def closings_ahead(books: Books, terms: TermsSource, count: int, today: date) -> tuple[date, ...]:
    """Return the days after *today* on which the next *count* cycles are due that were not billed yet.

    They are fewer where the subscription ends before.

    Raises:
        NotFoundError: the catalogue lacks a policy.
    """
    timeline = books.timeline
    until = lives_to(timeline)
    spans = timeline.billed_from(books.closed_through or timeline.last.started_on)
    days = (
        _due_on(timeline, span, terms) for span in takewhile(lambda span: span.days.start <= until, spans)
    )
    return tuple(islice((min(day, until) for day in days if min(day, until) > today), count))


def _due_on(timeline: Timeline, span: BilledSpan, terms: TermsSource) -> date:
    used = terms(span.cycle, policy_name(timeline, span.cycle), offers(timeline, span.cycle))
    return first_owed_in_advance(timeline, span, used) or span.days.last

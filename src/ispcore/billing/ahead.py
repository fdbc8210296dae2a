"""Billing ahead: the days of the closings that are to come, so that each has dates of its own."""

from __future__ import annotations

from itertools import islice, takewhile
from typing import TYPE_CHECKING

from ispcore.billing.desired import offers, policy_name
from ispcore.billing.schedule import first_owed_in_advance, lives_to

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ispcore.billing.books import Books
    from ispcore.billing.terms import TermsSource


def closings_ahead(books: Books, terms: TermsSource, count: int) -> Iterator[date]:
    """Yield the days on which the next *count* cycles that were not billed yet are due, up to the end.

    Raises:
        NotFoundError: the catalogue lacks a policy.
    """
    timeline = books.timeline
    until = lives_to(timeline)
    spans = timeline.billed_from(books.closed_through or timeline.last.started_on)
    for span in takewhile(lambda span: span.days.start <= until, islice(spans, count)):
        used = terms(span.cycle, policy_name(timeline, span.cycle), offers(timeline, span.cycle))
        last = min(span.days.last, until)
        yield first_owed_in_advance(timeline, span, used) or last

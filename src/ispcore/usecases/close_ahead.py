"""Bill a customer, or one subscription of theirs, for months ahead: each cycle on its own day."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing import DebitKind, close_customer
from ispcore.errors import NotFoundError, RefusedError
from ispcore.usecases.close import MONTHS_AHEAD
from ispcore.usecases.slices import terms_from
from ispcore.values import add_months

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ispcore.billing import Books, Receivable
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId, SubscriptionId


def close_ahead(
    work: UnitOfWork, customer: CustomerId, subscription: SubscriptionId | None, on: date, months: int
) -> None:
    """Append what closings would for so many months, each cycle issued and due as if it were done on its day.

    The months are counted from the first cycle that is still to be paid on the day *on* or later, so doing it
    again adds nothing.

    Raises:
        RefusedError: that is too far ahead, or for no month.
        NotFoundError: the customer has no such subscription.
        UnbillableError: a subscription cannot be billed.
    """
    if not 1 <= months <= MONTHS_AHEAD:
        raise RefusedError(
            f"Nobody is billed {months} months ahead.",
            rule="too-far-ahead",
            hint=f"Use 1 to {MONTHS_AHEAD} months.",
        )
    asked = [one.receivable for one in work.ledger.receivables(customer)]
    ((account, _),) = work.ledger.books((customer,))
    known = {books.subscription: books for books in account.books}
    if subscription is not None and subscription not in known:
        raise NotFoundError("subscription", subscription, hint=f"It is none of customer {customer}.")
    for number in known if subscription is None else (subscription,):
        its = (one for one in asked if one.key.subscription == number)
        for day in _days(known[number], its, on, months):
            _close(work, customer, number, day)


def _days(books: Books, asked: Iterable[Receivable], on: date, months: int) -> list[date]:
    """Return the days on which cycles begin or end that belong to the months ahead, the past ones as *on*."""
    timeline = books.timeline
    reached = max(books.closed_through or timeline.last.started_on, timeline.last.started_on)
    coming = timeline.billed_on(max(reached, on)).cycle.period.start
    to_pay = (one.key.cycle.period.start for one in asked if one.kind is DebitKind.FEE and one.due_on >= on)
    until = add_months(min((coming, *to_pay)), months)
    spans = takewhile(lambda span: span.cycle.period.start < until, timeline.billed_from(reached))
    return sorted({max(day, on) for span in spans for day in (span.days.start, span.days.last)})


def _close(work: UnitOfWork, customer: CustomerId, subscription: SubscriptionId, day: date) -> None:
    ((account, rows),) = work.ledger.books((customer,))
    mine = tuple(books for books in account.books if books.subscription == subscription)
    catalogue = work.catalogue.current()
    found = close_customer(evolve(account, books=mine), catalogue, terms_from(catalogue), day)
    for problem in found.problems:
        raise problem
    work.ledger.save([(found, rows)], day)

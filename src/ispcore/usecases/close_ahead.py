"""Bill one customer, or one subscription of theirs, for months ahead: each closing on its own day."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing import close_customer
from ispcore.errors import NotFoundError, RefusedError
from ispcore.usecases.close import MONTHS_AHEAD
from ispcore.usecases.slices import terms_from
from ispcore.values import add_months

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import CustomerBooks, TermsSource
    from ispcore.catalog import Catalogue
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId, SubscriptionId


def close_ahead(
    work: UnitOfWork, customer: CustomerId, subscription: SubscriptionId | None, on: date, months: int
) -> None:
    """Append what closings would from a day on for so many months, as if they were done one by one.

    So every cycle is issued on the day on which it would be, and is due accordingly.

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
    catalogue = work.catalogue.current()
    terms = terms_from(catalogue)
    for day in _days(_account(work, customer, subscription), on, add_months(on, months)):
        _close(work, (customer, subscription), day, catalogue, terms)


def _account(work: UnitOfWork, customer: CustomerId, subscription: SubscriptionId | None) -> CustomerBooks:
    ((account, _),) = work.ledger.books((customer,))
    if subscription is None:
        return account
    mine = tuple(books for books in account.books if books.subscription == subscription)
    if not mine:
        raise NotFoundError("subscription", subscription, hint=f"It is none of customer {customer}.")
    return evolve(account, books=mine)


def _days(account: CustomerBooks, on: date, until: date) -> list[date]:
    """Return the days from *on* and before *until* on which a cycle begins or ends."""
    days = set()
    for books in account.books:
        spans = takewhile(lambda span: span.days.start < until, books.timeline.billed_from(on))
        days |= {day for span in spans for day in (span.days.start, span.days.last)}
    return sorted(day for day in days if on <= day < until)


def _close(
    work: UnitOfWork,
    whose: tuple[CustomerId, SubscriptionId | None],
    day: date,
    catalogue: Catalogue,
    terms: TermsSource,
) -> None:
    ((_, rows),) = work.ledger.books((whose[0],))
    found = close_customer(_account(work, *whose), catalogue, terms, day)
    for problem in found.problems:
        raise problem
    work.ledger.save([(found, rows)], day)

"""Bill one subscription beside the closings of everybody: its open cycle up to a day, or cycles to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing import close_customer, closings_ahead
from ispcore.errors import InvalidValueError
from ispcore.usecases.close import check_day
from ispcore.usecases.slices import terms_from

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import Closing
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.rows import Account
    from ispcore.values import SubscriptionId

PROPORTIONAL, AHEAD = "billing.proportional", "billing.ahead"
MOST_AHEAD = 36


def bill_open_cycle(desk: Desk, subscription: SubscriptionId, on: date, *, actor: Actor) -> Closing:
    """Bill *subscription* up to *on*, a cycle in arrears that is still open too, and return the closing.

    What was billed of an open cycle is not billed again when it closes.

    Raises:
        NotFoundError: there is no such subscription.
        UnbillableError: it cannot be billed.
        RefusedError: the day is too far ahead.
    """
    actor.require(PROPORTIONAL)
    with desk.database.writing() as work:
        check_day(desk, work.catalogue.current(), on)
        return closed_alone(work, subscription, on, open_cycles=True)


def bill_ahead(desk: Desk, subscription: SubscriptionId, cycles: int, *, actor: Actor) -> tuple[Closing, ...]:
    """Bill what *subscription* owes by now and its next *cycles*, and return each closing of something.

    Each cycle is billed on the day on which it is due, which is its day of issue.

    Raises:
        NotFoundError: there is no such subscription.
        InvalidValueError: so many cycles are none, or too many.
        UnbillableError: it cannot be billed.
        RefusedError: a day is too far ahead.
    """
    actor.require(AHEAD)
    if not 1 <= cycles <= MOST_AHEAD:
        raise InvalidValueError(f"{cycles} cycles cannot be billed ahead.", hint=f"Use 1 to {MOST_AHEAD}.")
    with desk.database.writing() as work:
        catalogue = work.catalogue.current()
        account, _ = _account(work, subscription)
        (books,) = account.books
        today = desk.today_of(catalogue)
        days = closings_ahead(books, terms_from(catalogue), cycles, today)
        check_day(desk, catalogue, max(days, default=today))
        found = [closed_alone(work, subscription, day) for day in (today, *days)]
        return tuple(closing for closing in found if closing.entries)


def closed_alone(
    work: UnitOfWork, subscription: SubscriptionId, on: date, *, open_cycles: bool = False
) -> Closing:
    """Bill one subscription in the transaction of *work* up to *on*, or raise UnbillableError."""
    account, rows = _account(work, subscription)
    catalogue = work.catalogue.current()
    closing = close_customer(account, catalogue, terms_from(catalogue), on, open_cycles=open_cycles)
    for problem in closing.problems:
        raise problem
    work.ledger.save([(closing, rows)], on)
    return closing


def _account(work: UnitOfWork, subscription: SubscriptionId) -> Account:
    """Return the books of the customer of *subscription*, with no other subscription in them."""
    _, row = work.subscriptions.get(subscription)
    ((account, rows),) = work.ledger.books([row.customer])
    mine = tuple(books for books in account.books if books.subscription == subscription)
    return evolve(account, books=mine, problems=()), rows

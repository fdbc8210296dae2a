"""Books of a customer whose usual policy is another one."""

from datetime import date
from typing import Any

from attrs import evolve

from ispcore.catalog import BillingPolicy, Catalogue, DatedPolicy
from ispcore.values import Money, SubscriptionId
from tests.books import KeptBooks
from tests.catalogues import CATALOGUE, SUBSCRIPTION, brl


def billed_by(**policy: Any) -> Catalogue:
    """Return the catalogue, with *policy* for all plans that name none."""
    usual = (DatedPolicy(None, BillingPolicy(**policy)),)
    return evolve(CATALOGUE, policies={**CATALOGUE.policies, "standard": usual})


def opened(
    on: date, price: str | None = "100.00", *, plan: str = "adsl", opens: Any = None, **policy: Any
) -> KeptBooks:
    """Return books with a subscription of that day and price, billed by *policy*."""
    books = KeptBooks(billed_by(**policy))
    books.open(plan, on, price=None if price is None else brl(price), **(opens or {}))
    return books


def by_start(
    books: KeptBooks, number: SubscriptionId = SUBSCRIPTION, item: str | None = None
) -> dict[str, str]:
    """Return what was issued for each nominal cycle, by its first day; nothing where that is zero."""
    found: dict[str, Money] = {}
    for key, net in books.net().items():
        if key.subscription == number and item in {None, key.item}:
            start = str(key.cycle.period.start)
            found[start] = found.get(start, brl("0.00")) + net
    return {start: str(found[start].amount) for start in sorted(found) if not found[start].is_zero}


def close_each_day(books: KeptBooks, first: date, last: date) -> None:
    """Close on every day from *first* to *last*."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        books.close(date.fromordinal(ordinal))

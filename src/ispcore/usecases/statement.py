"""The statement of a customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.billing import Statement, statements

if TYPE_CHECKING:
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId

PERMISSION = "customer.read"


def statement(
    desk: Desk,
    customer: CustomerId,
    *,
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Statement, ...]:
    """Return what a customer was asked for and paid, by company and currency.

    Raises:
        NotFoundError: there is no such customer.
    """
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        work.customers.get(customer)
        return accounts_of(work, customer, since, until)


def accounts_of(
    work: UnitOfWork, customer: CustomerId, since: date | None, until: date | None
) -> tuple[Statement, ...]:
    """Return the accounts of a customer from *since* through *until*."""
    asked = [one.receivable for one in work.ledger.receivables(customer)]
    return statements(asked, work.ledger.allocations(customer), since=since, until=until)

"""What is printed: slips, payment books, statements, contracts, with whom they are from and to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing import PaymentBook, ReceivableBalance, Slip, Statement
from ispcore.catalog import Bucket, Catalogue
from ispcore.customers import Customer
from ispcore.usecases.contract_views import PERMISSION as READ_CONTRACTS
from ispcore.usecases.contract_views import ContractView, view_on
from ispcore.usecases.memberships import members
from ispcore.usecases.overview import SubscriptionView, view_of
from ispcore.usecases.registering import Registration
from ispcore.usecases.slip_views import READ
from ispcore.usecases.statement import PERMISSION, accounts_of
from ispcore.values import ChargeId, SlipId, as_tuple

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import BookId, CustomerId


@frozen(kw_only=True)
class SlipPaper:
    """Slips of one customer, alone or in a ``book``, with what became of the amounts on them.

    ``registrations`` are what charge providers said of those that they know.
    """

    customer: Customer
    catalogue: Catalogue
    slips: tuple[Slip, ...] = field(converter=as_tuple)
    balances: Mapping[ChargeId, ReceivableBalance]
    registrations: Mapping[SlipId, Registration]
    book: PaymentBook | None = None


@frozen(kw_only=True)
class StatementPaper:
    """A customer's accounts, one for each company and currency, in a span of days; ``made_on`` a day."""

    customer: Customer
    catalogue: Catalogue
    accounts: tuple[Statement, ...] = field(converter=as_tuple)
    since: date | None
    until: date | None
    made_on: date


@frozen(kw_only=True)
class ContractPaper:
    """A contract as it is today, with the subscriptions in it that live, or are still to begin."""

    customer: Customer
    catalogue: Catalogue
    view: ContractView
    subscriptions: tuple[SubscriptionView, ...] = field(converter=as_tuple)


def slip_paper(desk: Desk, slip: SlipId, *, actor: Actor) -> SlipPaper:
    """Return what is printed of a slip, or raise NotFoundError."""
    actor.require(READ)
    with desk.database.reading() as work:
        return _slips(work, [work.slips.get(slip)], None)


def book_paper(desk: Desk, book: BookId, *, actor: Actor) -> SlipPaper:
    """Return what is printed of a payment book, the first slip due first, or raise NotFoundError.

    Slips that wait for no money any more are left out.
    """
    actor.require(READ)
    with desk.database.reading() as work:
        found = work.payment_books.get(book)
        waiting = [slip for slip in work.payment_books.slips(book) if slip.state.waits]
        return _slips(work, sorted(waiting, key=lambda slip: (slip.due_on, slip.id)), found)


def _slips(work: UnitOfWork, slips: list[Slip], book: PaymentBook | None) -> SlipPaper:
    customer, _ = work.customers.get(slips[0].customer if book is None else book.customer)
    return SlipPaper(
        customer=customer,
        catalogue=work.catalogue.current(),
        slips=slips,
        balances=work.slips.balances(sorted({name for slip in slips for name in slip.receivables})),
        registrations=work.registrations.of([slip.id for slip in slips]),
        book=book,
    )


def statement_paper(
    desk: Desk,
    customer: CustomerId,
    *,
    actor: Actor,
    since: date | None = None,
    until: date | None = None,
) -> StatementPaper:
    """Return what is printed of a customer's accounts, or raise NotFoundError."""
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        found, _ = work.customers.get(customer)
        catalogue = work.catalogue.current()
        return StatementPaper(
            customer=found,
            catalogue=catalogue,
            accounts=accounts_of(work, customer, since, until),
            since=since,
            until=until,
            made_on=desk.today_of(catalogue),
        )


def contract_paper(desk: Desk, number: str, *, actor: Actor) -> ContractPaper:
    """Return what is printed of a contract, or raise NotFoundError."""
    actor.require(READ_CONTRACTS)
    with desk.database.reading() as work:
        contract, _ = work.contracts.get(number)
        customer, _ = work.customers.get(contract.state.customer)
        catalogue = work.catalogue.current()
        every = (view_of(desk, work, *known) for known in work.subscriptions.of_customer(customer.id))
        its = [view for view in every if view.state.contract == contract.number]
        its_members = members(work, customer.id, contract.number)
        return ContractPaper(
            customer=customer,
            catalogue=catalogue,
            view=view_on(contract, its_members, desk.today_of(catalogue)),
            subscriptions=[view for view in its if view.state.bucket is not Bucket.CANCELLED],
        )

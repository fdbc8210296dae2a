"""Looking at contracts: how one stands, which term runs, what is pending, and what its sale earned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.contracts import Contract, Term, term_on
from ispcore.plans import Standing, pauses, standing
from ispcore.usecases.memberships import first_active, members
from ispcore.values import ContractNumber, CustomerId, Money, SubscriptionId, total, zero

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.plans import Timeline
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork

PERMISSION = "contract.read"
_COMMISSIONS = "contract.commissions"


@frozen
class ContractView:
    """A contract as it is on a day.

    ``term`` is the one that runs, None before it began. ``is_installing`` says that what was ordered with it
    is still to be done: nothing of it was active yet.
    """

    contract: Contract
    standing: Standing
    term: Term | None
    subscriptions: tuple[SubscriptionId, ...]
    is_installing: bool


@frozen
class Earned:
    """What a salesperson earned by a contract."""

    salesperson: str
    contract: ContractNumber
    customer: CustomerId
    sold_on: date
    amount: Money


def contract_view(desk: Desk, number: str, *, actor: Actor, on: date | None = None) -> ContractView:
    """Return a contract as it is on a day, today by default, or raise NotFoundError."""
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        contract, _ = work.contracts.get(number)
        return _view(work, contract, on or desk.today_of(work.catalogue.current()))


def contracts_of(desk: Desk, customer: CustomerId, *, actor: Actor) -> tuple[ContractView, ...]:
    """Return a customer's contracts as they are today, by number, or raise NotFoundError."""
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        work.customers.check(customer)
        today = desk.today_of(work.catalogue.current())
        return tuple(_view(work, contract, today) for contract in work.contracts.of_customer(customer))


def _view(work: UnitOfWork, contract: Contract, on: date) -> ContractView:
    terms = contract.terms
    its = members(work, contract.state.customer, contract.number)
    active = first_active(its)
    begun = terms.starts_on or active
    states = [state for one in its if (state := one.on(on)) is not None]
    return ContractView(
        contract=contract,
        standing=standing(states),
        term=None if begun is None else term_on(terms, begun, on, pauses(its, on)),
        subscriptions=tuple(one.last.id for one in its),
        is_installing=terms.order is not None and active is None,
    )


def commissions(desk: Desk, since: date, until: date, *, actor: Actor) -> tuple[Earned, ...]:
    """Return what salespeople earned by contracts sold from *since* to before *until*, by number.

    Who has no commission in the catalogue earns nothing. What a month costs is that of the subscriptions
    with which the contract began.
    """
    actor.require(_COMMISSIONS)
    with desk.database.reading() as work:
        catalogue = work.catalogue.current()
        return tuple(_earned(work, catalogue, contract) for contract in work.contracts.sold(since, until))


def _earned(work: UnitOfWork, catalogue: Catalogue, contract: Contract) -> Earned:
    state, terms = contract.state, contract.terms
    assert terms.salesperson is not None  # noqa: S101 - as was asked for
    its = members(work, state.customer, contract.number)
    monthly = total([_price(one) for one in its if one.last.previous is None], catalogue.currency)
    rule = catalogue.commissions.get(terms.salesperson)
    fee = terms.installation
    nothing = zero(catalogue.currency)
    installation = nothing if fee is None else fee.fee - fee.discount
    amount = nothing if rule is None else rule.of_sale(monthly, installation)
    return Earned(terms.salesperson, contract.number, state.customer, terms.sold_on, amount)


def _price(timeline: Timeline) -> Money:
    return timeline.spans[0].state.plan.to_pay()

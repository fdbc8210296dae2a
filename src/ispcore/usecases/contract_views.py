"""Looking at contracts: how one stands, which term runs, what is pending, and what its sale earned."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.contracts import Contract, Term, term_on
from ispcore.plans import Standing, own_discount, pauses, standing_together
from ispcore.usecases.memberships import first_active, in_contract, members
from ispcore.values import ContractNumber, CustomerId, Money, SubscriptionId, total, zero

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.catalog import Catalogue
    from ispcore.contracts import InstallationOrder
    from ispcore.plans import State, Timeline
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

PERMISSION = "contract.read"
_COMMISSIONS = "contract.commissions"


@frozen
class Member:
    """A subscription in a contract: what a full cycle of its plan costs alone, and in the contract."""

    subscription: SubscriptionId
    plan: str
    alone: Money
    to_pay: Money


@frozen
class ContractView:
    """A contract as it is on a day.

    ``term`` is the one that runs, None before it began. ``members`` are the subscriptions that live.
    ``is_installing`` says that what was ordered is still to be done: nothing was active yet, or it is to
    migrate, and nobody said that it is done.
    """

    contract: Contract
    standing: Standing
    term: Term | None
    subscriptions: tuple[SubscriptionId, ...]
    members: tuple[Member, ...]
    is_installing: bool

    @property
    def is_combo(self) -> bool:
        """Whether its subscriptions have a price together."""
        return self.contract.terms.combo is not None


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
        its = members(work, contract.state.customer, contract.number)
        return view_on(contract, its, on or desk.today_of(work.catalogue.current()))


def contracts_of(desk: Desk, customer: CustomerId, *, actor: Actor) -> tuple[ContractView, ...]:
    """Return a customer's contracts as they are today, by number, or raise NotFoundError."""
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        work.customers.check(customer)
        today = desk.today_of(work.catalogue.current())
        lives = [timeline for timeline, _ in work.subscriptions.of_customer(customer)]
        return tuple(
            view_on(contract, in_contract(lives, contract.number), today)
            for contract in work.contracts.of_customer(customer)
        )


def view_on(contract: Contract, its: Sequence[Timeline], on: date) -> ContractView:
    """Return a *contract* as it is on a day with *its* subscriptions."""
    terms = contract.state.terms_on(on)
    active = first_active(its, contract.number)
    begun = terms.starts_on or active
    states = [state for one in its if (state := one.on(on)) is not None]
    return ContractView(
        contract=contract,
        standing=standing_together(states),
        term=None if begun is None else term_on(terms, begun, on, pauses(its, on)),
        subscriptions=tuple(one.last.id for one in its),
        members=tuple(_member(state) for state in states if state.end is None),
        is_installing=_is_open(terms.order, active),
    )


def _is_open(order: InstallationOrder | None, active: date | None) -> bool:
    """Tell whether what was ordered is still to be done."""
    return order is not None and not order.is_done and (order.migrates or active is None)


def _member(state: State) -> Member:
    plan, alone = state.plan, own_discount(state)
    price = plan.price if alone is None else alone.leaves(plan.price)
    return Member(state.id, plan.description, price, plan.to_pay())


def commissions(desk: Desk, since: date, until: date, *, actor: Actor) -> tuple[Earned, ...]:
    """Return what salespeople earned by contracts sold from *since* to before *until*, by number.

    Who has no commission in the catalogue earns nothing. What a month costs is that of the subscriptions
    with which the contract began.
    """
    actor.require(_COMMISSIONS)
    with desk.database.reading() as work:
        catalogue = work.catalogue.current()
        sold = work.contracts.sold(since, until)
        lives = work.subscriptions.of_customers(sorted({one.state.customer for one in sold}))
        return tuple(
            _earned(catalogue, one, [timeline for timeline, _ in lives.get(one.state.customer, ())])
            for one in sold
        )


def _earned(catalogue: Catalogue, contract: Contract, lives: Sequence[Timeline]) -> Earned:
    state, terms = contract.state, contract.terms
    assert terms.salesperson is not None  # noqa: S101 - as was asked for
    its = in_contract(lives, contract.number)
    begun = first_active(its, contract.number) or terms.sold_on
    first = [one for one in its if one.last.previous is None and one.last.started_on <= begun]
    monthly = total([_price(one) for one in first], catalogue.currency)
    rule = catalogue.commissions.get(terms.salesperson)
    fee = terms.installation
    nothing = zero(catalogue.currency)
    installation = nothing if fee is None else fee.fee - fee.discount
    amount = nothing if rule is None else rule.of_sale(monthly, installation)
    return Earned(terms.salesperson, contract.number, state.customer, terms.sold_on, amount)


def _price(timeline: Timeline) -> Money:
    return timeline.spans[0].state.plan.to_pay()

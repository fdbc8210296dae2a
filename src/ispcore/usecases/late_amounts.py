"""Fine and interest of what customers owe, by the policies about late payers: computed, and raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import (
    LATE_KINDS,
    DebitKind,
    LateAmounts,
    Principal,
    Receivable,
    late_charges,
    late_receivables,
    living,
)
from ispcore.catalog import AllocationOrder, LatePolicy
from ispcore.values import ChargeId, PlainCalendar, total

if TYPE_CHECKING:
    from ispcore.billing import ReceivableBalance
    from ispcore.catalog import Catalogue
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.payment_stores import Sold
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import BusinessCalendar, CustomerId, Money, SubscriptionId


@frozen
class LateView:
    """What is to be asked for because receivables are late, and in which order each is paid."""

    asked: Mapping[ChargeId, LateAmounts]
    orders: Mapping[ChargeId, AllocationOrder]

    def order_of(self, receivable: ChargeId) -> AllocationOrder:
        """Return in which order what is about a receivable is paid."""
        return self.orders.get(receivable, LatePolicy().order)


def late_amounts(desk: Desk, work: UnitOfWork, balances: Sequence[ReceivableBalance], on: date) -> LateView:
    """Return what is to be asked for when what is open of *balances* is paid *on* a day.

    What was asked for before is taken off. Nothing is saved.
    """
    late = [one.receivable for one in balances if _is_late(one, on)]
    if not late:
        return LateView({}, {})
    catalogue = work.catalogue.current()
    ids = [one.id for one in late]
    put, before = work.payments.put_to(ids), work.payments.about(ids)
    disputed = desk.money.disputed(work, ids)
    sold = work.payments.sold({one.key.subscription for one in late})
    spared = _spared(work, {one.customer for one in late})
    asked, orders = {}, {}
    for one in late:
        policy, calendar = _terms(catalogue, one, sold.get(one.key.subscription))
        principal = Principal.of(one, put.get(one.id, ()), disputed.get(one.id, ()))
        so_far = _so_far(one, before.get(one.id, ()))
        found = late_charges(principal, policy.charges, calendar, on=on, so_far=so_far)
        orders[one.id] = policy.order
        if not found.total.is_zero and one.key.subscription not in spared:
            asked[one.id] = found
    return LateView(asked, orders)


def _spared(work: UnitOfWork, customers: set[CustomerId]) -> set[SubscriptionId]:
    """Return the subscriptions of which a switch says that neither fine nor interest is asked for.

    Of one that changed its plan the switch of the one that goes on counts, which took it over.
    """
    known, spared = sorted(customers), set()
    people = work.customers.states(known)
    for customer, mine in work.subscriptions.of_customers(known).items():
        states = {row.id: timeline.last for timeline, row in mine}
        for name in states:
            treatment = people[customer].late & states[living(states, name)].late
            if not treatment.charges:
                spared.add(name)
    return spared


def raise_late(
    work: UnitOfWork,
    principals: Sequence[Receivable],
    view: LateView,
    *,
    through: date,
    issued_on: date,
) -> Mapping[ChargeId, tuple[Receivable, ...]]:
    """Raise the fines and interest of *view* about *principals*, and return them by what they are about."""
    those = [one for one in principals if one.id in view.asked]
    wanted = sum((not part.is_zero) for one in those for part in _parts(view.asked[one.id]))
    if not wanted:
        return {}
    numbers = count(work.accounts.new_number(wanted))
    found = {
        one.id: tuple(
            late_receivables(one, view.asked[one.id], through=through, issued_on=issued_on, numbers=numbers)
        )
        for one in those
    }
    work.accounts.raise_all([each for some in found.values() for each in some])
    return found


def _parts(amounts: LateAmounts) -> tuple[Money, Money]:
    return amounts.fine, amounts.interest


def _is_late(balance: ReceivableBalance, on: date) -> bool:
    receivable = balance.receivable
    return receivable.kind not in LATE_KINDS and receivable.due_on < on and balance.open.minor > 0


def _terms(
    catalogue: Catalogue, receivable: Receivable, sold: Sold | None
) -> tuple[LatePolicy, BusinessCalendar]:
    policy = catalogue.late_policy_of(sold.plan if sold else None, receivable.due_on)
    unit = catalogue.units.get(sold.unit) if sold else None
    return policy, unit.calendar if unit else PlainCalendar()


def _so_far(receivable: Receivable, raised: Sequence[Receivable]) -> LateAmounts:
    currency = receivable.amount.currency
    sums = {
        kind: total([one.amount for one in raised if one.kind is kind], currency)
        for kind in (DebitKind.FINE, DebitKind.INTEREST)
    }
    return LateAmounts(sums[DebitKind.FINE], sums[DebitKind.INTEREST])

"""Fine and interest of what customers owe, by the policies about late payers: computed, and raised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import (
    LATE_KINDS,
    DebitKind,
    LateAmounts,
    Principal,
    PrincipalChange,
    Receivable,
    SourceKind,
    late_charges,
    late_receivables,
    living,
    over_asked,
)
from ispcore.catalog import AllocationOrder, LatePolicy
from ispcore.values import BusinessCalendar, ChargeId, Money, PlainCalendar, total

if TYPE_CHECKING:
    from ispcore.billing import ReceivableBalance
    from ispcore.catalog import Catalogue
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.payment_stores import Sold
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId, SubscriptionId


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
    spared = _spared(work, {one.customer for one in late})
    asked, orders = {}, {}
    disputed = desk.money.disputed(work, [one.id for one in late])
    for one in _late(work, late, disputed):
        name = one.receivable.id
        found = late_charges(one.principal, one.policy.charges, one.calendar, on=on, so_far=one.so_far)
        orders[name] = one.policy.order
        if not found.total.is_zero and one.receivable.key.subscription not in spared:
            asked[name] = found
    return LateView(asked, orders)


def too_much(work: UnitOfWork, open_now: Iterable[ReceivableBalance]) -> dict[ReceivableBalance, Money]:
    """Return what of fines and interest among *open_now* is asked for though it was never owed.

    Nothing is saved; what was paid of them stays paid.
    """
    open_late = [one for one in open_now if one.receivable.kind in LATE_KINDS]
    abouts = {one.receivable.about for one in open_late if one.receivable.about is not None}
    if not abouts:
        return {}
    known = work.payments.receivables(sorted(abouts))
    let_go = _let_go(work, known)
    found: dict[ReceivableBalance, Money] = {}
    for one in _late(work, [each.receivable for each in known.values()], {}):
        on = max(each.through for each in one.raised if each.through is not None)
        over = over_asked(one.principal, one.policy.charges, one.calendar, on=on, so_far=one.so_far)
        mine = [each for each in open_late if each.receivable.about == one.receivable.id]
        for kind, amount in ((DebitKind.FINE, over.fine), (DebitKind.INTEREST, over.interest)):
            names = [each.id for each in one.raised if each.kind is kind]
            gone = sum(let_go[name] for name in names)
            found |= _taken([each for each in mine if each.receivable.kind is kind], amount.minor - gone)
    return found


def _let_go(work: UnitOfWork, abouts: Iterable[ChargeId]) -> Counter[ChargeId]:
    """Return how much was let go, in minor units, of what was raised because these are late."""
    raised = [one.id for some in work.payments.about(sorted(abouts)).values() for one in some]
    found: Counter[ChargeId] = Counter()
    for name, some in work.payments.put_to(raised).items():
        found[name] = sum(one.settled_minor for one in some if one.source_kind is SourceKind.WAIVER)
    return found


def _taken(some: Sequence[ReceivableBalance], minor: int) -> dict[ReceivableBalance, Money]:
    """Return how much of *some* makes up for what was asked for too much, the latest first."""
    found, left = {}, minor
    for one in sorted(some, key=lambda one: one.receivable.due_on, reverse=True):
        part = min(one.open.minor, left)
        if part > 0:
            found[one] = Money(part, one.open.currency)
            left -= part
    return found


@frozen
class _Late:
    """A late receivable, as far as it was paid, with its terms and what was asked for because of it."""

    receivable: Receivable
    principal: Principal
    policy: LatePolicy
    calendar: BusinessCalendar
    raised: Sequence[Receivable]

    @property
    def so_far(self) -> LateAmounts:
        """The fine and the interest that were asked for."""
        currency = self.receivable.amount.currency
        fine, interest = (
            total([one.amount for one in self.raised if one.kind is kind], currency)
            for kind in (DebitKind.FINE, DebitKind.INTEREST)
        )
        return LateAmounts(fine, interest)


def _late(
    work: UnitOfWork,
    receivables: Sequence[Receivable],
    disputed: Mapping[ChargeId, tuple[PrincipalChange, ...]],
) -> Iterator[_Late]:
    ids = [one.id for one in receivables]
    put, raised = work.payments.put_to(ids), work.payments.about(ids)
    sold = work.payments.sold({one.key.subscription for one in receivables})
    catalogue = work.catalogue.current()
    for one in receivables:
        policy, calendar = _terms(catalogue, one, sold.get(one.key.subscription))
        principal = Principal.of(one, put.get(one.id, ()), disputed.get(one.id, ()))
        yield _Late(one, principal, policy, calendar, raised.get(one.id, ()))


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

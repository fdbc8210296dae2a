"""What is looked at of a customer who may be late: the debts, the subscriptions, what is known of both."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from ispcore.billing.entries import ReceivableBalance
from ispcore.catalog import Catalogue, LatePolicy, LateTreatment
from ispcore.plans import State
from ispcore.values import (
    BusinessCalendar,
    ChargeId,
    CustomerId,
    Money,
    PlainCalendar,
    SubscriptionId,
)

_OPEN_CALENDAR = PlainCalendar()


@frozen
class OpenDebt:
    """What one slip asks for, or one receivable that is on none.

    ``subject`` is what a notice is about; ``names`` are all those under which its parts were ever asked for,
    so that a slip that was made anew is no new debt.
    """

    subject: str
    names: frozenset[str]
    parts: tuple[ReceivableBalance, ...]


def alone(balance: ReceivableBalance) -> OpenDebt:
    """Return a receivable that is on no slip as a debt of its own."""
    name = str(balance.receivable.id)
    return OpenDebt(name, frozenset({name}), (balance,))


@frozen(kw_only=True)
class LateCase:
    """What is looked at of a customer on a day.

    ``states`` are the subscriptions as they are on that day. ``told`` and ``reached`` say by subject and
    code of a stage when its notice was handed over, and when it was reached; ``promises`` by which day a
    receivable is to be paid, and ``disputes`` how much of one is contested.
    """

    customer: CustomerId
    on: date
    catalogue: Catalogue
    debts: tuple[OpenDebt, ...]
    states: Mapping[SubscriptionId, State]
    told: Mapping[tuple[str, str], date] = field(factory=dict)
    reached: Mapping[tuple[str, str], date] = field(factory=dict)
    promises: Mapping[ChargeId, date] = field(factory=dict)
    disputes: Mapping[ChargeId, Money] = field(factory=dict)
    treatment: LateTreatment = LateTreatment()

    def policy_of(self, subscription: SubscriptionId, day: date) -> LatePolicy:
        """Return how late payment of *subscription* is treated, for what was due on *day*."""
        state = self.states.get(subscription)
        return self.catalogue.late_policy_of(None if state is None else state.plan.offer, day)

    def calendar_of(self, subscription: SubscriptionId) -> BusinessCalendar:
        """Return the calendar by which *subscription* may be paid."""
        state = self.states.get(subscription)
        unit = None if state is None else self.catalogue.units.get(state.unit)
        return _OPEN_CALENDAR if unit is None else unit.calendar

    def treatment_of(self, state: State) -> LateTreatment:
        """Return what may be done to a subscription by itself, the customer's switches counted."""
        return self.treatment & state.late

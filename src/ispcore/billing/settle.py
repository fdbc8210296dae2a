"""Putting payments, credits and balances to receivables.

A credit first lowers the open receivables that it repairs, the newest first; only what was paid becomes
balance. The next receivables of the same customer, company and currency use the balance up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.billing.entries import Allocation, Holder, SourceKind
from ispcore.values import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ispcore.billing.entries import Charge, Payment, Receivable
    from ispcore.values import ChargeId


class OpenAmounts:
    """What is still open of receivables and in balances, in minor units, while allocations are made."""

    def __init__(
        self,
        receivables: Iterable[tuple[Receivable, int]],
        balances: Iterable[tuple[Holder, int]],
        reopened: Mapping[ChargeId, int] | None = None,
    ) -> None:
        """Begin with what is open of each receivable, how much was *reopened* of it, and the balances."""
        self._reopened = reopened or {}
        self._open: dict[ChargeId, int] = {}
        self._receivables: dict[ChargeId, Receivable] = {}
        self._balances = dict(balances)
        for receivable, amount in receivables:
            self.add(receivable, amount)

    def add(self, receivable: Receivable, amount: int | None = None) -> None:
        """Take up a *receivable* with what is open of it, by default all."""
        self._receivables[receivable.id] = receivable
        self._open[receivable.id] = receivable.amount.minor if amount is None else amount

    def settle_credit(self, credit: Charge, on: date) -> Iterator[Allocation]:
        """Yield where *credit* goes: to the open receivables of its key, the rest to the balance."""
        mine = [receivable for receivable in self._receivables.values() if receivable.key == credit.key]
        newest_first = sorted(mine, key=lambda one: (one.issued_on, one.id), reverse=True)
        holder = Holder(credit.customer, credit.target.company, credit.amount.currency.code)
        for receivable, part in self._spend(credit.amount, holder, newest_first):
            yield Allocation(SourceKind.CREDIT, credit.id, holder, receivable, part, on)

    def settle_payment(self, payment: Payment, receivables: Iterable[Receivable]) -> Iterator[Allocation]:
        """Yield where *payment* goes: to *receivables* in their order, the rest to the balance."""
        holder = Holder(payment.customer, payment.company, payment.amount.currency.code)
        for receivable, part in self._spend(payment.amount, holder, receivables):
            yield Allocation(SourceKind.PAYMENT, payment.id, holder, receivable, part, payment.paid_on)

    def use_balance(self, on: date) -> Iterator[Allocation]:
        """Yield what the balances pay of the open receivables, the first due first."""
        if not any(amount > 0 for amount in self._balances.values()):
            return
        for receivable in sorted(self._receivables.values(), key=lambda one: (one.due_on, one.id)):
            holder = Holder(receivable.customer, receivable.target.company, receivable.amount.currency.code)
            part = min(self._open[receivable.id], self._balances.get(holder, 0))
            if part > 0:
                # What was never put to a receivable only falls, so it tells one use from another.
                source = f"{receivable.id}:{self._open[receivable.id] - self._reopened.get(receivable.id, 0)}"
                self._open[receivable.id] -= part
                self._balances[holder] -= part
                amount = Money(part, receivable.amount.currency)
                yield Allocation(SourceKind.BALANCE, source, holder, receivable.id, amount, on)

    def _spend(
        self, amount: Money, holder: Holder, receivables: Iterable[Receivable]
    ) -> Iterator[tuple[ChargeId | None, Money]]:
        """Yield the parts of *amount* that receivables take, and what is left for the balance: None."""
        left = amount.minor
        for receivable in receivables:
            part = min(left, self._open[receivable.id])
            if part > 0:
                self._open[receivable.id] -= part
                left -= part
                yield receivable.id, Money(part, amount.currency)
        if left > 0:
            self._balances[holder] = self._balances.get(holder, 0) + left
            yield None, Money(left, amount.currency)

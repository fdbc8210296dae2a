"""Putting payments, credits and balances to receivables.

A credit first lowers the open receivables that it repairs, the newest first, or the instalments of the
agreements that stand in their place. Then it takes the place of what was let go of them: nobody paid that.
Only the rest, which was paid, becomes balance. The next receivables of the same customer, company and
currency use the balance up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing.entries import Allocation, Holder, SourceKind
from ispcore.values import ChargeId, Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.billing.entries import Charge, Payment, Receivable

_GIVES_WAY = {SourceKind.WAIVER: SourceKind.UNWAIVED, SourceKind.WRITE_OFF: SourceKind.UNWRITTEN}
"""What was let go, and the entry that says that a credit took its place."""


@frozen
class LetGo:
    """What became of a receivable though nobody paid it, in minor units.

    ``agreed`` is what stands in instalments instead, by the agreement, which is their item.
    """

    waived: int = 0
    written_off: int = 0
    agreed: Mapping[str, int] = field(factory=dict)


class OpenAmounts:
    """What is still open of receivables and in balances, in minor units, while allocations are made."""

    def __init__(
        self,
        receivables: Iterable[tuple[Receivable, int]],
        balances: Iterable[tuple[Holder, int]],
        reopened: Mapping[ChargeId, int] | None = None,
        let_go: Mapping[ChargeId, LetGo] | None = None,
    ) -> None:
        """Begin with what is open of each receivable, how much was *reopened* of it, and the balances.

        *let_go* tells what of them, and of settled ones among them, was not paid either.
        """
        self._reopened = reopened or {}
        known = (let_go or {}).items()
        self._let_go = {
            SourceKind.WAIVER: {name: one.waived for name, one in known},
            SourceKind.WRITE_OFF: {name: one.written_off for name, one in known},
        }
        self._agreed = {name: dict(one.agreed) for name, one in known if one.agreed}
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
        """Yield where *credit* goes: to what is open of its key, or was let go, the rest to the balance."""
        mine = [receivable for receivable in self._receivables.values() if receivable.key == credit.key]
        family, left = _newest_first(mine), credit.amount.minor
        holder = self._holder_of(credit)
        lowered: Counter[ChargeId] = Counter()
        replaced: Counter[tuple[SourceKind, ChargeId]] = Counter()
        for receivable, part in self._taken(self._open, left, family):
            lowered[receivable] += part
            left -= part
        for kind, amounts in self._let_go.items():
            for receivable, part in self._taken(amounts, left, family):
                lowered[receivable] += part
                replaced[_GIVES_WAY[kind], receivable] += part
                left -= part
        for name, minor in lowered.items():
            yield self._put(SourceKind.CREDIT, credit, name, minor, on)
        for (kind, name), minor in replaced.items():
            yield self._put(kind, credit, name, minor, on)
        if left > 0:
            self._balances[holder] = self._balances.get(holder, 0) + left
            yield self._put(SourceKind.CREDIT, credit, None, left, on)

    def _put(
        self, kind: SourceKind, credit: Charge, target: ChargeId | None, minor: int, on: date
    ) -> Allocation:
        amount = Money(minor, credit.amount.currency)
        return Allocation(kind, credit.id, self._holder_of(credit), target, amount, on)

    def _holder_of(self, credit: Charge) -> Holder:
        return Holder(credit.customer, credit.target.company, credit.amount.currency.code)

    def _taken(
        self, amounts: dict[ChargeId, int], most: int, family: Sequence[Receivable]
    ) -> Iterator[tuple[ChargeId, int]]:
        """Yield what is taken of *amounts* of a *family*, or of instalments that stand for a part of it."""
        left = most
        for one in family:
            part = min(left, amounts.get(one.id, 0))
            if part > 0:
                amounts[one.id] -= part
                left -= part
                yield one.id, part
        for one in family:
            agreed = self._agreed.get(one.id, {})
            for agreement, minor in agreed.items():
                for name, part in self._taken(amounts, min(left, minor), self._instalments(agreement)):
                    agreed[agreement] -= part
                    left -= part
                    yield name, part

    def _instalments(self, agreement: str) -> Sequence[Receivable]:
        """Return the instalments of an *agreement*, the last due first."""
        return _newest_first(one for one in self._receivables.values() if one.key.item == agreement)

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


def _newest_first(some: Iterable[Receivable]) -> Sequence[Receivable]:
    return sorted(some, key=lambda one: (one.issued_on, one.due_on, one.id), reverse=True)

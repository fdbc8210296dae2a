"""What belongs together when something is paid: a debt with its fine and its interest.

A payment goes debt by debt; within one, in the order of the policy about late payers. Taking a payment back
empties every place that it went to, and what the balance had lent meanwhile comes back first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.billing.desired import ChargeKey
from ispcore.billing.entries import Allocation, Receivable, SourceKind, charge_id, taken_back
from ispcore.billing.late_charges import LATE_KINDS
from ispcore.catalog import AllocationOrder, DebitKind
from ispcore.plans import Cycle
from ispcore.values import ChargeId, ItemId, LineId, Money, Period, add_months, split_evenly

if TYPE_CHECKING:
    from ispcore.billing.entries import ReceivableBalance
    from ispcore.billing.late_charges import LateAmounts

_PRINCIPAL = "principal"
_ORDERS = {
    AllocationOrder.INTEREST_FIRST: (DebitKind.INTEREST, DebitKind.FINE, _PRINCIPAL),
    AllocationOrder.FINE_FIRST: (DebitKind.FINE, DebitKind.INTEREST, _PRINCIPAL),
    AllocationOrder.PRINCIPAL_FIRST: (_PRINCIPAL, DebitKind.FINE, DebitKind.INTEREST),
}
_DESCRIPTIONS = {DebitKind.FINE: "Fine", DebitKind.INTEREST: "Interest"}


@frozen
class Debt:
    """What is open about one receivable: itself, and fines and interest about it."""

    about: ChargeId
    parts: tuple[tuple[Receivable, int], ...]
    """Receivables with what is open of each, in minor units."""

    @property
    def open_minor(self) -> int:
        """How much is open altogether."""
        return sum(minor for _, minor in self.parts)

    def in_order(self, order: AllocationOrder) -> tuple[tuple[Receivable, int], ...]:
        """Return the parts as a payment meets them."""
        ranks = {kind: rank for rank, kind in enumerate(_ORDERS[order])}
        usual = ranks[_PRINCIPAL]
        return tuple(sorted(self.parts, key=lambda part: ranks.get(part[0].kind, usual)))

    def with_parts(self, raised: Iterable[Receivable]) -> Debt:
        """Return the debt with what was *raised* about it."""
        return evolve(self, parts=(*self.parts, *((one, one.amount.minor) for one in raised)))


def debts_of(balances: Iterable[ReceivableBalance]) -> tuple[Debt, ...]:
    """Return *balances* by what they are about, each debt where its first part stood."""
    found: dict[ChargeId, list[tuple[Receivable, int]]] = {}
    for one in balances:
        late = one.receivable.kind in LATE_KINDS and one.receivable.about is not None
        about = one.receivable.about if late and one.receivable.about else one.receivable.id
        found.setdefault(about, []).append((one.receivable, one.open.minor))
    return tuple(Debt(about, tuple(parts)) for about, parts in found.items())


def numbered(receivable: Receivable, kind: DebitKind, number: int, line: str = "main") -> Receivable:
    """Return *receivable* as one of another *kind* with a *number* of its own, raised on its issue day."""
    day = Period.through(receivable.issued_on, receivable.issued_on)
    key = ChargeKey(
        receivable.key.subscription,
        ItemId(f"{kind.value}:{number}"),
        LineId(line),
        receivable.target.company,
        Cycle(day, 0),
    )
    return evolve(receivable, id=charge_id(key, 0), key=key, kind=kind)


def late_receivables(
    principal: Receivable, asked: LateAmounts, *, through: date, issued_on: date, numbers: Iterable[int]
) -> Iterator[Receivable]:
    """Yield the fine and the interest *asked* for about *principal*, *through* the day they are due."""
    number = iter(numbers)
    for kind, amount in ((DebitKind.FINE, asked.fine), (DebitKind.INTEREST, asked.interest)):
        if amount.minor > 0:
            like = evolve(
                principal,
                amount=amount,
                description=_DESCRIPTIONS[kind],
                due_on=through,
                issued_on=issued_on,
                accrual=through.replace(day=1),
                document_accrual=through.replace(day=1),
                about=principal.id,
                through=through,
            )
            yield numbered(like, kind, next(number))


def instalments(
    whole: Receivable, *, parts: int, first_due: date, number: int, last_takes_spare: bool
) -> tuple[Receivable, ...]:
    """Return a *whole* in so many monthly *parts* of one agreement, booked as it was.

    They sum to it. The first ones take a spare cent each, or the last ones do. A part of nothing is left out.
    """
    split = split_evenly(whole.amount, parts)
    found = []
    for n, part in enumerate(split[::-1] if last_takes_spare else split):
        due_on = add_months(first_due, n, anchor_day=first_due.day)
        one = evolve(
            whole,
            amount=part,
            description=f"Agreement {number}, {n + 1} of {parts}",
            due_on=due_on,
            accrual=due_on.replace(day=1),
            document_accrual=due_on.replace(day=1),
            about=None,
            through=None,
        )
        found.append(numbered(one, DebitKind.AGREEMENT, number, str(n + 1)))
    return tuple(one for one in found if one.amount.minor > 0)


def reversal(put: Iterable[Allocation], on: date) -> tuple[Allocation, ...]:
    """Return what takes a payment back *on* a day from everywhere that it was *put*."""
    return tuple(evolve(one, source_kind=SourceKind.REVERSAL, on=on) for one in put)


@frozen
class Returned:
    """What comes back to a balance, and how much of that had been refunded."""

    allocations: tuple[Allocation, ...]
    refunded_minor: int


def returns(moves: Sequence[Allocation], minor: int, on: date) -> Returned:
    """Return so much to a balance *on* a day, given everything that ever moved it.

    Its uses come back first, the latest one first, then what was refunded of it.
    """
    left, refunded = minor, 0
    found: list[Allocation] = []
    for use, rest, number in _used(moves):
        part = min(left, rest)
        if part > 0:
            left -= part
            refunded += part if use.source_kind is SourceKind.REFUND else 0
            amount = Money(part, use.amount.currency)
            source = f"{use.source}/{number}"
            found.append(evolve(use, source_kind=SourceKind.RETURN, source=source, amount=amount, on=on))
    return Returned(tuple(found), refunded)


def _used(moves: Sequence[Allocation]) -> Iterator[tuple[Allocation, int, int]]:
    """Yield what was taken from a balance, what was not returned of it yet, and the next return's number."""
    returned: dict[tuple[str, ChargeId | None], list[int]] = {}
    for one in moves:
        if one.source_kind is SourceKind.RETURN:
            returned.setdefault((taken_back(one), one.receivable), []).append(one.amount.minor)
    for kind in (SourceKind.BALANCE, SourceKind.REFUND):
        uses = [one for one in moves if one.source_kind is kind]
        for use in sorted(uses, key=lambda one: (one.on, one.source), reverse=True):
            before = returned.get((use.source, use.receivable), [])
            yield use, use.amount.minor - sum(before), len(before) + 1

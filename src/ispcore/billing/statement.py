"""What a customer was asked for and paid, by company and currency, with a running balance.

Above zero the customer owes; below, money is kept for them. What only moves between a receivable and the
balance changes neither and is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum

from attrs import evolve, field, frozen

from ispcore.billing.entries import Allocation, Holder, Receivable, SourceKind
from ispcore.values import ChargeId, Money, as_tuple


class StatementKind(Enum):
    """What a line of a statement is."""

    DEBIT = "debit"
    PAYMENT = "payment"
    CREDIT = "credit"
    WAIVER = "waiver"
    WRITE_OFF = "write_off"
    AGREEMENT = "agreement"
    TRANSFER = "transfer"
    REVERSAL = "reversal"
    REFUND = "refund"
    RETURN = "return"
    """A refund that is asked for again."""
    UNWAIVED = "unwaived"
    """A waiver that a credit took the place of."""
    UNWRITTEN = "unwritten"
    """What was written off, and a credit took the place of it."""


@frozen(kw_only=True)
class StatementLine:
    """A day's amount: above zero it is asked for, below it was paid or let go; and the balance after it."""

    on: date
    kind: StatementKind
    text: str
    amount: Money
    balance: Money
    receivable: ChargeId | None = None
    due_on: date | None = None


@frozen
class Statement:
    """One company's account of a customer: what was owed before, the lines, and what is owed after them."""

    holder: Holder
    before: Money
    lines: tuple[StatementLine, ...] = field(converter=as_tuple)

    @property
    def balance(self) -> Money:
        """What is owed after the last line."""
        return self.lines[-1].balance if self.lines else self.before


_LOWERS = {
    SourceKind.PAYMENT,
    SourceKind.CREDIT,
    SourceKind.WAIVER,
    SourceKind.WRITE_OFF,
    SourceKind.AGREEMENT,
    SourceKind.TRANSFER,
    SourceKind.RETURN,
}


def statements(
    receivables: Iterable[Receivable],
    allocations: Iterable[Allocation],
    *,
    since: date | None = None,
    until: date | None = None,
) -> tuple[Statement, ...]:
    """Return the accounts of one customer, one for each company and currency.

    The lines are those from *since* through *until*; what was before is in the first balance.
    """
    found: dict[Holder, list[StatementLine]] = {}
    for one in receivables:
        holder = Holder(one.customer, one.target.company, one.amount.currency.code)
        found.setdefault(holder, []).append(_debit(one))
    for holder, line in _sources(allocations):
        found.setdefault(holder, []).append(line)
    return tuple(_account(holder, found[holder], since, until) for holder in sorted(found))


def _debit(one: Receivable) -> StatementLine:
    return StatementLine(
        on=one.issued_on,
        kind=StatementKind.DEBIT,
        text=one.description,
        amount=one.amount,
        balance=one.amount,
        receivable=one.id,
        due_on=one.due_on,
    )


def _sources(allocations: Iterable[Allocation]) -> list[tuple[Holder, StatementLine]]:
    """Return what came from outside or was let go, each source once."""
    sums: dict[tuple[Holder, SourceKind, str, date], Money] = {}
    for one in allocations:
        inner = one.receivable is not None and one.source_kind is SourceKind.RETURN
        if inner or one.source_kind is SourceKind.BALANCE:
            continue
        amount = -one.amount if one.source_kind in _LOWERS else one.amount
        key = (one.holder, one.source_kind, one.source, one.on)
        sums[key] = sums[key] + amount if key in sums else amount
    return [
        (
            holder,
            StatementLine(on=on, kind=StatementKind(kind.value), text=source, amount=amount, balance=amount),
        )
        for (holder, kind, source, on), amount in sums.items()
    ]


def _account(
    holder: Holder, lines: Sequence[StatementLine], since: date | None, until: date | None
) -> Statement:
    ordered = sorted(lines, key=lambda line: (line.on, line.amount.minor < 0, line.kind.value, line.text))
    running = Money(0, ordered[0].amount.currency)
    before, shown = running, []
    for line in ordered:
        if until is not None and line.on > until:
            break
        running += line.amount
        if since is not None and line.on < since:
            before = running
        else:
            shown.append(evolve(line, balance=running))
    return Statement(holder, before, shown)

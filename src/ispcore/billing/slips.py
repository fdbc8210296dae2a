"""Slips: what is sent to be paid, amounts of one customer that go together.

A slip stays as it was sent while its amounts are what is owed; paying a part does not change them. What is
taken back, waived, renegotiated or written off does: then another slip takes its place. An amount stands on
one slip at most.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.catalog import DebitKind
from ispcore.values import BookId, ChargeId, CustomerId, Money, SlipId, as_tuple, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ispcore.billing.entries import Receivable, ReceivableBalance


class SlipState(Enum):
    """What has become of a slip."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    REPLACED = "replaced"
    """Another slip asks for what it asked for."""
    CANCELLED = "cancelled"
    """It was taken back, or nothing of it is owed any more although it was not paid."""

    @property
    def waits(self) -> bool:
        """Whether money is still expected by it."""
        return self in {SlipState.OPEN, SlipState.PARTLY_PAID}


@frozen
class SlipLine:
    """An amount on a slip, and what had been paid of its receivable before.

    A line is ``gathered`` where it was overdue already and had been asked for otherwise.
    """

    receivable: ChargeId
    amount: Money
    paid_before: Money
    gathered: bool = False

    @property
    def owed(self) -> Money:
        """What was owed of the receivable when the slip was made, paid or not."""
        return self.amount + self.paid_before


@frozen
class SlipGroup:
    """What the amounts of one slip have in common."""

    customer: CustomerId
    company: str
    charge_method: str
    currency: str

    @classmethod
    def of(cls, receivable: Receivable) -> SlipGroup:
        """Return the group that *receivable* belongs to."""
        return cls(
            receivable.customer,
            receivable.target.company,
            receivable.charge_method,
            receivable.amount.currency.code,
        )


@frozen
class Slip:
    """What was sent to be paid, and what became of it."""

    id: SlipId
    group: SlipGroup
    due_on: date
    issued_on: date
    lines: tuple[SlipLine, ...] = field(converter=as_tuple)
    state: SlipState
    replaced_by: SlipId | None = None
    book: BookId | None = None

    @property
    def customer(self) -> CustomerId:
        """Who is to pay it."""
        return self.group.customer

    @property
    def amount(self) -> Money:
        """What it asks for: the sum of its lines."""
        return total([line.amount for line in self.lines], self.lines[0].amount.currency)

    @property
    def receivables(self) -> tuple[ChargeId, ...]:
        """The receivables that stand on it."""
        return tuple(line.receivable for line in self.lines)


def owed_of(balance: ReceivableBalance) -> Money:
    """Return what is owed of a receivable, paid or not: all but what was let go, in whatever way."""
    return balance.open + balance.paid


def slip_state(
    ended: SlipState | None, lines: Iterable[SlipLine], balances: Mapping[ChargeId, ReceivableBalance]
) -> SlipState:
    """Return the state of a slip with these *lines*, by what became of their receivables."""
    if ended is not None:
        return ended
    known = [(line, balances[line.receivable]) for line in lines]
    paid = any(balance.paid > line.paid_before for line, balance in known)
    if any(balance.open.minor > 0 for _, balance in known):
        return SlipState.PARTLY_PAID if paid else SlipState.OPEN
    return SlipState.PAID if paid else SlipState.CANCELLED


def is_outdated(slip: Slip, balances: Mapping[ChargeId, ReceivableBalance]) -> bool:
    """Tell whether *slip* asks for another amount than is owed, and something of it still is.

    A payment that was made before the slip and is taken back makes it ask for too little.
    """
    known = [(line, balances[line.receivable]) for line in slip.lines]
    changed = any(owed_of(balance) != line.owed or balance.paid < line.paid_before for line, balance in known)
    return changed and any(balance.open.minor > 0 for _, balance in known)


def line_for(balance: ReceivableBalance, *, gathered: bool = False) -> SlipLine:
    """Return the line that asks for what is open of a receivable."""
    return SlipLine(balance.receivable.id, balance.open, balance.paid, gathered)


def is_fee(balance: ReceivableBalance) -> bool:
    """Tell whether an amount is the fee of a slip."""
    return balance.receivable.kind is DebitKind.SLIP_FEE

"""The entries of the books: appended, never changed. Every state is a fold of them.

An amount in an entry is positive; what it does is in its type.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import frozen

from ispcore.billing.desired import ChargeKey
from ispcore.catalog import Target
from ispcore.values import ChargeId, CustomerId, Money, PaymentId


class EntryKind(Enum):
    """Whether an entry raises or lowers what was issued for its key."""

    CHARGE = "charge"
    CREDIT = "credit"


@frozen
class Charge:
    """What was issued, or taken back, for a key.

    ``fact`` is the sequence of the last fact that was considered: key and fact make the entry unique.
    ``days`` of ``days_of`` were owed; the weights are the same in the measure of the day count. ``through``
    is set where a cycle still open was billed up to that day.
    """

    key: ChargeKey
    fact: int
    kind: EntryKind
    amount: Money
    customer: CustomerId
    description: str
    target: Target
    issued_on: date
    days: int
    days_of: int
    weight: int
    weight_of: int
    rule_version: int
    through: date | None = None

    @property
    def id(self) -> ChargeId:
        """The entry's name, the same in every run: ``104:plan:access@main:2012-02-01:0:3``."""
        return charge_id(self.key, self.fact, self.through)

    @property
    def signed_minor(self) -> int:
        """The amount in minor units, negative for a credit."""
        return self.amount.minor if self.kind is EntryKind.CHARGE else -self.amount.minor


def charge_id(key: ChargeKey, fact: int, through: date | None = None) -> ChargeId:
    """Return the name of the entry for *key* after *fact*, of an open cycle up to *through*."""
    cycle, part = key.cycle, f":{through}" if through else ""
    return ChargeId(
        f"{key.subscription}:{key.item}:{key.line}@{key.company}:{cycle.period.start}:{cycle.move}:{fact}{part}"
    )


@frozen
class Receivable:
    """One amount to receive: one line of one closing. It carries its charge's id.

    ``accrual`` and ``document_accrual`` are the first days of the months that the charge and its document
    belong to.
    """

    id: ChargeId
    key: ChargeKey
    customer: CustomerId
    amount: Money
    description: str
    target: Target
    charge_method: str
    due_on: date
    issued_on: date
    accrual: date
    document_accrual: date
    separate_slip: bool
    separate_document: bool


@frozen
class Payment:
    """Money that arrived; the provider's id is recorded once."""

    id: PaymentId
    customer: CustomerId
    company: str
    amount: Money
    paid_on: date
    provider: str
    provider_id: str


class SourceKind(Enum):
    """Where an allocated amount comes from."""

    PAYMENT = "payment"
    CREDIT = "credit"
    BALANCE = "balance"


@frozen(order=True)
class Holder:
    """Whose balance: kept by customer, company and currency."""

    customer: CustomerId
    company: str
    currency: str


@frozen
class Allocation:
    """An amount put to a receivable, or to the holder's balance where ``receivable`` is None.

    ``source`` is the payment's or the credit's id; an amount taken from the balance names the receivable and
    what was open of it before.
    """

    source_kind: SourceKind
    source: str
    holder: Holder
    receivable: ChargeId | None
    amount: Money
    on: date

    @property
    def balance_minor(self) -> int:
        """What it does to the holder's balance, in minor units."""
        if self.source_kind is SourceKind.BALANCE:
            return -self.amount.minor
        return self.amount.minor if self.receivable is None else 0


class ReceivableState(Enum):
    """What has become of a receivable."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CANCELLED = "cancelled"
    """Taken back by credits before anything was paid."""


@frozen
class ReceivableBalance:
    """A receivable with what was put to it: paid (by payments and balances), and credited."""

    receivable: Receivable
    paid: Money
    credited: Money

    @property
    def open(self) -> Money:
        """What is still to receive."""
        return self.receivable.amount - self.paid - self.credited

    @property
    def state(self) -> ReceivableState:
        """The receivable's state, from what was put to it."""
        if self.open.minor > 0:
            return ReceivableState.OPEN if self.paid.is_zero else ReceivableState.PARTLY_PAID
        return ReceivableState.CANCELLED if self.paid.is_zero else ReceivableState.PAID

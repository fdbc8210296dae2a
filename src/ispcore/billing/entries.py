"""The entries of the books: appended, never changed. Every state is a fold of them.

An amount in an entry is positive; what it does is in its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from attrs import frozen

from ispcore.billing.desired import ChargeKey
from ispcore.catalog import DebitKind, Target
from ispcore.values import ChargeId, CustomerId, Money, PaymentId


class EntryKind(Enum):
    """Whether an entry raises or lowers what was issued for its key."""

    CHARGE = "charge"
    CREDIT = "credit"
    RAISED = "raised"
    """A charge that no closing computes: a sale, a fee, interest. A command or a day raised it."""


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
        return -self.amount.minor if self.kind is EntryKind.CREDIT else self.amount.minor


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
    belong to. A fine or interest is ``about`` a receivable that is late, and counts ``through`` a day.
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
    kind: DebitKind = DebitKind.FEE
    about: ChargeId | None = None
    through: date | None = None


def raised(receivable: Receivable) -> Charge:
    """Return the charge behind a *receivable* that no closing made."""
    return Charge(
        key=receivable.key,
        fact=0,
        kind=EntryKind.RAISED,
        amount=receivable.amount,
        customer=receivable.customer,
        description=receivable.description,
        target=receivable.target,
        issued_on=receivable.issued_on,
        days=0,
        days_of=0,
        weight=0,
        weight_of=0,
        rule_version=0,
    )


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
    """Where an allocated amount comes from, or why an amount is not received any more."""

    PAYMENT = "payment"
    CREDIT = "credit"
    """What a closing took back."""
    WAIVER = "waiver"
    """What a person let go."""
    BALANCE = "balance"
    WRITE_OFF = "write_off"
    AGREEMENT = "agreement"
    """It was renegotiated; other receivables stand in its place."""
    TRANSFER = "transfer"
    """Another customer owes it since a transfer."""
    REVERSAL = "reversal"
    """A payment that was taken back, from where it had gone."""
    RETURN = "return"
    """A use of the balance that was taken back; the balance has it again. So is a refund."""
    REFUND = "refund"
    """Paid out of the balance."""
    UNWAIVED = "unwaived"
    """A credit took the place of a waiver: what is not billed any more need not be let go."""
    UNWRITTEN = "unwritten"
    """A credit took the place of what was written off."""


_LOWERS = {SourceKind.BALANCE, SourceKind.REFUND, SourceKind.REVERSAL}
"""What takes money out of the balance."""
REOPENING = frozenset({SourceKind.REVERSAL, SourceKind.RETURN, SourceKind.UNWAIVED, SourceKind.UNWRITTEN})
"""What takes back something that was put to a receivable."""


@frozen(order=True)
class Holder:
    """Whose balance: kept by customer, company and currency."""

    customer: CustomerId
    company: str
    currency: str


@frozen
class Allocation:
    """An amount put to a receivable, or to the holder's balance where ``receivable`` is None.

    ``source`` is the id of the payment, credit, waiver or agreement; an amount taken from the balance names
    the receivable and what was never put to it before. What is reversed has the source of what it takes back;
    what is returned too, numbered after a slash, since a use may be returned bit by bit. What gives way to a
    credit has the credit's.
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
        if self.source_kind is SourceKind.RETURN:
            return self.amount.minor
        if self.receivable is not None and self.source_kind is not SourceKind.BALANCE:
            return 0
        return -self.amount.minor if self.source_kind in _LOWERS else self.amount.minor

    @property
    def settled_minor(self) -> int:
        """How much less is open of the receivable, in minor units."""
        if self.receivable is None:
            return 0
        return -self.amount.minor if self.source_kind in REOPENING else self.amount.minor


def taken_back(allocation: Allocation) -> str:
    """Return the source that an *allocation* takes back, or its own where it takes back nothing."""
    if allocation.source_kind is SourceKind.RETURN:
        return allocation.source.rpartition("/")[0]
    return allocation.source


class ReceivableState(Enum):
    """What has become of a receivable."""

    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CANCELLED = "cancelled"
    """Taken back by credits before anything was paid."""
    RENEGOTIATED = "renegotiated"
    WRITTEN_OFF = "written_off"


@frozen
class ReceivableBalance:
    """A receivable with what became of it: paid (also by balances), credited, renegotiated, written off.

    Every minor unit of its amount is in one of these, or still open.
    """

    receivable: Receivable
    paid: Money
    credited: Money
    renegotiated: Money
    written_off: Money

    @classmethod
    def of(cls, receivable: Receivable, settled: Mapping[SourceKind, int]) -> ReceivableBalance:
        """Return *receivable* with what was *settled* of it, in minor units by the kind of the source."""
        sums = dict.fromkeys(_PLACES.values(), 0)
        for kind, minor in settled.items():
            sums[_PLACES[kind]] += -minor if kind in REOPENING else minor
        currency = receivable.amount.currency
        return cls(receivable, **{place: Money(minor, currency) for place, minor in sums.items()})

    @property
    def open(self) -> Money:
        """What is still to receive."""
        return self.receivable.amount - self.paid - self.credited - self.renegotiated - self.written_off

    @property
    def state(self) -> ReceivableState:
        """The receivable's state, from what became of it."""
        if self.open.minor > 0:
            return ReceivableState.OPEN if self.paid.is_zero else ReceivableState.PARTLY_PAID
        if not self.written_off.is_zero:
            return ReceivableState.WRITTEN_OFF
        if not self.renegotiated.is_zero:
            return ReceivableState.RENEGOTIATED
        return ReceivableState.CANCELLED if self.paid.is_zero else ReceivableState.PAID


_PLACES = {
    SourceKind.PAYMENT: "paid",
    SourceKind.BALANCE: "paid",
    SourceKind.REVERSAL: "paid",
    SourceKind.RETURN: "paid",
    SourceKind.CREDIT: "credited",
    SourceKind.WAIVER: "credited",
    SourceKind.AGREEMENT: "renegotiated",
    SourceKind.TRANSFER: "renegotiated",
    SourceKind.WRITE_OFF: "written_off",
    SourceKind.UNWAIVED: "credited",
    SourceKind.UNWRITTEN: "written_off",
}

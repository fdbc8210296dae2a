"""What is beside payments: who settled what and why, and payments that wait for a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import NamedTuple, Protocol

from attrs import frozen

from ispcore.billing import Allocation, Holder, Payment, Receivable, ReceivableBalance, SourceKind
from ispcore.values import ChargeId, CustomerId, Money, PaymentId, SlipId, SubscriptionId


@frozen(kw_only=True)
class Settlement:
    """What a person did about debts or a balance; ``id`` is the source of its allocations.

    Where a payment was taken back, ``payment`` is the source instead.
    """

    id: str
    kind: SourceKind
    holder: Holder
    amount: Money
    on: date
    reason: str
    at: datetime
    actor: str
    command_id: str
    payment: PaymentId | None = None


class ParkedState(Enum):
    """What became of a payment that could not be recorded."""

    WAITING = "waiting"
    RECORDED = "recorded"
    DROPPED = "dropped"
    """It was none of ours; the reason says what was done with the money."""


@frozen(kw_only=True)
class ParkedPayment:
    """Money that was reported and could not be recorded as it was, with the rule that forbade it."""

    number: int
    provider: str
    provider_id: str
    amount: Money
    paid_on: date
    customer: CustomerId | None
    customer_code: str | None
    slip: SlipId | None
    company: str | None
    rule: str
    message: str
    state: ParkedState = ParkedState.WAITING
    parked_at: datetime
    actor: str
    payment: PaymentId | None = None
    resolved_at: datetime | None = None
    resolved_by: str | None = None
    reason: str | None = None

    @property
    def notice(self) -> str:
        """What was reported, in one text: the same report is parked once."""
        parts = (
            self.provider,
            self.provider_id,
            self.amount,
            self.paid_on,
            self.customer,
            self.customer_code,
            self.slip,
            self.company,
        )
        return "|".join("" if part is None else str(part) for part in parts)


class Sold(NamedTuple):
    """Which plan a subscription is of, and which business unit serves it."""

    plan: str
    unit: str


class Payments(Protocol):
    """Payments by their ids, and what is beside them."""

    def get(self, payment: PaymentId) -> Payment | None:
        """Return a payment."""
        ...

    def receivables(self, ids: Sequence[ChargeId]) -> Mapping[ChargeId, ReceivableBalance]:
        """Return those of the receivables that there are, with what became of each."""
        ...

    def about(self, ids: Sequence[ChargeId]) -> Mapping[ChargeId, tuple[Receivable, ...]]:
        """Return the fines and interest that were raised about each of these receivables."""
        ...

    def put_to(self, ids: Sequence[ChargeId]) -> Mapping[ChargeId, tuple[Allocation, ...]]:
        """Return everything that was put to each of these receivables."""
        ...

    def put_by(self, kind: SourceKind, source: str) -> tuple[Allocation, ...]:
        """Return where a source went."""
        ...

    def moves(self, holder: Holder) -> tuple[Allocation, ...]:
        """Return everything that ever moved a holder's balance."""
        ...

    def sold(self, ids: Collection[SubscriptionId]) -> Mapping[SubscriptionId, Sold]:
        """Return plan and business unit of these subscriptions."""
        ...

    def any_of(self, customer: CustomerId, company: str) -> Receivable | None:
        """Return the latest receivable of a customer and company, whatever became of it."""
        ...

    def note(self, settlement: Settlement) -> None:
        """Keep who settled what, or raise RefusedError where the payment was taken back before."""
        ...

    def settlements(self, customer: CustomerId) -> tuple[Settlement, ...]:
        """Return what persons did about a customer's debts and balances, the oldest first."""
        ...

    def erase_reasons(self, customer: CustomerId) -> int:
        """Erase why persons did something about a customer's debts and balances; return how many reasons."""
        ...

    def park(self, parked: ParkedPayment) -> ParkedPayment:
        """Keep a payment that could not be recorded, and return the one that is kept under these words."""
        ...

    def parked(self, number: int) -> ParkedPayment:
        """Return a parked payment, waiting for others who resolve it, or raise NotFoundError."""
        ...

    def parked_as(self, notice: str) -> ParkedPayment | None:
        """Return the parked payment that was reported in these words."""
        ...

    def all_parked(self, state: ParkedState | None) -> tuple[ParkedPayment, ...]:
        """Return the parked payments, of one *state* or all, the oldest first."""
        ...

    def resolve(self, parked: ParkedPayment) -> None:
        """Keep what became of a parked payment."""
        ...

"""The commands about money that has come, or that will not come."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from ispcore.catalog import SpareCents
from ispcore.values import ChargeId, CustomerId, Money, PaymentId, SlipId, check_types


@frozen(kw_only=True)
class MoneyCommand:
    """A command about what customers owe and what they paid."""

    permission: ClassVar[str]

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class RecordPayment(MoneyCommand):
    """Money that a provider reports.

    It goes to the receivables of its ``slip``, or those that are named, or else to what the customer owes
    that company, the first due first. Fine and interest through ``paid_on`` are asked for first, and let go
    with ``waive_late``.
    """

    permission: ClassVar[str] = "payment.record"

    customer: CustomerId | None = None
    amount: Money
    paid_on: date
    provider: str
    provider_id: str
    company: str | None = None
    receivables: tuple[ChargeId, ...] | None = None
    slip: SlipId | None = None
    waive_late: bool = False


@frozen(kw_only=True)
class ReceivePayment(MoneyCommand):
    """Money that a provider reports, recorded if it can be and parked if not, so that nothing is lost."""

    permission: ClassVar[str] = "payment.record"

    amount: Money
    paid_on: date
    provider: str
    provider_id: str
    slip: SlipId | None = None
    customer: CustomerId | None = None
    customer_code: str | None = None
    company: str | None = None


@frozen(kw_only=True)
class ResolveParked(MoneyCommand):
    """Record a parked payment, by what is said here or else by what was reported.

    ``amount`` is what it is worth, where it came in another currency; ``paid_on`` its day, if that was wrong.
    """

    permission: ClassVar[str] = "payment.resolve"

    parked: int
    customer: CustomerId | None = None
    slip: SlipId | None = None
    company: str | None = None
    receivables: tuple[ChargeId, ...] | None = None
    amount: Money | None = None
    paid_on: date | None = None


@frozen(kw_only=True)
class DropParked(MoneyCommand):
    """Give up a parked payment that is none of ours; the reason says what was done with the money."""

    permission: ClassVar[str] = "payment.resolve"

    parked: int
    reason: str


@frozen(kw_only=True)
class SettlingCommand(MoneyCommand):
    """What a person does about debts and balances, with the ``reason``; it is noted with who and when."""

    reason: str


@frozen(kw_only=True)
class ReversePayment(SettlingCommand):
    """Take a payment back from everywhere that it went, because the money did not stay."""

    permission: ClassVar[str] = "payment.reverse"

    payment: PaymentId
    on: date | None = None


@frozen(kw_only=True)
class Refund(SettlingCommand):
    """Pay a balance out, all of it unless ``amount`` says how much."""

    permission: ClassVar[str] = "payment.refund"

    customer: CustomerId
    company: str
    amount: Money | None = None
    on: date | None = None


@frozen(kw_only=True)
class WriteOff(SettlingCommand):
    """Give up what is open of receivables: nobody will pay it."""

    permission: ClassVar[str] = "debt.write-off"

    receivables: tuple[ChargeId, ...]
    on: date | None = None


@frozen(kw_only=True)
class Waive(SettlingCommand):
    """Let a customer off what is open of a receivable, or an ``amount`` of it."""

    permission: ClassVar[str] = "debt.waive"

    receivable: ChargeId
    amount: Money | None = None
    on: date | None = None


@frozen(kw_only=True)
class Renegotiate(SettlingCommand):
    """Put instalments in the place of receivables: those that are named, or everything that is overdue.

    Fine and interest through the day are part of it, unless ``with_late`` says no.
    """

    permission: ClassVar[str] = "debt.renegotiate"

    customer: CustomerId
    instalments: int
    first_due: date
    receivables: tuple[ChargeId, ...] | None = None
    with_late: bool = True
    on: date | None = None
    spare_cents: SpareCents = SpareCents.FIRST

"""Record a payment: once for each id of the provider, put to receivables, the rest to the balance."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Allocation, OpenAmounts, Payment
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.late import ease
from ispcore.values import ChargeId, CustomerId, Money, PaymentId, check_types

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.billing import ReceivableBalance
    from ispcore.catalog import Catalogue
    from ispcore.timeline import Actor

PERMISSION = "payment.record"
_LONGEST = 40
_HIGHEST = 10**15


@frozen(kw_only=True)
class RecordPayment:
    """Money that a provider reports.

    Without ``receivables`` it goes to what the customer owes that company, the first due first.
    """

    customer: CustomerId
    amount: Money
    paid_on: date
    provider: str
    provider_id: str
    company: str | None = None
    receivables: tuple[ChargeId, ...] | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen
class PaymentRecorded:
    """A payment and where it went; ``known`` says that it had been recorded before and nothing was done."""

    payment: Payment
    allocations: tuple[Allocation, ...]
    known: bool = False


def record_payment(desk: Desk, command: RecordPayment, *, actor: Actor) -> PaymentRecorded:
    """Record a payment; the same one again changes nothing.

    Raises:
        InvalidValueError: an amount that is not positive or too high, or a provider's id that cannot be kept.
        NotFoundError: the customer or a receivable does not exist.
        RefusedError: the same id with another amount, or a company that cannot be told.
    """
    actor.require(PERMISSION)
    _check(command)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        work.customers.get(command.customer)
        known = work.ledger.payment(command.provider, command.provider_id)
        if known is not None:
            return PaymentRecorded(_same(known, command), (), known=True)
        everything = work.ledger.receivables(command.customer)
        _check_kept(command, everything, work.catalogue.current())
        chosen = _chosen(command, everything)
        payment = Payment(
            id=PaymentId(f"{command.provider}:{command.provider_id}"),
            customer=command.customer,
            company=_company(command, chosen),
            amount=command.amount,
            paid_on=command.paid_on,
            provider=command.provider,
            provider_id=command.provider_id,
        )
        mine = [one for one in chosen if one.receivable.target.company == payment.company]
        amounts = OpenAmounts([(one.receivable, one.open.minor) for one in mine], [])
        put = tuple(amounts.settle_payment(payment, [one.receivable for one in mine]))
        work.ledger.record_payment(
            payment, put, at=desk.clock.now(), actor=actor.id, command_id=writing.command_id
        )
        ease(work, writing, command.customer, paid=True)
    return PaymentRecorded(payment, put)


def _check(command: RecordPayment) -> None:
    if command.amount.minor <= 0:
        raise InvalidValueError(f"A payment of {command.amount} is none.", hint="Its amount is above zero.")
    if command.amount.minor >= _HIGHEST:
        raise InvalidValueError(
            f"A payment of {command.amount} is more than any bill.", hint="Look for a missing decimal point."
        )
    for text in (command.provider, command.provider_id):
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise InvalidValueError(
                f"{text!r} cannot name a payment.",
                hint=f"Use 1 to {_LONGEST} printable characters for provider and id.",
            )
    if ":" in command.provider:
        raise InvalidValueError(
            f"{command.provider!r} cannot name a provider.", hint="It has no ':', which parts it from the id."
        )


def _check_kept(
    command: RecordPayment, everything: Sequence[ReceivableBalance], catalogue: Catalogue
) -> None:
    """Refuse money that nobody here could owe: of another currency, or to an unknown company."""
    if command.amount.currency != catalogue.currency:
        raise RefusedError(
            f"A payment of {command.amount} cannot be kept: the books are in {catalogue.currency.code}.",
            rule="currency",
        )
    companies = {*catalogue.companies, *(one.receivable.target.company for one in everything)}
    if command.company is not None and command.company not in companies:
        known = ", ".join(sorted(companies))
        raise NotFoundError("company", command.company, hint=f"There are: {known}.")


def _same(known: Payment, command: RecordPayment) -> Payment:
    given = (command.amount, command.customer, command.company or known.company)
    if given != (known.amount, known.customer, known.company):
        raise RefusedError(
            f"The payment {known.id} was recorded as {known.amount} of customer {known.customer}.",
            rule="payment-differs",
            hint="A provider's id is used once.",
        )
    return known


def _chosen(command: RecordPayment, everything: Sequence[ReceivableBalance]) -> list[ReceivableBalance]:
    if command.receivables is None:
        return [one for one in everything if one.open.minor > 0]
    by_id = {one.receivable.id: one for one in everything}
    for name in command.receivables:
        if name not in by_id:
            raise NotFoundError("receivable", name, hint=f"It is none of customer {command.customer}.")
    return [by_id[name] for name in command.receivables]


def _company(command: RecordPayment, chosen: Sequence[ReceivableBalance]) -> str:
    companies = {one.receivable.target.company for one in chosen}
    if command.company is not None:
        if command.receivables is not None and companies - {command.company}:
            raise RefusedError(
                f"A receivable is not one of company {command.company!r}.",
                rule="company",
                hint="Pay each company apart.",
            )
        return command.company
    if len(companies) != 1:
        raise RefusedError(
            f"It cannot be told which company was paid: {', '.join(sorted(companies)) or 'nothing is open'}.",
            rule="company",
            hint="Name the company.",
        )
    return companies.pop()

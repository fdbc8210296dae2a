"""Record a payment: once for each id of the provider, put to receivables, the rest to the balance.

What was paid late bears fine and interest through the day of payment; they are raised as the money reaches
what they are about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.billing import (
    Allocation,
    Debt,
    OpenAmounts,
    Payment,
    Receivable,
    ReceivableBalance,
    SourceKind,
    debts_of,
)
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.late import ease
from ispcore.usecases.late_amounts import late_amounts, raise_late
from ispcore.usecases.money_commands import RecordPayment, Waive
from ispcore.usecases.settled import Settling
from ispcore.values import ChargeId, CustomerId, Money, PaymentId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.usecases.late_amounts import LateView
    from ispcore.usecases.ports import UnitOfWork

_LONGEST = 40
_HIGHEST = 10**15


@frozen
class PaymentRecorded:
    """A payment and where it went; ``known`` says that it had been recorded before and nothing was done.

    ``raised`` are the fines and interest that were asked for by it.
    """

    payment: Payment
    allocations: tuple[Allocation, ...]
    known: bool = False
    raised: tuple[Receivable, ...] = ()


@frozen
class DecidedPayment:
    """A payment that may be recorded, with the receivables that it is for, in their order."""

    payment: Payment
    chosen: tuple[ReceivableBalance, ...]
    known: bool = False
    waive_late: bool = False


def record_payment(desk: Desk, command: RecordPayment, *, actor: Actor) -> PaymentRecorded:
    """Record a payment; the same one again changes nothing.

    Raises:
        InvalidValueError: an amount that is not positive or too high, or a provider's id that cannot be kept.
        NotFoundError: the customer, the slip or a receivable does not exist.
        RefusedError: the same id with another amount, a cancelled slip, or a company that cannot be told.
    """
    actor.require(command.permission)
    if command.waive_late:
        actor.require(Waive.permission)
    check_name(command.provider, command.provider_id)
    check_amount(command.amount)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        decided = decide_payment(desk, work, command)
        return write_payment(desk, work, decided, writing)


def check_name(provider: str, provider_id: str) -> None:
    """Refuse what cannot name a payment."""
    for text in (provider, provider_id):
        if not text or len(text) > _LONGEST or not text.isprintable():
            raise InvalidValueError(
                f"{text!r} cannot name a payment.",
                hint=f"Use 1 to {_LONGEST} printable characters for provider and id.",
            )
    if ":" in provider:
        raise InvalidValueError(
            f"{provider!r} cannot name a provider.", hint="It has no ':', which parts it from the id."
        )


def check_amount(amount: Money) -> None:
    """Refuse what cannot have been paid."""
    if amount.minor <= 0:
        raise InvalidValueError(f"A payment of {amount} is none.", hint="Its amount is above zero.")
    if amount.minor >= _HIGHEST:
        raise InvalidValueError(
            f"A payment of {amount} is more than any bill.", hint="Look for a missing decimal point."
        )


def decide_payment(desk: Desk, work: UnitOfWork, command: RecordPayment) -> DecidedPayment:
    """Return the payment with what it is for, in the customer's turn; nothing is written.

    Raises:
        NotFoundError, RefusedError: a rule forbids it.
    """
    known = work.ledger.payment(command.provider, command.provider_id)
    if known is not None:
        return DecidedPayment(_same(known, command), (), known=True)
    command = _of_slip(desk, work, command)
    if command.customer is None:
        raise InvalidValueError("Nobody is named who pays.", hint="Name the customer or the slip.")
    work.customers.check(command.customer)
    work.accounts.turns([command.customer])
    # Read again: who had the turn before may have recorded it.
    known = work.ledger.payment(command.provider, command.provider_id)
    if known is not None:
        return DecidedPayment(_same(known, command), (), known=True)
    open_now = work.accounts.open([command.customer])[command.customer]
    chosen = _chosen(work, command, command.customer, open_now)
    _check_kept(work, command, command.customer, chosen)
    _check_come(desk, work, command.paid_on)
    payment = Payment(
        id=PaymentId(f"{command.provider}:{command.provider_id}"),
        customer=command.customer,
        company=_company(command, chosen),
        amount=command.amount,
        paid_on=command.paid_on,
        provider=command.provider,
        provider_id=command.provider_id,
    )
    mine = tuple(one for one in chosen if one.receivable.target.company == payment.company)
    return DecidedPayment(payment, mine, waive_late=command.waive_late)


def _of_slip(desk: Desk, work: UnitOfWork, command: RecordPayment) -> RecordPayment:
    """Return a payment for a slip as one for what the slip asks for."""
    if command.slip is None:
        return command
    slip = desk.money.slip(work, command.slip)
    if slip is None:
        raise NotFoundError("slip", command.slip, hint="Look for a typing error, or name the customer.")
    if slip.cancelled:
        raise RefusedError(
            f"The slip {slip.id} was cancelled.",
            rule="slip-cancelled",
            hint="Name the customer, and what was meant to be paid.",
        )
    if command.customer not in (None, slip.customer):
        raise RefusedError(
            f"The slip {slip.id} is of customer {slip.customer}.",
            rule="customer-differs",
            hint=f"Leave the customer {command.customer} out, or name another slip.",
        )
    if command.company not in (None, slip.company):
        raise RefusedError(
            f"The slip {slip.id} is of company {slip.company!r}.",
            rule="company",
            hint="Leave the company out.",
        )
    receivables = command.receivables if command.receivables is not None else slip.receivables
    return evolve(command, customer=slip.customer, company=slip.company, receivables=receivables)


def write_payment(desk: Desk, work: UnitOfWork, decided: DecidedPayment, writing: Writing) -> PaymentRecorded:
    """Raise what is to be asked for, and put the payment where it goes."""
    payment = decided.payment
    if decided.known:
        return PaymentRecorded(payment, (), known=True)
    view = late_amounts(desk, work, decided.chosen, payment.paid_on)
    reached = _reached(decided, view)
    principals = {one.receivable.id: one.receivable for one in decided.chosen}
    reached_late = [principals[debt.about] for debt in reached if debt.about in principals]
    issued_on = desk.today_of(work.catalogue.current())
    raised = raise_late(work, reached_late, view, through=payment.paid_on, issued_on=issued_on)
    if decided.waive_late:
        _let_go(desk, work, [one for some in raised.values() for one in some], payment, writing)
    else:
        reached = [debt.with_parts(raised.get(debt.about, ())) for debt in reached]
    parts = [part for debt in reached for part in debt.in_order(view.order_of(debt.about))]
    amounts = OpenAmounts(parts, [])
    put = tuple(amounts.settle_payment(payment, [receivable for receivable, _ in parts]))
    at, actor = desk.clock.now(), writing.actor.id
    work.ledger.record_payment(payment, put, at=at, actor=actor, command_id=writing.command_id)
    ease(work, writing, payment.customer, paid=True)
    return PaymentRecorded(payment, put, raised=tuple(one for some in raised.values() for one in some))


def _reached(decided: DecidedPayment, view: LateView) -> list[Debt]:
    """Return the debts that the money reaches."""
    found, left = [], decided.payment.amount.minor
    for debt in debts_of(decided.chosen):
        if left <= 0:
            break
        found.append(debt)
        asked = view.asked.get(debt.about)
        left -= debt.open_minor + (asked.total.minor if asked and not decided.waive_late else 0)
    return found


def _let_go(
    desk: Desk, work: UnitOfWork, raised: Sequence[Receivable], payment: Payment, writing: Writing
) -> None:
    """Let fines and interest go that were asked for by a payment."""
    settling = Settling(desk, writing, f"with payment {payment.id}")
    amounts = {ReceivableBalance.of(one, {}): one.amount for one in raised}
    settling.put(work, SourceKind.WAIVER, amounts, payment.paid_on)


def _check_kept(
    work: UnitOfWork, command: RecordPayment, customer: CustomerId, chosen: Sequence[ReceivableBalance]
) -> None:
    """Refuse money that nobody here could owe: of another currency, or to an unknown company."""
    catalogue = work.catalogue.current()
    if command.amount.currency != catalogue.currency:
        raise RefusedError(
            f"A payment of {command.amount} cannot be kept: the books are in {catalogue.currency.code}.",
            rule="currency",
        )
    companies = {*catalogue.companies, *_companies(chosen)}
    if command.company is None or command.company in companies:
        return
    # A company that was withdrawn may have been owed something.
    companies |= _companies(work.ledger.receivables(customer))
    if command.company not in companies:
        known = ", ".join(sorted(companies))
        raise NotFoundError("company", command.company, hint=f"There are: {known}.")


def _check_come(desk: Desk, work: UnitOfWork, paid_on: date) -> None:
    """Refuse a day that no money can have been paid on yet: it would ask for interest through that day."""
    today = desk.today_of(work.catalogue.current())
    if paid_on > today:
        raise RefusedError(
            f"A payment on {paid_on} is still to come: today is {today}.",
            rule="paid-later",
            hint="Look at the year; record it once it was paid.",
        )


def _same(known: Payment, command: RecordPayment) -> Payment:
    customer, company = command.customer or known.customer, command.company or known.company
    if (command.amount, customer, company) != (known.amount, known.customer, known.company):
        raise RefusedError(
            f"The payment {known.id} was recorded as {known.amount} of customer {known.customer}.",
            rule="payment-differs",
            hint="A provider's id is used once.",
        )
    return known


def _chosen(
    work: UnitOfWork, command: RecordPayment, customer: CustomerId, open_now: Sequence[ReceivableBalance]
) -> list[ReceivableBalance]:
    """Return what is named, with the open fines and interest about it, or else all that is open."""
    if command.receivables is None:
        return list(open_now)
    by_id = {one.receivable.id: one for one in open_now}
    settled = work.payments.receivables([name for name in command.receivables if name not in by_id])
    found: dict[ChargeId, ReceivableBalance] = {}
    for name in command.receivables:
        one = by_id.get(name) or settled.get(name)
        if one is None or one.receivable.customer != customer:
            raise NotFoundError("receivable", name, hint=f"It is none of customer {customer}.")
        found[name] = one
        found.update((each.receivable.id, each) for each in _about(name, open_now))
    return list(found.values())


def _about(name: ChargeId, open_now: Sequence[ReceivableBalance]) -> Iterator[ReceivableBalance]:
    return (one for one in open_now if one.receivable.about == name)


def _companies(some: Sequence[ReceivableBalance]) -> set[str]:
    return {one.receivable.target.company for one in some}


def _company(command: RecordPayment, chosen: Sequence[ReceivableBalance]) -> str:
    companies: Collection[str] = _companies(chosen)
    if command.company is not None:
        if command.receivables is not None and set(companies) - {command.company}:
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
    (company,) = companies
    return company

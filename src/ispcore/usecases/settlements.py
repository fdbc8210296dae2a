"""What persons do about debts and balances: refund, write off, let go; each noted with who, when and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ispcore.billing import Allocation, Holder, ReceivableBalance, SourceKind
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.usecases.desk import Desk
from ispcore.usecases.let_go import follow
from ispcore.usecases.money_commands import Refund, Waive, WriteOff
from ispcore.usecases.payment_stores import Settlement
from ispcore.usecases.settled import Settled, Settling
from ispcore.values import ChargeId, CustomerId, Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork


def refund(desk: Desk, command: Refund, *, actor: Actor) -> Settled:
    """Pay out of a balance.

    Raises:
        NotFoundError: there is no such customer.
        RefusedError: the balance is lower.
    """
    settling = Settling.begin(desk, actor, command.permission, command.reason)
    with desk.database.writing() as work:
        work.customers.get(command.customer)
        work.accounts.turns([command.customer])
        on = settling.day(work, command.on)
        currency = work.catalogue.current().currency
        holder = Holder(command.customer, command.company, currency.code)
        there = work.ledger.balances(command.customer).get(holder, Money(0, currency))
        amount = there if command.amount is None else command.amount
        if amount.currency != currency or not 0 < amount.minor <= there.minor:
            raise RefusedError(
                f"{amount} cannot be paid out: the balance of customer {command.customer} with"
                f" {command.company!r} is {there}.",
                rule="balance",
                hint="Refund what is there, or less.",
            )
        settlement = settling.settlement(work, SourceKind.REFUND, holder, amount, on)
        put = Allocation(SourceKind.REFUND, settlement.id, holder, None, amount, on)
        work.accounts.put([put])
    return Settled((settlement,), (put,))


def write_off(desk: Desk, command: WriteOff, *, actor: Actor) -> Settled:
    """Give up what is open of receivables.

    Raises:
        NotFoundError: a receivable does not exist.
        RefusedError: nothing of it is open.
    """
    settling = Settling.begin(desk, actor, command.permission, command.reason)
    with desk.database.writing() as work:
        chosen = open_in_turn(work, command.receivables)
        on = settling.day(work, command.on)
        return _let_go(settling, work, SourceKind.WRITE_OFF, {one: one.open for one in chosen}, on)


def waive(desk: Desk, command: Waive, *, actor: Actor) -> Settled:
    """Let a customer off a receivable, or a part of it.

    Raises:
        NotFoundError: the receivable does not exist.
        RefusedError: less than that is open, or it stands on a document that was issued.
    """
    settling = Settling.begin(desk, actor, command.permission, command.reason)
    with desk.database.writing() as work:
        (one,) = open_in_turn(work, [command.receivable])
        amount = one.open if command.amount is None else command.amount
        if amount.currency != one.open.currency or not 0 < amount.minor <= one.open.minor:
            raise RefusedError(
                f"{amount} of {command.receivable} cannot be let go: {one.open} of it is open.",
                rule="open-amount",
                hint="Let go what is open, or less.",
            )
        check_unissued(desk, work, [command.receivable])
        on = settling.day(work, command.on)
        return _let_go(settling, work, SourceKind.WAIVER, {one: amount}, on)


def _let_go(
    settling: Settling,
    work: UnitOfWork,
    kind: SourceKind,
    amounts: Mapping[ReceivableBalance, Money],
    on: date,
) -> Settled:
    """Let *amounts* of a customer's receivables go, and what follows of it."""
    found = settling.put(work, kind, amounts, on)
    (customer,) = {one.receivable.customer for one in amounts}
    follow(work, settling.writing, customer, [one.receivable for one in found.allocations], on)
    return found


def check_unissued(desk: Desk, work: UnitOfWork, ids: Sequence[ChargeId]) -> None:
    """Refuse receivables that an issued document froze."""
    for name, document in desk.money.issued(work, ids).items():
        raise RefusedError(
            f"{name} stands on the document {document}, which was issued: it takes no discount.",
            rule="document-issued",
            hint="Cancel the document, let go, and issue it again.",
        )


def open_in_turn(work: UnitOfWork, ids: Sequence[ChargeId]) -> list[ReceivableBalance]:
    """Return open receivables of one customer, in the customer's turn.

    Raises:
        NotFoundError: there is no such receivable.
        RefusedError: nothing of one is open, or they are of several customers.
    """
    names = list(dict.fromkeys(ids))
    if not names:
        raise InvalidValueError("No receivable is named.", hint="Name at least one.")
    customer = _customer_of(work, names)
    work.accounts.turns([customer])
    found = work.payments.receivables(names)
    for name in names:
        if found[name].open.minor <= 0:
            raise RefusedError(f"Nothing of {name} is open: it is {found[name].state.value}.", rule="settled")
    return [found[name] for name in names]


def _customer_of(work: UnitOfWork, names: Sequence[ChargeId]) -> CustomerId:
    found = work.payments.receivables(names)
    for name in names:
        if name not in found:
            raise NotFoundError("receivable", name, hint="The customer's statement lists them.")
    customers = {one.receivable.customer for one in found.values()}
    if len(customers) > 1:
        raise RefusedError(
            f"The receivables are of the customers {', '.join(map(str, sorted(customers)))}.",
            rule="customer-differs",
            hint="Settle each customer's apart.",
        )
    return customers.pop()


def settlements(desk: Desk, customer: CustomerId, *, actor: Actor) -> tuple[Settlement, ...]:
    """Return what persons did about a customer's debts and balances, the oldest first."""
    actor.require("customer.read")
    with desk.database.reading() as work:
        work.customers.get(customer)
        return work.payments.settlements(customer)

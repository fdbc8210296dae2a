"""What persons do about debts and balances: refund, write off, let go; each noted with who, when and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Allocation, Holder, Receivable, ReceivableBalance, SourceKind
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.let_go import follow
from ispcore.usecases.money_commands import Refund, Waive, WriteOff
from ispcore.usecases.payment_stores import Settlement
from ispcore.values import ChargeId, CustomerId, Money, PaymentId, check_length, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork

LONGEST_REASON = 200


@frozen
class Settled:
    """What was settled, who settled it and why, and what was raised instead."""

    settlements: tuple[Settlement, ...]
    allocations: tuple[Allocation, ...]
    raised: tuple[Receivable, ...] = ()


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
        return settling.let_go(work, SourceKind.WRITE_OFF, {one: one.open for one in chosen}, on)


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
        return settling.let_go(work, SourceKind.WAIVER, {one: amount}, on)


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


@frozen
class Settling:
    """One command about debts being written down."""

    desk: Desk
    writing: Writing
    reason: str

    @staticmethod
    def begin(desk: Desk, actor: Actor, permission: str, reason: str) -> Settling:
        """Begin to write a command down, if *actor* may give it and says why."""
        actor.require(permission)
        if not reason.strip() or not reason.isprintable():
            raise RefusedError(
                "It needs a reason.", rule="reason-required", hint="Say why, in one line of text."
            )
        check_length("reason", reason, LONGEST_REASON)
        return Settling(desk, begin(desk, actor), reason)

    def day(self, work: UnitOfWork, on: date | None) -> date:
        """Return the day it counts from: today unless another one is given."""
        return on or self.desk.today_of(work.catalogue.current())

    def settlement(  # noqa: PLR0913 - all of it is what is noted
        self,
        work: UnitOfWork,
        kind: SourceKind,
        holder: Holder,
        amount: Money,
        on: date,
        *,
        number: int | None = None,
        payment: PaymentId | None = None,
    ) -> Settlement:
        """Note who settled how much of whose, and why."""
        number = work.accounts.new_number() if number is None else number
        settlement = Settlement(
            id=f"{kind.value}:{number}",
            kind=kind,
            holder=holder,
            amount=amount,
            on=on,
            reason=self.reason,
            at=self.desk.clock.now(),
            actor=self.writing.actor.id,
            command_id=self.writing.command_id,
            payment=payment,
        )
        work.payments.note(settlement)
        return settlement

    def let_go(
        self, work: UnitOfWork, kind: SourceKind, amounts: Mapping[ReceivableBalance, Money], on: date
    ) -> Settled:
        """Let *amounts* of a customer's receivables go, and what follows of it."""
        found = self.put(work, kind, amounts, on)
        (customer,) = {one.receivable.customer for one in amounts}
        follow(work, self.writing, customer, [one.receivable for one in found.allocations], on)
        return found

    def put(
        self, work: UnitOfWork, kind: SourceKind, amounts: Mapping[ReceivableBalance, Money], on: date
    ) -> Settled:
        """Put *amounts* to receivables, noted once for each company."""
        noted: list[Settlement] = []
        put: list[Allocation] = []
        for holder, some in by_holder(amounts).items():
            whole = total([amounts[one] for one in some], amounts[some[0]].currency)
            settlement = self.settlement(work, kind, holder, whole, on)
            noted.append(settlement)
            put += [
                Allocation(kind, settlement.id, holder, one.receivable.id, amounts[one], on) for one in some
            ]
        work.accounts.put(put)
        return Settled(tuple(noted), tuple(put))


def by_holder(some: Iterable[ReceivableBalance]) -> dict[Holder, list[ReceivableBalance]]:
    """Return receivables by whose balance they could be paid from."""
    found: dict[Holder, list[ReceivableBalance]] = {}
    for one in some:
        target, currency = one.receivable.target, one.receivable.amount.currency.code
        found.setdefault(Holder(one.receivable.customer, target.company, currency), []).append(one)
    return found


def settlements(desk: Desk, customer: CustomerId, *, actor: Actor) -> tuple[Settlement, ...]:
    """Return what persons did about a customer's debts and balances, the oldest first."""
    actor.require("customer.read")
    with desk.database.reading() as work:
        work.customers.get(customer)
        return work.payments.settlements(customer)

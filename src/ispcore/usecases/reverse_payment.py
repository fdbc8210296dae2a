"""Take a payment back: it is emptied from wherever it went.

What its balance had lent meanwhile is returned first, so a balance never goes below zero; what was refunded
of it is owed again. Fine and interest that were asked for stay: the debt was late.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing import (
    Allocation,
    DebitKind,
    Holder,
    Payment,
    Receivable,
    Returned,
    SourceKind,
    numbered,
    returns,
    reversal,
)
from ispcore.errors import NotFoundError, RefusedError
from ispcore.usecases.settled import Settled, Settling
from ispcore.values import Money

if TYPE_CHECKING:
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.money_commands import ReversePayment
    from ispcore.usecases.ports import UnitOfWork


def reverse_payment(desk: Desk, command: ReversePayment, *, actor: Actor) -> Settled:
    """Take a payment back.

    Raises:
        NotFoundError: there is no such payment.
        RefusedError: it was taken back before, or was refunded and nobody can be asked for it.
    """
    settling = Settling.begin(desk, actor, command.permission, command.reason)
    with desk.database.writing() as work:
        payment = _payment(work, command)
        work.accounts.turns([payment.customer])
        if work.payments.put_by(SourceKind.REVERSAL, payment.id):
            raise RefusedError(f"The payment {payment.id} was taken back before.", rule="reversed")
        on = settling.day(work, command.on)
        holder = Holder(payment.customer, payment.company, payment.amount.currency.code)
        back = reversal(work.payments.put_by(SourceKind.PAYMENT, payment.id), on)
        returned = _returned(work, holder, back, on)
        raised = _owed_again(work, payment, returned, on)
        settlement = settling.settlement(
            work, SourceKind.REVERSAL, holder, payment.amount, on, payment=payment.id
        )
        put = (*returned.allocations, *back)
        work.accounts.put(put)
    return Settled((settlement,), put, raised)


def _payment(work: UnitOfWork, command: ReversePayment) -> Payment:
    payment = work.payments.get(command.payment)
    if payment is None:
        hint = "It is the provider's name and its id there: 'bank:2026-0001'."
        raise NotFoundError("payment", command.payment, hint=hint)
    return payment


def _returned(work: UnitOfWork, holder: Holder, back: tuple[Allocation, ...], on: date) -> Returned:
    """Return what must come back to the balance before the payment's part is taken out of it."""
    from_balance = sum(one.amount.minor for one in back if one.receivable is None)
    there = work.ledger.balances(holder.customer).get(holder)
    missing = from_balance - (there.minor if there else 0)
    if missing <= 0:
        return Returned((), 0)
    return returns(work.payments.moves(holder), missing, on)


def _owed_again(work: UnitOfWork, payment: Payment, returned: Returned, on: date) -> tuple[Receivable, ...]:
    """Ask for what was refunded out of a payment that did not stay."""
    if not returned.refunded_minor:
        return ()
    like = work.payments.any_of(payment.customer, payment.company)
    amount = Money(returned.refunded_minor, payment.amount.currency)
    if like is None:
        raise RefusedError(
            f"{amount} of the payment {payment.id} was refunded, and there is no bill to ask for it with.",
            rule="refunded",
            hint="Close a bill of the customer first.",
        )
    again = evolve(
        like,
        amount=amount,
        description="Refund of a payment that was taken back",
        due_on=on,
        issued_on=on,
        accrual=on.replace(day=1),
        document_accrual=on.replace(day=1),
        about=None,
        through=None,
    )
    raised = (numbered(again, DebitKind.REFUND, work.accounts.new_number()),)
    work.accounts.raise_all(raised)
    return raised

"""Payments that could not be recorded as they were reported: kept, listed, resolved by a person.

Money that came is never lost: what a rule forbids waits here with the rule, and the same report again
changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, frozen

from ispcore.errors import InvalidValueError, NotFoundError, NotPermittedError, RefusedError
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.money_commands import DropParked, ReceivePayment, RecordPayment, ResolveParked
from ispcore.usecases.payment_stores import ParkedPayment, ParkedState
from ispcore.usecases.record_payment import (
    DecidedPayment,
    PaymentRecorded,
    check_amount,
    check_name,
    decide_payment,
    write_payment,
)
from ispcore.usecases.settled import Settling
from ispcore.values import CustomerId, PaymentId, check_length

if TYPE_CHECKING:
    from ispcore.errors import IspcoreError
    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork

READ = "payment.read"
_HIGHEST = 10**15
_LONGEST_MESSAGE, _LONGEST_RULE, _LONGEST_CODE = 500, 60, 40


@frozen
class PaymentParked:
    """A payment that waits for a person; ``known`` says that it was parked before."""

    parked: ParkedPayment
    known: bool = False


Received: TypeAlias = PaymentRecorded | PaymentParked


def receive_payment(desk: Desk, command: ReceivePayment, *, actor: Actor) -> Received:
    """Record a payment, or park it with the rule that forbids it; the same one again changes nothing.

    Raises:
        InvalidValueError: it has no name, or one that cannot be kept.
    """
    actor.require(command.permission)
    check_name(command.provider, command.provider_id)
    check_length("customer's code", command.customer_code, _LONGEST_CODE)
    check_length("company", command.company, _LONGEST_CODE)
    if abs(command.amount.minor) >= _HIGHEST:
        raise InvalidValueError(f"{command.amount} is more than any bank moves.", hint="Look at the amount.")
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        there = work.payments.parked_as(_parked(desk, command, writing, 0, None).notice)
        if there is not None:
            return PaymentParked(there, known=True)
        try:
            decided = _decided(desk, work, command)
        except NotPermittedError:
            raise
        except (RefusedError, NotFoundError, InvalidValueError) as error:
            parked = _parked(desk, command, writing, work.accounts.new_number(), error)
            kept = work.payments.park(parked)
            # Somebody may have been told the same at the same time.
            return PaymentParked(kept, known=kept.number != parked.number)
        return write_payment(desk, work, decided, writing)


def _decided(desk: Desk, work: UnitOfWork, command: ReceivePayment) -> DecidedPayment:
    check_amount(command.amount)
    payment = RecordPayment(
        amount=command.amount,
        paid_on=command.paid_on,
        provider=command.provider,
        provider_id=command.provider_id,
        slip=command.slip,
        customer=_customer(work, command),
        company=command.company,
    )
    return decide_payment(desk, work, payment)


def _customer(work: UnitOfWork, command: ReceivePayment) -> CustomerId | None:
    if command.customer is not None or command.customer_code is None:
        return command.customer
    found = work.known.customer(command.customer_code)
    if found is None:
        raise NotFoundError("customer with the code", command.customer_code)
    return found


def _parked(
    desk: Desk, command: ReceivePayment, writing: Writing, number: int, error: IspcoreError | None
) -> ParkedPayment:
    return ParkedPayment(
        number=number,
        provider=command.provider,
        provider_id=command.provider_id,
        amount=command.amount,
        paid_on=command.paid_on,
        customer=command.customer,
        customer_code=command.customer_code,
        slip=command.slip,
        company=command.company,
        rule=rule_of(error)[:_LONGEST_RULE] if error else "",
        message=str(error)[:_LONGEST_MESSAGE] if error else "",
        parked_at=desk.clock.now(),
        actor=writing.actor.id,
    )


def rule_of(error: IspcoreError) -> str:
    """Return the short word for what forbids a payment."""
    if isinstance(error, RefusedError):
        return error.rule
    if isinstance(error, NotFoundError):
        return f"unknown-{error.kind.split()[0]}"
    return "value"


def resolve_parked(desk: Desk, command: ResolveParked, *, actor: Actor) -> PaymentRecorded:
    """Record a parked payment.

    Raises:
        NotFoundError, RefusedError, InvalidValueError: it still cannot be recorded; nothing is saved.
    """
    actor.require(command.permission)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        parked = _waiting(work, command.parked)
        amount = command.amount or parked.amount
        check_amount(amount)
        told = any(one is not None for one in (command.slip, command.customer, command.receivables))
        report = ReceivePayment(
            amount=amount,
            paid_on=command.paid_on or parked.paid_on,
            provider=parked.provider,
            provider_id=parked.provider_id,
            slip=command.slip if told else parked.slip,
            customer=command.customer if told else parked.customer,
            customer_code=None if told else parked.customer_code,
            company=command.company or (None if told else parked.company),
        )
        decided = _resolved(desk, work, report, command)
        recorded = write_payment(desk, work, decided, writing)
        work.payments.resolve(
            _ended(desk, parked, writing, state=ParkedState.RECORDED, payment=recorded.payment.id)
        )
    return recorded


def _resolved(desk: Desk, work: UnitOfWork, report: ReceivePayment, command: ResolveParked) -> DecidedPayment:
    customer = _customer(work, report)
    if command.receivables and customer is None and report.slip is None:
        found = work.payments.receivables(command.receivables)
        customer = next((one.receivable.customer for one in found.values()), None)
    payment = RecordPayment(
        amount=report.amount,
        paid_on=report.paid_on,
        provider=report.provider,
        provider_id=report.provider_id,
        slip=report.slip,
        customer=customer,
        company=report.company,
        receivables=command.receivables,
    )
    return decide_payment(desk, work, payment)


def drop_parked(desk: Desk, command: DropParked, *, actor: Actor) -> PaymentParked:
    """Give a parked payment up; it stays listed with the reason.

    Raises:
        NotFoundError: there is none with this number.
        RefusedError: it was resolved before.
    """
    settling = Settling.begin(desk, actor, command.permission, command.reason)
    with desk.database.writing() as work:
        parked = _waiting(work, command.parked)
        ended = evolve(
            _ended(desk, parked, settling.writing, state=ParkedState.DROPPED), reason=command.reason
        )
        work.payments.resolve(ended)
    return PaymentParked(ended)


def parked_payments(
    desk: Desk, *, actor: Actor, state: ParkedState | None = ParkedState.WAITING
) -> tuple[ParkedPayment, ...]:
    """Return the payments that wait for a person, or those in another *state*; None for all."""
    actor.require(READ)
    with desk.database.reading() as work:
        return work.payments.all_parked(state)


def _waiting(work: UnitOfWork, number: int) -> ParkedPayment:
    parked = work.payments.parked(number)
    if parked.state is not ParkedState.WAITING:
        raise RefusedError(
            f"The parked payment {number} was {parked.state.value} by {parked.resolved_by}.", rule="resolved"
        )
    return parked


def _ended(
    desk: Desk,
    parked: ParkedPayment,
    writing: Writing,
    *,
    state: ParkedState,
    payment: PaymentId | None = None,
) -> ParkedPayment:
    return evolve(
        parked,
        state=state,
        payment=payment,
        resolved_at=desk.clock.now(),
        resolved_by=writing.actor.id,
    )

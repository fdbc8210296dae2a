"""Carry out a command, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ispcore.customers import CustomerCommand, RegisterCustomer
from ispcore.errors import InvalidValueError
from ispcore.plans import OpeningCommand, SubscriptionCommand
from ispcore.usecases.change_subscription import change_subscription
from ispcore.usecases.money_commands import (
    DropParked,
    MoneyCommand,
    ReceivePayment,
    RecordPayment,
    Refund,
    Renegotiate,
    ResolveParked,
    ReversePayment,
    Waive,
    WriteOff,
)
from ispcore.usecases.open_subscription import Recorded, open_subscription
from ispcore.usecases.parked_payments import PaymentParked, drop_parked, receive_payment, resolve_parked
from ispcore.usecases.record_payment import PaymentRecorded, record_payment
from ispcore.usecases.renegotiate import renegotiate
from ispcore.usecases.reverse_payment import reverse_payment
from ispcore.usecases.serve_customer import CustomerRecorded, change_customer, register_customer
from ispcore.usecases.settlements import Settled, refund, waive, write_off

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

AnyCommand: TypeAlias = (
    RegisterCustomer | CustomerCommand | OpeningCommand | SubscriptionCommand | MoneyCommand
)
MoneyRecorded: TypeAlias = PaymentRecorded | PaymentParked | Settled
AnyRecorded: TypeAlias = CustomerRecorded | Recorded | MoneyRecorded


def do(desk: Desk, command: Any, *, actor: Actor, expected_version: int | None = None) -> AnyRecorded:  # noqa: ANN401 - what is no command is told so
    """Carry out *command* in one transaction and return what it left.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it; nothing is saved.
        ConcurrentChangeError: somebody else was faster; nothing is saved.
        TypeError: it is no command.
    """
    if expected_version is not None and not isinstance(command, SubscriptionCommand):
        raise InvalidValueError(
            f"{type(command).__name__} takes no expected version.",
            hint="Only a command to a subscription that exists does.",
        )
    match command:
        case RegisterCustomer():
            return register_customer(desk, command, actor=actor)
        case CustomerCommand():
            return change_customer(desk, command, actor=actor)
        case OpeningCommand():
            return open_subscription(desk, command, actor=actor)
        case SubscriptionCommand():
            return change_subscription(desk, command, actor=actor, expected_version=expected_version)
        case MoneyCommand():
            return _about_money(desk, command, actor)
        case _:
            raise _no_command(command)


def _about_money(desk: Desk, command: MoneyCommand, actor: Actor) -> MoneyRecorded:
    match command:
        case RecordPayment():
            return record_payment(desk, command, actor=actor)
        case ReceivePayment():
            return receive_payment(desk, command, actor=actor)
        case ResolveParked():
            return resolve_parked(desk, command, actor=actor)
        case DropParked():
            return drop_parked(desk, command, actor=actor)
        case ReversePayment():
            return reverse_payment(desk, command, actor=actor)
        case Refund():
            return refund(desk, command, actor=actor)
        case WriteOff():
            return write_off(desk, command, actor=actor)
        case Waive():
            return waive(desk, command, actor=actor)
        case Renegotiate():
            return renegotiate(desk, command, actor=actor)
        case _:
            raise _no_command(command)


def _no_command(command: object) -> TypeError:
    return TypeError(f"{type(command).__name__} is no command.")

"""Carry out a command, whatever it is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from ispcore.customers import CustomerCommand, LateCustomerCommand, RegisterCustomer
from ispcore.errors import InvalidValueError
from ispcore.plans import ChangeLateTreatment, Exempt, GrantBonus, OpeningCommand, SubscriptionCommand
from ispcore.usecases.change_slips import CancelSlip, MergeSlips, RegenerateSlip, change_slips
from ispcore.usecases.change_subscription import change_subscription
from ispcore.usecases.late_commands import change_late, change_late_customer, exempt
from ispcore.usecases.make_slips import SlipsMade
from ispcore.usecases.open_subscription import Recorded, open_subscription
from ispcore.usecases.record_payment import PaymentRecorded, RecordPayment, record_payment
from ispcore.usecases.serve_customer import CustomerRecorded, change_customer, register_customer

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

AnyCommand: TypeAlias = (
    RegisterCustomer
    | CustomerCommand
    | OpeningCommand
    | SubscriptionCommand
    | RecordPayment
    | RegenerateSlip
    | MergeSlips
    | CancelSlip
)
AnyRecorded: TypeAlias = CustomerRecorded | Recorded | PaymentRecorded | SlipsMade


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
        case _ if isinstance(command, LateCustomerCommand):
            return change_late_customer(desk, command, actor=actor)
        case CustomerCommand():
            return change_customer(desk, command, actor=actor)
        case OpeningCommand():
            return open_subscription(desk, command, actor=actor)
        case GrantBonus() | ChangeLateTreatment():
            return change_late(desk, command, actor=actor, expected_version=expected_version)
        case Exempt() if expected_version is None:
            return exempt(desk, command, actor=actor)
        case SubscriptionCommand():
            return change_subscription(desk, command, actor=actor, expected_version=expected_version)
        case RecordPayment():
            return record_payment(desk, command, actor=actor)
        case RegenerateSlip() | MergeSlips() | CancelSlip():
            return change_slips(desk, command, actor=actor)
        case _:
            message = f"{type(command).__name__} is no command."
            raise TypeError(message)

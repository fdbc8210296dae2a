"""Carry out a command, whatever it is about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from ispcore.contracts import ComboCommand, ContractCommand, OpenContract
from ispcore.customers import CustomerCommand, Forget, LateCustomerCommand, RegisterCustomer
from ispcore.errors import InvalidValueError
from ispcore.plans import (
    Annul,
    Cancel,
    ChangeLateTreatment,
    Delete,
    Exempt,
    GrantBonus,
    MigrateTechnology,
    OpeningCommand,
    Retract,
    SubscriptionCommand,
    Transfer,
    WithdrawCancellation,
)
from ispcore.usecases.change_slips import CancelSlip, MergeSlips, RegenerateSlip, change_slips
from ispcore.usecases.change_subscription import change_subscription
from ispcore.usecases.combos import ComboRecorded, change_combo, end_or_restore
from ispcore.usecases.contracts import ContractRecorded, change_contract, open_contract
from ispcore.usecases.forget import forget
from ispcore.usecases.late_commands import change_late, change_late_customer, exempt
from ispcore.usecases.make_slips import SlipsMade
from ispcore.usecases.migrate import migrate
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
from ispcore.usecases.settled import Settled
from ispcore.usecases.settlements import refund, waive, write_off
from ispcore.usecases.transfer import transfer

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

SlipCommand: TypeAlias = RegenerateSlip | MergeSlips | CancelSlip
AnyCommand: TypeAlias = (
    RegisterCustomer
    | CustomerCommand
    | OpenContract
    | ContractCommand
    | ComboCommand
    | OpeningCommand
    | SubscriptionCommand
    | MoneyCommand
    | SlipCommand
)
MoneyRecorded: TypeAlias = PaymentRecorded | PaymentParked | Settled
AnyRecorded: TypeAlias = (
    CustomerRecorded | ContractRecorded | ComboRecorded | Recorded | MoneyRecorded | SlipsMade
)

_CARRIED_OUT_BY: tuple[tuple[Any, Callable[..., Any]], ...] = (
    (RegisterCustomer, register_customer),
    (OpenContract, open_contract),
    (ContractCommand, change_contract),
    (ComboCommand, change_combo),
    (Cancel | Annul | Delete | Retract | WithdrawCancellation, end_or_restore),
    (LateCustomerCommand, change_late_customer),
    (Forget, forget),
    (CustomerCommand, change_customer),
    (OpeningCommand, open_subscription),
    (GrantBonus | ChangeLateTreatment, change_late),
    (Exempt, exempt),
    (Transfer, transfer),
    (MigrateTechnology, migrate),
    (SubscriptionCommand, change_subscription),
    (SlipCommand, change_slips),
    (RecordPayment, record_payment),
    (ReceivePayment, receive_payment),
    (ResolveParked, resolve_parked),
    (DropParked, drop_parked),
    (ReversePayment, reverse_payment),
    (Refund, refund),
    (WriteOff, write_off),
    (Waive, waive),
    (Renegotiate, renegotiate),
)
"""Kinds of commands, each with the use case for it; the first one that fits is meant."""


def do(desk: Desk, command: Any, *, actor: Actor, expected_version: int | None = None) -> AnyRecorded:  # noqa: ANN401 - what is no command is told so
    """Carry out *command* in one transaction and return what it left.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it; nothing is saved.
        ConcurrentChangeError: somebody else was faster; nothing is saved.
        TypeError: it is no command.
    """
    carry_out = next((by for kinds, by in _CARRIED_OUT_BY if isinstance(command, kinds)), None)
    if carry_out is None:
        message = f"{type(command).__name__} is no command."
        raise TypeError(message)
    if expected_version is None:
        done: AnyRecorded = carry_out(desk, command, actor=actor)
        return done
    if not isinstance(command, SubscriptionCommand) or isinstance(command, Exempt):
        raise InvalidValueError(
            f"{type(command).__name__} takes no expected version.",
            hint="Only a command to a subscription that exists does.",
        )
    changed: AnyRecorded = carry_out(desk, command, actor=actor, expected_version=expected_version)
    return changed

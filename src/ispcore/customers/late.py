"""What can be asked about late payment of a customer: promises, disputes, switches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from attrs import evolve, frozen

from ispcore.customers import facts as f
from ispcore.customers.decide import CustomerCommand, CustomerEvent
from ispcore.customers.state import CustomerState
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.values import ChargeId, Money


@frozen(kw_only=True)
class PromiseToPay(CustomerCommand):
    """Note that the customer will pay by ``until``: up to that day, included, nothing happens to it.

    Without ``receivables`` everything is meant that is open and due. A later promise takes the place of an
    earlier one.
    """

    permission: ClassVar[str] = "customer.promise"
    until: date
    receivables: tuple[ChargeId, ...] | None = None


@frozen(kw_only=True)
class Dispute(CustomerCommand):
    """Note that the customer contests an amount, by default all that is open of the receivable."""

    permission: ClassVar[str] = "customer.dispute"
    receivable: ChargeId
    amount: Money | None = None


@frozen(kw_only=True)
class ResolveDispute(CustomerCommand):
    """End the dispute about a receivable; what is settled is let go, as far as it is open."""

    permission: ClassVar[str] = "customer.resolve-dispute"
    receivable: ChargeId
    outcome: f.DisputeOutcome


@frozen(kw_only=True)
class ChangeCustomerLateTreatment(CustomerCommand):
    """Switch on or off what is done by itself when the customer pays late; None keeps what is."""

    permission: ClassVar[str] = "customer.late-treatment"
    blocks: bool | None = None
    notices: bool | None = None
    charges: bool | None = None


LateCustomerCommand = PromiseToPay | Dispute | ResolveDispute | ChangeCustomerLateTreatment
"""The commands of this module."""


@frozen
class Owing:
    """What is open of a receivable, and when it is due."""

    open: Money
    due_on: date


def decide_late(
    command: LateCustomerCommand, state: CustomerState, owing: Mapping[ChargeId, Owing], today: date
) -> CustomerEvent:
    """Return what *command* leaves behind; *owing* is what the customer owes on that day.

    Raises:
        RefusedError: it changes nothing, is dated for another day, or a rule forbids it.
        NotFoundError: nothing is open of a receivable that it names.
        InvalidValueError: an amount that is not positive.
    """
    if command.on is not None and command.on != today:
        raise RefusedError(
            f"{type(command).__name__} is of the day on which it is given, {today}; {command.on} was given.",
            rule="other-day",
            hint="Leave the day out.",
        )
    match command:
        case PromiseToPay():
            return _promised(command, owing, today)
        case Dispute():
            return _disputed(command, state, owing)
        case ResolveDispute():
            if command.receivable not in state.disputes:
                raise RefusedError(
                    f"Nothing of {command.receivable} is contested.",
                    rule="not-disputed",
                    hint=f"Contested: {', '.join(state.disputes) or 'nothing'}.",
                )
            return CustomerEvent(f.DisputeResolved(command.receivable, command.outcome))
        case _:
            return _treated(command, state)


def _promised(command: PromiseToPay, owing: Mapping[ChargeId, Owing], today: date) -> CustomerEvent:
    if command.until < today:
        raise RefusedError(
            f"Payment by {command.until} cannot be promised any more: today is {today}.", rule="promise-past"
        )
    due = tuple(name for name, one in owing.items() if one.due_on <= today)
    names = due if command.receivables is None else command.receivables
    for name in names:
        _open(name, command, owing)
    if not names:
        raise RefusedError(
            f"Customer {command.customer} owes nothing that is due.",
            rule="nothing",
            hint="Name the receivables that are to be paid later.",
        )
    return CustomerEvent(f.PaymentPromised(names, command.until))


def _disputed(command: Dispute, state: CustomerState, owing: Mapping[ChargeId, Owing]) -> CustomerEvent:
    name = command.receivable
    left = _open(name, command, owing)
    amount = left if command.amount is None else command.amount
    if name in state.disputes:
        raise RefusedError(
            f"{state.disputes[name]} of {name} is contested already.",
            rule="disputed",
            hint="Resolve that dispute first.",
        )
    if amount.currency != left.currency or amount.minor <= 0:
        raise InvalidValueError(f"{amount} cannot be contested of {left}.", hint="Give a part of it.")
    if amount > left:
        raise RefusedError(
            f"{amount} of {name} cannot be contested: {left} of it is open.",
            rule="dispute-over-open",
            hint="Contest no more than that.",
        )
    return CustomerEvent(f.DisputeOpened(name, amount))


def _open(name: ChargeId, command: CustomerCommand, owing: Mapping[ChargeId, Owing]) -> Money:
    if name not in owing:
        known = ", ".join(owing) or "none"
        raise NotFoundError(
            "open receivable", name, hint=f"Customer {command.customer} has the open receivables: {known}."
        )
    return owing[name].open


def _treated(command: ChangeCustomerLateTreatment, state: CustomerState) -> CustomerEvent:
    asked = {"blocks": command.blocks, "notices": command.notices, "charges": command.charges}
    treatment = evolve(state.late, **{name: one for name, one in asked.items() if one is not None})
    if treatment == state.late:
        raise RefusedError(f"Customer {state.id} has these settings already.", rule="nothing")
    return CustomerEvent(f.LateTreatmentSet(treatment))

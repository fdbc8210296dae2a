"""Commands that leave billing events and sales, and the fees that other commands carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog import Composition, check_height, version_for
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import event_commands as ec
from ispcore.plans import facts as f
from ispcore.plans.billing_events import MOST_INSTALMENTS, BillingEvent, EventKind, Sale
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.lines import checked_lines
from ispcore.values import LAST_DAY, TEXT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.catalog import Line
    from ispcore.plans.commands import Command
    from ispcore.values import Money

WAIVE_FEE = "subscription.waive-fee"
"""The permission to let a fee go that the policy asks for."""

_LONGEST = 150
"""Characters of a description, so that which instalment it is has room beside it."""


def _add_event(command: ec.AddBillingEvent, case: Case) -> Decision:
    policy = case.setting.catalogue.policy(case.state.policy, case.on)
    _check_amount(command.amount, command.instalments, case)
    event = BillingEvent(
        number=next_number(case),
        kind=command.kind,
        description=_description(command.description),
        amount=command.amount,
        first_on=next_closing(case) if command.first_on is None else _first_day(command.first_on, case),
        lines=_lines(command, case),
        instalments=command.instalments,
        spare=command.spare or policy.spare_cents,
        when_ended=command.when_ended or policy.open_instalments,
    )
    return Decision((Event(case.on, f.BillingEventAdded(event)),))


def _sell(command: ec.Sell, case: Case) -> Decision:
    if (command.instalments is None) == (command.due_on is None):
        raise RefusedError(
            "A sale is billed by coming closings, or is due on a day: one of the two.",
            rule="sale-either",
            hint="Give instalments (1 for the next closing), or due_on.",
        )
    if command.instalments is not None:
        event = ec.AddBillingEvent(
            subscription=command.subscription,
            kind=EventKind.SALE,
            description=command.description,
            amount=command.amount,
            instalments=command.instalments,
            first_on=command.first_on,
            lines=command.lines,
        )
        return _add_event(event, case)
    return Decision((Event(case.on, f.Sold(_sale(command, case))),))


def _sale(command: ec.Sell, case: Case) -> Sale:
    assert command.due_on is not None  # noqa: S101 - one of the two is given
    _check_amount(command.amount, 1, case)
    if command.first_on is not None:
        raise RefusedError(
            "A sale with a due date has no first instalment.", rule="sale-either", hint="Leave first_on out."
        )
    if not case.on <= command.due_on <= LAST_DAY:
        raise RefusedError(
            f"A sale of {case.on} cannot be due on {command.due_on}.",
            rule="due-before-sale",
            hint="Give its day or a later one.",
        )
    number = case.setting.debit_number
    if number is None:
        raise RefusedError("A sale with a due date needs a number.", rule="debit-number")
    return Sale(
        number=number,
        description=_description(command.description),
        amount=command.amount,
        due_on=command.due_on,
        lines=_lines(command, case),
    )


def _check_amount(amount: Money, instalments: int, case: Case) -> None:
    check_height(amount, "amount of", "billing event")
    if amount.minor <= 0 or amount.currency != case.setting.catalogue.currency:
        raise RefusedError(
            f"{amount} cannot be billed.",
            rule="amount",
            hint=f"Use an amount of {case.setting.catalogue.currency.code} above zero.",
        )
    if not 1 <= instalments <= min(MOST_INSTALMENTS, amount.minor):
        raise RefusedError(
            f"{amount} cannot be billed in {instalments} instalments.",
            rule="instalments",
            hint=f"Use 1 to {min(MOST_INSTALMENTS, amount.minor)}: none may be nothing.",
        )


def _description(text: str) -> str:
    if len(TEXT.parse(text)) > _LONGEST:
        raise InvalidValueError(
            f"A description of {len(text)} characters is too long.", hint=f"Use {_LONGEST}."
        )
    return text


def _first_day(day: date, case: Case) -> date:
    if not case.on <= day <= LAST_DAY:
        raise RefusedError(
            f"The first instalment cannot be of {day}: the event is of {case.on}.",
            rule="first-instalment",
            hint="Give that day or a later one.",
        )
    return day


def next_number(case: Case) -> int:
    """Return a number that no billing event of the subscription ever had."""
    return 1 + sum(_has_event(fact.payload) for fact in case.timeline.recorded)


def _has_event(payload: object) -> bool:
    if isinstance(payload, f.Cancelled | f.CancellationOrdered):
        return payload.penalty is not None
    return isinstance(payload, f.BillingEventAdded)


def next_closing(case: Case) -> date:
    """Return a day of the cycle whose closing is the next to come.

    It is the one that runs, unless that was billed and has no closing to come.
    """
    setting, today = case.setting, max(case.on, case.setting.today)
    span = case.timeline.billed_on(today)
    is_billed = setting.closed_through is not None and setting.closed_through >= span.days.end
    has_passed = case.state.terms.advance or span.days.last <= today
    return span.days.end if is_billed and has_passed else today


def _lines(command: ec.AddBillingEvent | ec.Sell, case: Case) -> tuple[Line, ...]:
    """Return lines that sum to the amount."""
    catalogue, lines = case.setting.catalogue, command.lines or ()
    for line in checked_lines(lines, command.amount, catalogue, strict=False):
        _description(line.description)
    plan = case.state.plan
    composition = version_for(catalogue.offer(plan.offer), case.on, plan.price).composition
    return Composition(lines, composition.remainder, command.description).of_price(command.amount)


def due_day_fee(case: Case, *, waive: bool) -> tuple[Event, ...]:
    """Return the event of the fee that the policy asks for when the due day moves, if it asks for one.

    Raises:
        NotPermittedError: it is to be let go, and the actor may not do so.
    """
    fee = case.setting.catalogue.policy(case.state.policy, case.on).due_day_fee
    if fee is None or fee.is_zero:
        return ()
    if waive:
        case.setting.actor.require(WAIVE_FEE)
        return ()
    command = ec.AddBillingEvent(
        subscription=case.state.id, kind=EventKind.FEE, description="Change of the due day", amount=fee
    )
    return _add_event(command, case).events


RULES: Mapping[type[Command], Rule] = {ec.AddBillingEvent: _add_event, ec.Sell: _sell}
"""The rules of this module, by command."""

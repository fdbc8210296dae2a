"""Belonging to a contract, and what leaving it early costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog import Composition, OpenInstalments, version_for
from ispcore.contracts import PENALTY_PERMISSION
from ispcore.errors import RefusedError
from ispcore.plans import facts as f
from ispcore.plans.billing_events import BillingEvent, EventKind
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.contract_commands import JoinContract
from ispcore.plans.decide_events import next_closing, next_number
from ispcore.plans.items import PLAN_ITEM
from ispcore.values import add_months

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.contracts import Installation
    from ispcore.plans import commands as c
    from ispcore.plans.case import Setting
    from ispcore.plans.items import Item
    from ispcore.plans.subscription import Timeline
    from ispcore.values import ContractNumber, Money


def _join(command: JoinContract, case: Case) -> Decision:
    if command.contract == case.state.contract:
        where = f"contract {command.contract}" if command.contract else "no contract"
        raise RefusedError(f"{case.name} is in {where} already.", rule="same-contract")
    agreement = case.setting.agreement
    left = None if agreement is None else agreement.penalty(case.on, None, case.state.plan.to_pay())
    if left is not None and not left.amount.is_zero:
        case.setting.actor.require(PENALTY_PERMISSION)
    return Decision((Event(case.on, f.ContractJoined(command.contract)),))


def check_price_rise(item: Item, price: Money, on: date, case: Case) -> None:
    """Refuse that the plan's price rises earlier than the contract allows."""
    agreement = case.setting.agreement
    if agreement is None or item.id != PLAN_ITEM or price <= item.price:
        return
    agreed = max(item.price_since, agreement.terms.dated_on)
    earliest = add_months(agreed, agreement.terms.price_rise_months)
    if on < earliest:
        raise RefusedError(
            f"The price of {case.name.lower()} cannot rise on {on}: contract {agreement.number} keeps it"
            f" for {agreement.terms.price_rise_months} months.",
            rule="price-rise",
            hint=f"Let it rise on {earliest}, or later.",
        )


def penalty_event(command: c.Cancel, case: Case, on: date) -> BillingEvent | None:
    """Return what a cancellation on a day costs by the contract; None is nothing.

    Raises:
        NotPermittedError: it is to be let go, and the actor may not do so.
    """
    agreement, setting, plan = case.setting.agreement, case.setting, case.state.plan
    found = None if agreement is None else agreement.penalty(on, command.reason, plan.to_pay())
    if agreement is None or found is None or found.amount.is_zero:
        return None
    if command.waive_penalty:
        setting.actor.require(PENALTY_PERMISSION)
        return None
    policy = setting.catalogue.policy(case.state.policy, case.on)
    said = penalty_text(agreement.number)
    composition = version_for(setting.catalogue.offer(plan.offer), case.on, plan.price).composition
    return BillingEvent(
        number=next_number(case),
        kind=EventKind.PENALTY,
        description=said,
        amount=found.amount,
        first_on=on,
        lines=Composition((), composition.remainder, said).of_price(found.amount),
        instalments=min(agreement.terms.penalty.instalments, found.amount.minor),
        spare=policy.spare_cents,
        when_ended=OpenInstalments.GO_ON,
    )


def penalty_text(contract: ContractNumber) -> str:
    """Return how the penalty of a contract is called on bills, by which it is known to be charged."""
    return f"Penalty of contract {contract}"


def installation_text(contract: ContractNumber) -> str:
    """Return how the installation of a contract is called on bills, by which it is known to be charged."""
    return f"Installation of contract {contract}"


def installation_event(
    timeline: Timeline, setting: Setting, contract: ContractNumber, fee: Installation
) -> Event:
    """Return what the installation of a contract costs, as the first subscription in it carries it."""
    on = max(setting.today, timeline.last.started_on)
    state = timeline.on(on) or timeline.last
    case = Case(timeline, state, on, setting)
    policy, plan = setting.catalogue.policy(state.policy, on), state.plan
    said = installation_text(contract)
    composition = version_for(setting.catalogue.offer(plan.offer), on, plan.price).composition
    event = BillingEvent(
        number=next_number(case),
        kind=EventKind.INSTALLATION,
        description=said,
        amount=fee.unpaid,
        first_on=next_closing(case),
        lines=Composition((), composition.remainder, said).of_price(fee.unpaid),
        instalments=min(fee.instalments, fee.unpaid.minor),
        spare=policy.spare_cents,
        when_ended=policy.open_instalments,
    )
    return Event(on, f.BillingEventAdded(event))


RULES: Mapping[type[c.Command], Rule] = {JoinContract: _join}
"""The rules of this module, by command."""

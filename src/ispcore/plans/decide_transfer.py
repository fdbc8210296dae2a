"""Handing a subscription over: the one side ends, the other begins with what goes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import Role, check_lines
from ispcore.customers import LateTreatmentSet
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.decide_ending import moved_along, with_dated_discount
from ispcore.plans.decide_opening import plan_item
from ispcore.plans.decide_terms import check_discount, check_method_and_due_day
from ispcore.plans.holds import HoldCause
from ispcore.plans.lines import current_lines, is_strict
from ispcore.plans.transfer_commands import OpenDebt, PaidDays, Transfer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.plans.items import BillingTerms, Item
    from ispcore.values import CustomerId, SubscriptionId


def _transfer(command: Transfer, case: Case) -> Decision:
    state, setting, on = case.state, case.setting, case.on
    receiver, successor = _check(command, case)
    owed_until = _carried(command, case)
    change = c.ChangePlan(
        subscription=state.id,
        plan=state.plan.offer,
        drop=command.drop,
        components=command.components,
    )
    free = max((day for day in (state.free_until, owed_until) if day is not None and day > on), default=None)
    opening = f.Opening(
        customer=receiver,
        unit=setting.unit.code,
        policy=state.policy,
        item=_plan(command, change, case),
        terms=_terms(command, case),
        status=state.status,
        status_since=state.status_since,
        free_until=free,
        address=command.address,
        contract=command.contract,
        previous=state.id,
        extra=state.extra,
    )
    ended = f.Transferred(setting.catalogue.status_for(Role.CANCELLED), successor, receiver, owed_until)
    along = [event for event in moved_along(change, case) if not _is_personal(event.payload)]
    _check_unshared([one.payload for one in along], case)
    return Decision((Event(on, ended),), successor=(Event(on, f.Subscribed(opening)), *along))


def _check(command: Transfer, case: Case) -> tuple[CustomerId, SubscriptionId]:
    """Return the receiver and the new number, if this subscription can be handed over to them."""
    state, receiver, successor = case.state, command.customer, case.setting.successor
    if receiver is None or successor is None:
        raise _refused(case, "nobody is named who receives it", "customer-required", "Name the new customer.")
    if receiver == state.customer:
        raise _refused(case, f"customer {receiver} has it", "same-customer", "Name another customer.")
    if case.on < case.setting.today:
        raise _refused(case, f"{case.on} is over", "back-dated", "Hand it over today.")
    if state.end is not None:
        raise _refused(case, f"it ended on {state.end.on}", "ended", "Open a new one instead.")
    if state.ordered is not None:
        ordered = f"its end on {state.ordered.on} is ordered"
        raise _refused(case, ordered, "ordered", "Withdraw the cancellation first.")
    if command.options.debt is OpenDebt.MOVES and not (command.agreed_by or "").strip():
        raise _refused(
            case,
            "what is open of it moves only to somebody who agreed to owe it",
            "agreement-required",
            "Name who agreed, or let the debt stay.",
        )
    return receiver, successor


def _refused(case: Case, why: str, rule: str, hint: str) -> RefusedError:
    return RefusedError(f"{case.name} cannot be handed over: {why}.", rule=rule, hint=hint)


def _carried(command: Transfer, case: Case) -> date | None:
    """Return the first day after what was billed ahead, where those days stay with who hands over."""
    until = case.setting.closed_through
    carried = command.options.paid_days is PaidDays.CARRIED and case.state.bills and case.state.terms.advance
    return until if carried and until is not None and until > case.on else None


def _plan(command: Transfer, change: c.ChangePlan, case: Case) -> Item:
    """Return the plan as the receiver has it: at the price it has, or at the catalogue's of this day."""
    state, setting, on = case.state, case.setting, case.on
    lines = state.plan.lines if command.options.keep_composition else None
    if not command.options.keep_price:
        return plan_item(evolve(change, lines=lines), on, setting)
    setting.unit.check_plan(state.plan.offer)
    item = evolve(with_dated_discount(state.plan, case), starts_on=on, lines=lines)
    check_discount(item.discount, item.price, setting, on)
    strict = is_strict(state, setting.catalogue, on)
    check_lines(current_lines(item, setting.catalogue, on), item.price, strict=strict)
    return item


def _terms(command: Transfer, case: Case) -> BillingTerms:
    """Return the terms that go on, charged as the receiver usually is."""
    terms, usual = case.state.terms, case.setting.defaults
    method = terms.charge_method if usual is None else usual.charge_method
    due_day = terms.due_day if usual is None else usual.due_day
    method = method if command.charge_method is None else command.charge_method
    due_day = due_day if command.due_day is None else command.due_day
    check_method_and_due_day(method, due_day, case.setting)
    return evolve(terms, charge_method=method, due_day=due_day)


def _is_personal(payload: object) -> bool:
    """Tell whether a fact is about how the one who hands over pays, which stays behind."""
    late = isinstance(payload, f.HoldPlaced) and payload.hold.cause is HoldCause.AUTOMATIC
    return late or isinstance(payload, f.BonusGranted | LateTreatmentSet)


def _check_unshared(along: list[object], case: Case) -> None:
    """Refuse to hand over what another subscription of the old customer goes on to use."""
    for payload in along:
        if isinstance(payload, f.ComponentAdded) and payload.component.resource in case.setting.resources:
            raise _refused(
                case,
                f"another subscription of customer {case.state.customer} uses its"
                f" {payload.component.spec.word} {payload.component.id!r} too",
                "shared-resource",
                "Leave it out of the components, or hand both over.",
            )


RULES: Mapping[type[c.Command], Rule] = {Transfer: _transfer}
"""The rules of this module, by command."""

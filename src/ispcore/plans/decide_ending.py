"""Commands that end a subscription: cancel, annul, change of plan, delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.catalog import AnchorKind, LateTreatment, Role, check_lines
from ispcore.customers import LateTreatmentSet
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans.allowances import check_still_room, timeline_with
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.checks import check_cancelling, check_entered
from ispcore.plans.cycles import starting_grid
from ispcore.plans.decide_contracts import penalty_event
from ispcore.plans.decide_events import due_day_fee
from ispcore.plans.decide_items import check_permitted
from ispcore.plans.decide_opening import chosen_grid, closing_on, plan_item
from ispcore.plans.decide_terms import check_other_payment
from ispcore.plans.kinds import AFTER_THE_END, MOVING_ON
from ispcore.plans.lines import current_lines
from ispcore.plans.moved_components import moved_components
from ispcore.plans.moves import discount_end
from ispcore.plans.owed_days import owed_once_on
from ispcore.plans.subscription import WITHDRAWING
from ispcore.timeline import by_day, voided

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ispcore.plans.cycles import Grid
    from ispcore.plans.items import BillingTerms, Item
    from ispcore.timeline import Fact


def _cancel(command: c.Cancel, case: Case) -> Decision:
    check_cancelling(command, case.name, case.setting.catalogue)
    status = case.setting.catalogue.status_for(Role.CANCELLED)
    check_entered(status, case)
    on = _last_day(command, case)
    ordered_on = max(case.setting.today, case.timeline.last.started_on)
    if on > ordered_on and case.state.combo is not None:
        raise RefusedError(
            f"{case.name} is in the combo {case.state.contract}: its end is not ordered for {on}.",
            rule="in-combo",
            hint="Schedule a task for that day, or take it out of the combo first.",
        )
    penalty = penalty_event(command, case, on)
    if on <= ordered_on:
        return Decision((Event(on, f.Cancelled(status, _later(case, on), penalty)),))
    return Decision((Event(ordered_on, f.CancellationOrdered(status, on, _later(case, on), penalty)),))


def _last_day(command: c.Cancel, case: Case) -> date:
    """Return the day of the end, such that a cycle that is to be lived to its end is owed whole."""
    if command.when is c.CancelOn.DAY:
        return case.on
    days = case.timeline.billed_on(case.on).days
    policy = case.setting.catalogue.policy(case.state.policy, days.start)
    return days.last if policy.bills_last_day else days.end


def _withdraw(_: c.WithdrawCancellation, case: Case) -> Decision:
    if case.state.ordered is None:
        over = f"it ended on {case.state.end.on}" if case.state.end else "no cancellation is ordered"
        raise RefusedError(
            f"{case.name} has nothing to withdraw: {over}.",
            rule="not-ordered",
            hint="Retract the cancellation instead." if case.state.end else None,
        )
    # Of those in force there is one: a second one is refused.
    order = next(fact for fact in case.timeline.facts if isinstance(fact.payload, f.CancellationOrdered))
    withdrawn = f.CancellationWithdrawn((order.sequence,))
    check_still_room(timeline_with([withdrawn], case.on, case), case)
    return Decision((Event(case.on, withdrawn),))


def _annul(_: c.Annul, case: Case) -> Decision:
    status = case.setting.catalogue.status_for(Role.CANCELLED)
    return Decision((Event(case.on, f.Annulled(status, _later(case, case.on))),))


def _later(case: Case, day: date) -> tuple[int, ...]:
    """Return the facts after *day*, which an end voids; a move to another subscription is not one of them.

    What a later end had voided is among them: it must not come back when that end goes.
    """
    gone = voided(case.timeline.recorded)
    later = [
        fact
        for fact in sorted(case.timeline.recorded, key=by_day)
        if fact.effective_on > day and not _stays(fact) and not _withdraws(gone.get(fact.sequence))
    ]
    for fact in later:
        if isinstance(fact.payload, MOVING_ON) and fact.payload.successor not in case.setting.undone:
            raise RefusedError(
                f"{case.name} moved to subscription {fact.payload.successor} on {fact.effective_on}.",
                rule="linked",
                hint="End the successor instead, or annul it from its first day first.",
            )
    return tuple(fact.sequence for fact in later)


def _stays(fact: Fact[Any]) -> bool:
    """Tell whether an end leaves *fact* alone: what it raised stands for itself."""
    return _withdraws(fact) or isinstance(fact.payload, AFTER_THE_END)


def _withdraws(fact: Fact[Any] | None) -> bool:
    return fact is not None and isinstance(fact.payload, WITHDRAWING)


def _check_can_change(command: c.ChangePlan, case: Case) -> None:
    """Refuse another plan for what has ended or is to end, and the same plan."""
    state = case.state
    if state.end is not None:
        raise RefusedError(
            f"{case.name} cannot change its plan: it ended on {state.end.on}.",
            rule="ended",
            hint="Open a new one instead.",
        )
    if state.ordered is not None:
        raise RefusedError(
            f"{case.name} cannot change its plan: its end on {state.ordered.on} is ordered.",
            rule="ordered",
            hint="Withdraw the cancellation first.",
        )
    if command.plan == state.plan.offer:
        raise RefusedError(
            f"{case.name} has the plan {command.plan!r} already.",
            rule="same-plan",
            hint="Change its price instead.",
        )


def change_plan(command: c.ChangePlan, case: Case) -> Decision:
    """Return what a change of plan leaves on both sides, or raise RefusedError."""
    state, setting, on = case.state, case.setting, case.on
    _check_can_change(command, case)
    terms = _new_terms(command, case)
    successor = setting.successor
    if successor is None:
        raise RefusedError("A change of plan needs a number for the successor.", rule="successor")
    opening = f.Opening(
        customer=state.customer,
        unit=setting.unit.code,
        policy=setting.catalogue.plan(command.plan).policy,
        item=plan_item(command, on, setting),
        terms=terms,
        status=state.status,
        status_since=state.status_since,
        free_until=state.free_until if state.free_until and state.free_until > on else None,
        address=state.address,
        contract=state.contract,
        previous=state.id,
        extra=state.extra,
    )
    ended = f.PlanChanged(setting.catalogue.status_for(Role.CANCELLED), successor)
    moved = (Event(on, f.Subscribed(opening)), *moved_along(command, case), *_fee(command, opening, case))
    return Decision((Event(on, ended),), successor=moved)


def _fee(command: c.ChangePlan, opening: f.Opening, case: Case) -> Iterator[Event]:
    """Yield the fee for another due day, which the successor bears."""
    if opening.terms.due_day != case.state.terms.due_day:
        state = evolve(case.state, items=(opening.item,), policy=opening.policy)
        setting = evolve(case.setting, closed_through=None)
        yield from due_day_fee(evolve(case, state=state, setting=setting), waive=command.waive_fee)


def _new_terms(command: c.ChangePlan, case: Case) -> BillingTerms:
    terms = case.state.terms
    check_other_payment(command, case)
    policy = case.setting.catalogue.policy(case.setting.catalogue.plan(command.plan).policy, case.on)
    return evolve(
        terms,
        grid=_new_grid(command, case),
        suspension=policy.suspension,
        advance=terms.advance if command.advance is None else command.advance,
        due_day=terms.due_day if command.due_day is None else command.due_day,
        charge_method=terms.charge_method if command.charge_method is None else command.charge_method,
    )


def _new_grid(command: c.ChangePlan, case: Case) -> Grid:
    """Return the cycles of the successor: those wanted before, unless the plan bills another length."""
    policy = case.setting.catalogue.policy(case.setting.catalogue.plan(command.plan).policy, case.on)
    chosen, before = chosen_grid(command, policy, case.on), case.state.terms.grid
    if chosen is not None:
        return chosen
    if policy.every == before.every:
        return before
    if policy.anchor is AnchorKind.START:
        return starting_grid(policy.every, case.on)
    day = policy.closing_day
    if before.kind is AnchorKind.CLOSING and bool(policy.every.weeks) == bool(before.every.weeks):
        day = before.day
    return closing_on(policy, day, case.on)


def moved_along(command: c.ChangePlan, case: Case) -> Iterator[Event]:
    """Yield what the successor takes over: holds, bonus and switches, services that go on, components."""
    for hold in case.state.holds:
        yield Event(case.on, f.HoldPlaced(hold))
    if case.state.bonus_until is not None and case.state.bonus_until > case.on:
        yield Event(case.on, f.BonusGranted(case.state.bonus_until))
    if case.state.late != LateTreatment():
        yield Event(case.on, LateTreatmentSet(case.state.late))
    items = tuple(_moved_items(command, case))
    for item in items:
        yield Event(case.on, f.ItemAdded(item))
    for component in moved_components(command, items, case):
        yield Event(case.on, f.ComponentAdded(component))


def _moved_items(command: c.ChangePlan, case: Case) -> Iterator[Item]:
    """Yield the additional services that go on."""
    known = {item.id for item in case.state.items}
    for item_id in sorted(command.drop - known):
        case.state.item(item_id)
    for item in case.state.items[1:]:
        over = item.ends_on is not None and item.ends_on < case.on
        if item.id in command.drop or over or _is_owed_already(item, case):
            continue
        _check_goes_along(item, command.plan, case)
        yield with_dated_discount(item, case)


def with_dated_discount(item: Item, case: Case) -> Item:
    """Return *item* with a discount that goes on for as long as its cycles here would have lasted."""
    if item.discount is None or item.discount.cycles is None or item.discount_since is None:
        return item
    until = discount_end(case.state, item)
    return evolve(item, discount=evolve(item.discount, cycles=None, until=until))


def _is_owed_already(item: Item, case: Case) -> bool:
    """Tell whether a one-off was owed before the day; one that waits for the end of free days was not."""
    if item.recurring:
        return False
    policy = case.setting.catalogue.policy(case.state.policy, case.on)
    owed_on = owed_once_on(case.timeline, item, policy)
    return owed_on is not None and owed_on < case.on


def _check_goes_along(item: Item, plan: str, case: Case) -> None:
    """Refuse an additional service that the new plan, or its policy, does not admit."""
    catalogue = case.setting.catalogue
    check_permitted(catalogue.service(item.offer), plan, case)
    strict = catalogue.policy(catalogue.plan(plan).policy, case.on).strict_composition
    check_lines(current_lines(item, catalogue, case.on), item.price, strict=strict)


def _delete(command: c.Delete, case: Case) -> Decision:
    if not command.note:
        raise RefusedError(
            f"{case.name} cannot be deleted without a note that says why.",
            rule="note-required",
            hint="Give a note.",
        )
    if case.setting.open_receivables and not command.force:
        raise RefusedError(
            f"{case.name} has open receivables.",
            rule="open-receivables",
            hint="Settle them, or force the deletion.",
        )
    return Decision((Event(case.on, f.Deleted(forced=command.force, voids=_later(case, case.on))),))


RULES: Mapping[type[c.Command], Rule] = {
    c.Cancel: _cancel,
    c.WithdrawCancellation: _withdraw,
    c.Annul: _annul,
    c.ChangePlan: change_plan,
    c.Delete: _delete,
}
"""The rules of this module, by command."""

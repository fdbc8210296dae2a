"""Commands that change what is owed: prices, discounts, billing terms, the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog import ClosingMove, check_lines, rescaled
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.decide_contracts import check_price_rise
from ispcore.plans.decide_events import due_day_fee
from ispcore.plans.lines import check_price, current_lines, is_strict
from ispcore.plans.slip_terms import PLAIN_SLIPS
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.plans.case import Setting
    from ispcore.plans.items import Discount
    from ispcore.values import Every, Money

OVERRIDE_DEFAULTS = "subscription.override-defaults"
"""The permission to charge a subscription otherwise than the customer's first one."""

_LONGEST_MONTH, _LAST_WEEKDAY = 31, 7


def check_discount(discount: Discount | None, price: Money, setting: Setting, on: date) -> Discount | None:
    """Return *discount* if the customer may have it from that day *on*, or raise RefusedError."""
    if discount is None:
        return None
    if not setting.allows_discounts:
        raise RefusedError(
            "This customer takes no promotional discounts.",
            rule="no-promotions",
            hint="Allow them for the customer.",
        )
    if discount.amount is not None and discount.amount > price:
        raise RefusedError(
            f"The discount {discount.amount} is more than the price {price}.", rule="discount-over-price"
        )
    if discount.until is not None and discount.until <= on:
        raise RefusedError(
            f"The discount would end on {discount.until}, and it begins on {on}.",
            rule="empty-discount",
            hint="Give the first day without it.",
        )
    return discount


def check_not_documented(case: Case) -> None:
    """Refuse a discount from a day for which a fiscal document was issued."""
    until = case.setting.documented_until
    if until is not None and case.on < until:
        raise RefusedError(
            f"{case.name} takes no discount on {case.on}: "
            f"a fiscal document was issued up to {until - ONE_DAY}.",
            rule="document-issued",
            hint=f"Give it from {until} on, or cancel the document first.",
        )


def check_method_and_due_day(method: str, due_day: int, setting: Setting) -> None:
    """Refuse a charge *method* or *due_day* that the unit or the customer's first subscription rules out."""
    setting.unit.check_charge_method(method)
    if not 1 <= due_day <= _LONGEST_MONTH:
        raise RefusedError(f"{due_day} is not a day of the month.", rule="due-day", hint="Use 1 to 31.")
    setting.unit.check_due_day(due_day)
    defaults = setting.defaults
    if defaults is not None and (method, due_day) != (defaults.charge_method, defaults.due_day):
        setting.actor.require(OVERRIDE_DEFAULTS)


def check_other_payment(command: c.ChangeBillingTerms | c.ChangePlan, case: Case) -> None:
    """Refuse another charge method or due day of *command* that is ruled out; None keeps what is."""
    if command.charge_method is None and command.due_day is None:
        return
    terms = case.state.terms
    method = terms.charge_method if command.charge_method is None else command.charge_method
    due_day = terms.due_day if command.due_day is None else command.due_day
    check_method_and_due_day(method, due_day, case.setting)


def check_closing_day(day: int, every: Every) -> int:
    """Return *day* if a cycle of this length can close on it, or raise RefusedError."""
    last, hint = _LONGEST_MONTH, "Use 1 to 31; 31 is the month's end."
    if every.weeks:
        last, hint = _LAST_WEEKDAY, "Use 1 to 7; 1 is Monday."
    if not 1 <= day <= last:
        raise RefusedError(f"{day} is not a closing day.", rule="closing-day", hint=hint)
    return day


def price_events(command: c.ChangePrice, case: Case) -> list[Event]:
    """Return what a change of price leaves behind."""
    catalogue, on = case.setting.catalogue, case.on
    if command.start is c.PriceStart.NEXT_CYCLE:
        on = case.timeline.billed_on(on).days.end
    # What holds when the price begins: another change may have been dated before that.
    state = case.timeline.on(on) or case.state
    item = state.item(command.item)
    check_price(command.price, item.price, item.offer)
    check_price_rise(item, command.price, on, case)
    lines = current_lines(item, catalogue, on)
    if command.rescale:
        lines = rescaled(lines, item.price, command.price)
    check_lines(lines, command.price, strict=is_strict(state, catalogue, on))
    return [Event(on, f.PriceChanged(item.id, command.price, lines if command.rescale else None))]


def _change_price(command: c.ChangePrice, case: Case) -> Decision:
    return Decision(tuple(price_events(command, case)))


def _change_discount(command: c.ChangeDiscount, case: Case) -> Decision:
    item = case.state.item(command.item)
    check_not_documented(case)
    discount = check_discount(command.discount, item.price, case.setting, case.on)
    return Decision((Event(case.on, f.DiscountChanged(item.id, discount)),))


def _change_terms(command: c.ChangeBillingTerms, case: Case) -> Decision:
    check_other_payment(command, case)
    changed = f.BillingTermsChanged(
        advance=command.advance,
        due_day=command.due_day,
        charge_method=command.charge_method,
        separate_slip=command.separate_slip,
        separate_document=command.separate_document,
    )
    events = []
    if command.closing_day is not None:
        events.append(_closing_day_event(command.closing_day, case))
    if changed != f.BillingTermsChanged():
        events.append(Event(case.on, changed))
    if command.due_day not in (None, case.state.terms.due_day):
        events += due_day_fee(case, waive=command.waive_fee)
    if not events:
        raise RefusedError(
            "ChangeBillingTerms changes nothing.", rule="nothing", hint="Give at least one term."
        )
    return Decision(tuple(events))


def _closing_day_event(closing_day: int, case: Case) -> Event:
    """Return the move of the closing day: on the first day as long as nothing was billed, else by policy.

    Without a cut, what was billed ahead is lived to its end.
    """
    state, on = case.state, case.on
    check_closing_day(closing_day, state.terms.grid.every)
    ahead = case.setting.closed_through
    if ahead is None and (state.origin is None or state.origin.billed_through is None):
        return Event(state.started_on, f.BillingTermsChanged(closing_day=closing_day))
    policy = case.setting.catalogue.policy(state.policy, on)
    cut = policy.closing_move is ClosingMove.CUT
    if not cut and ahead is not None and on < ahead:
        on = ahead - ONE_DAY
        if on == state.started_on:
            # On the first day a closing day is chosen, not moved.
            on, cut = ahead, True
    return Event(on, f.BillingTermsChanged(closing_day=closing_day, cut=cut))


def _set_slip_terms(command: c.SetSlipTerms, case: Case) -> Decision:
    if command.slips == (case.state.terms.slips or PLAIN_SLIPS):
        raise RefusedError(
            f"The slips of subscription {case.state.id} are made so already.",
            rule="nothing",
            hint="Give other terms.",
        )
    return Decision((Event(case.on, f.SlipTermsSet(command.slips)),))


def _change_address(command: c.ChangeAddress, case: Case) -> Decision:
    unit = case.setting.unit
    if unit.code != case.state.unit:
        unit.check_plan(case.state.plan.offer)
        unit.check_charge_method(case.state.terms.charge_method)
        unit.check_due_day(case.state.terms.due_day)
    return Decision((Event(case.on, f.AddressChanged(command.address, unit.code)),))


RULES: Mapping[type[c.Command], Rule] = {
    c.ChangePrice: _change_price,
    c.ChangeDiscount: _change_discount,
    c.ChangeBillingTerms: _change_terms,
    c.SetSlipTerms: _set_slip_terms,
    c.ChangeAddress: _change_address,
}
"""The rules of this module, by command."""

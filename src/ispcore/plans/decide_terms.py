"""Commands that change what is owed: prices, discounts, billing terms, the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog import check_lines, rescaled
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.cycles import cycle_holding
from ispcore.plans.lines import check_price, current_lines, is_strict
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.plans.case import Setting
    from ispcore.plans.items import Discount
    from ispcore.values import Money

OVERRIDE_DEFAULTS = "subscription.override-defaults"
"""The permission to charge a subscription otherwise than the customer's first one."""

_LONGEST_MONTH = 31


def check_discount(discount: Discount | None, price: Money, setting: Setting) -> Discount | None:
    """Return *discount* if the customer may have it, or raise RefusedError."""
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
    return discount


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


def check_closing_day(day: int) -> int:
    """Return *day* if a cycle can close on it, or raise RefusedError."""
    if not 1 <= day <= _LONGEST_MONTH:
        raise RefusedError(
            f"{day} is not a closing day.", rule="closing-day", hint="Use 1 to 31; 31 is the month's end."
        )
    return day


def price_events(command: c.ChangePrice, case: Case) -> list[Event]:
    """Return what a change of price leaves behind."""
    catalogue, on = case.setting.catalogue, case.on
    if command.start is c.PriceStart.NEXT_CYCLE:
        on = cycle_holding(on, case.state.terms.closing_day).period.end
    # What holds when the price begins: another change may have been dated before that.
    state = case.timeline.on(on) or case.state
    item = state.item(command.item)
    check_price(command.price, item.price, item.offer)
    lines = current_lines(item, catalogue, on)
    if command.rescale:
        return [Event(on, f.PriceChanged(item.id, command.price, rescaled(lines, item.price, command.price)))]
    check_lines(lines, command.price, strict=is_strict(state, catalogue, on))
    return [Event(on, f.PriceChanged(item.id, command.price))]


def _change_price(command: c.ChangePrice, case: Case) -> Decision:
    return Decision(tuple(price_events(command, case)))


def _change_discount(command: c.ChangeDiscount, case: Case) -> Decision:
    item = case.state.item(command.item)
    discount = check_discount(command.discount, item.price, case.setting)
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
        start = _closing_day_from(command.closing_day, case)
        events.append(Event(start, f.BillingTermsChanged(closing_day=command.closing_day)))
    if changed != f.BillingTermsChanged():
        events.append(Event(case.on, changed))
    if not events:
        raise RefusedError(
            "ChangeBillingTerms changes nothing.", rule="nothing", hint="Give at least one term."
        )
    return Decision(tuple(events))


def _closing_day_from(closing_day: int, case: Case) -> date:
    """Return the day from which another closing day counts: the start, as long as nothing was billed."""
    check_closing_day(closing_day)
    origin = case.state.origin
    billed = origin.billed_through if origin else None
    if case.setting.closed_through is not None:
        billed = case.setting.closed_through - ONE_DAY
    if billed is not None:
        raise RefusedError(
            f"{case.name} was billed through {billed}; its closing day stays {case.state.terms.closing_day}.",
            rule="closing-day-billed",
            hint="The closing day is chosen before the first closing.",
        )
    return case.state.started_on


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
    c.ChangeAddress: _change_address,
}
"""The rules of this module, by command."""

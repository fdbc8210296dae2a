"""What members of a combo cost: a discount for each, as a pure function of what they cost alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import ComboPricing
from ispcore.errors import RefusedError
from ispcore.plans.items import Discount
from ispcore.plans.moves import discount_end
from ispcore.values import split_by_weight, total

if TYPE_CHECKING:
    from ispcore.catalog import ComboRule
    from ispcore.plans.state import State
    from ispcore.values import Money, SubscriptionId


def own_discount(state: State) -> Discount | None:
    """Return the discount that a subscription's plan has, or would have without its combo."""
    return state.plan.discount if state.combo is None else state.combo.alone


def dated_own_discount(state: State) -> Discount | None:
    """Return :func:`own_discount` with a day in the place of cycles, so that it ends when it would have."""
    if state.combo is not None:
        return state.combo.alone
    discount = state.plan.discount
    if discount is None or discount.cycles is None:
        return discount
    return evolve(discount, cycles=None, until=discount_end(state, state.plan))


def member_discounts(
    rule: ComboRule, members: Mapping[SubscriptionId, State]
) -> dict[SubscriptionId, Discount | None]:
    """Return the discount of each member's plan in a combo.

    Of fewer members than the rule wants each costs what it costs alone.

    Raises:
        RefusedError: together they would cost more than alone, or have no price to share.
    """
    alone = {number: own_discount(state) for number, state in members.items()}
    if len(members) < rule.least or rule.pricing is ComboPricing.SUM:
        return alone
    if rule.pricing is ComboPricing.DISCOUNT:
        percents = {number: rule.percent_of(state.plan.offer) for number, state in members.items()}
        return {
            number: Discount(percent=percent) if percent else alone[number]
            for number, percent in percents.items()
        }
    return _shared(rule, members)


def _shared(
    rule: ComboRule, members: Mapping[SubscriptionId, State]
) -> dict[SubscriptionId, Discount | None]:
    assert rule.price is not None  # noqa: S101 - a fixed price has one
    alone = [_alone(state) for state in members.values()]
    together = total(alone, rule.price.currency)
    if rule.price > together or together.is_zero:
        raise RefusedError(
            f"A combo of {len(members)} cannot cost {rule.price}: alone they cost {together}.",
            rule="combo-dearer",
            hint="Add another member, or choose another combo.",
        )
    parts = split_by_weight(rule.price, [cost.minor for cost in alone])
    off = [state.plan.price - part for state, part in zip(members.values(), parts, strict=True)]
    return {
        number: Discount(amount=amount) if amount.minor else None
        for number, amount in zip(members, off, strict=True)
    }


def _alone(state: State) -> Money:
    """Return what a full cycle of a member's plan costs alone."""
    discount = own_discount(state)
    return state.plan.price if discount is None else discount.leaves(state.plan.price)

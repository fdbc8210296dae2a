"""Folding what a combo says of its members: the discount in it, and the one that comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.plans import facts as f
from ispcore.plans.items import PLAN_ITEM, InCombo
from ispcore.plans.refusals import refused

if TYPE_CHECKING:
    from ispcore.plans.items import Discount
    from ispcore.plans.state import State
    from ispcore.timeline import Fact


def in_combo(state: State, fact: Fact[Any]) -> State:
    """Return *state* in its combo, or out of it.

    Raises:
        RefusedError: it is in none, or the discount is more than the price.
    """
    payload: f.ComboPriced | f.ComboLeft = fact.payload
    if isinstance(payload, f.ComboPriced):
        amount = payload.discount.amount if payload.discount else None
        if amount is not None and amount > state.plan.price:
            raise refused(fact, f"{amount} is more than {state.plan.price}", rule="discount-over-price")
        return evolve(_discounted(state, payload.discount), combo=InCombo(payload.alone))
    if state.combo is None:
        raise refused(fact, "it is in no combo", rule="not-in-combo")
    alone = state.combo.alone
    if alone is not None and alone.until is not None and alone.until <= fact.effective_on:
        alone = None
    return evolve(_discounted(state, alone), combo=None)


def _discounted(state: State, discount: Discount | None) -> State:
    if state.plan.discount == discount:
        return state
    plan = evolve(state.plan, discount=discount, discount_since=None)
    return evolve(state, items=tuple(plan if item.id == PLAN_ITEM else item for item in state.items))

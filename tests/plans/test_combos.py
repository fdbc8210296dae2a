"""What members of a combo cost, and what they take only through it."""

from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import ComboPricing, ComboRule
from ispcore.errors import RefusedError
from ispcore.plans import (
    Block,
    Cancel,
    ChangeDiscount,
    ChangePrice,
    Discount,
    InCombo,
    Retract,
    State,
    dated_own_discount,
    member_discounts,
    own_discount,
)
from ispcore.plans.facts import ComboLeft, ComboPriced
from ispcore.plans.moves import discount_end
from ispcore.values import Money, SubscriptionId, total
from tests.catalogues import SUBSCRIPTION, april, brl, do, march, subscribed
from tests.plans.combining import with_facts

ONE: dict[str, Any] = {"subscription": SUBSCRIPTION}
TEN = Discount(amount=brl("10.00"))


def member(price: Money, alone: Discount | None = None) -> State:
    state = subscribed("adsl", on=march(1)).last
    return evolve(state, items=(evolve(state.plan, price=price, discount=alone),))


def members(*prices: Money) -> dict[SubscriptionId, State]:
    return {SubscriptionId(number): member(price) for number, price in enumerate(prices, start=1)}


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=6), st.integers(0, 6 * 10**6))
def test_a_fixed_price_is_what_the_members_cost_together_to_the_cent(cents: list[int], asked: int) -> None:
    prices = [Money(one, brl("0.00").currency) for one in cents]
    together = total(prices, brl("0.00").currency)
    price = min(Money(asked, together.currency), together)
    rule = ComboRule(pricing=ComboPricing.FIXED, price=price)
    if together.is_zero:
        with pytest.raises(RefusedError, match="alone they cost"):
            member_discounts(rule, members(*prices))
        return

    found = member_discounts(rule, members(*prices))

    left = [off.leaves(one) if off else one for one, off in zip(prices, found.values(), strict=True)]
    assert total(left, together.currency) == price
    assert all(brl("0.00") <= part <= whole for part, whole in zip(left, prices, strict=True))


@pytest.mark.covers("S2-077")
def test_a_combo_is_as_attractive_as_its_rule() -> None:
    two = members(brl("100.00"), brl("50.00"))
    fixed = ComboRule(pricing=ComboPricing.FIXED, price=brl("120.00"))
    by_plan = ComboRule(pricing=ComboPricing.DISCOUNT, percent=Decimal(10))

    ten = Discount(percent=Decimal(10))
    assert member_discounts(fixed, two) == {1: Discount(amount=brl("20.00")), 2: TEN}
    assert member_discounts(by_plan, two) == {1: ten, 2: ten}
    assert member_discounts(evolve(by_plan, percents={"adsl": Decimal(0)}), two) == {1: None, 2: None}
    assert member_discounts(ComboRule(pricing=ComboPricing.SUM), two) == {1: None, 2: None}


def test_too_few_members_cost_what_they_cost_alone() -> None:
    one = {SubscriptionId(1): member(brl("100.00"), TEN)}
    fixed = ComboRule(pricing=ComboPricing.FIXED, price=brl("60.00"))

    assert member_discounts(fixed, one) == {1: TEN}
    assert member_discounts(evolve(fixed, least=1), one) == {1: Discount(amount=brl("40.00"))}


def test_nothing_is_dearer_together_than_alone() -> None:
    with pytest.raises(RefusedError, match=r"of 2 cannot cost 150\.01 BRL: alone they cost 150\.00 BRL"):
        member_discounts(
            ComboRule(pricing=ComboPricing.FIXED, price=brl("150.01")), members(brl("100.00"), brl("50.00"))
        )


def test_who_leaves_has_the_discount_of_before_again() -> None:
    alone = do(subscribed("adsl", on=march(1)), ChangeDiscount(**ONE, discount=TEN), march(2))

    inside = with_facts(alone, march(5), ComboPriced(Discount(percent=Decimal(50)), TEN))
    outside = with_facts(inside, march(9), ComboLeft())

    assert (inside.last.combo, inside.last.plan.to_pay()) == (InCombo(TEN), brl("50.00"))
    assert own_discount(inside.last) == TEN
    assert (outside.last.combo, outside.last.plan.to_pay()) == (None, brl("90.00"))
    assert own_discount(outside.last) == TEN
    with pytest.raises(RefusedError, match="cannot leave a combo on 2012-03-10: it is in no combo"):
        with_facts(outside, march(10), ComboLeft())
    with pytest.raises(RefusedError, match="cannot be priced in a combo"):
        with_facts(alone, march(5), ComboPriced(Discount(amount=brl("100.01")), None))
    same = with_facts(alone, march(5), ComboPriced(TEN, TEN))
    assert same.last.plan == alone.last.plan


@pytest.mark.covers("S2-078", "S2-079")
def test_a_member_takes_prices_through_its_combo_and_is_served_as_usual() -> None:
    inside = with_facts(subscribed("adsl", on=march(1)), march(5), ComboPriced(None, None))

    for command in (ChangePrice(**ONE, price=brl("90.00")), ChangeDiscount(**ONE, discount=TEN)):
        with pytest.raises(RefusedError, match="is given through that") as refused:
            do(inside, command, march(6))
        assert refused.value.rule == "in-combo"
    assert do(inside, Block(**ONE), march(6)).last.holds


def test_a_discount_that_ended_while_it_was_inside_is_not_had_again() -> None:
    until = Discount(amount=brl("10.00"), until=march(8))
    inside = with_facts(subscribed("adsl", on=march(1)), march(5), ComboPriced(None, until))

    assert with_facts(inside, march(7), ComboLeft()).last.plan.discount == until
    assert with_facts(inside, march(8), ComboLeft()).last.plan.discount is None


def test_a_discount_of_some_cycles_is_kept_as_one_until_the_day_it_would_end() -> None:
    alone = do(subscribed("adsl", on=march(1)), ChangeDiscount(**ONE, discount=TEN), march(2))
    for_one = do(alone, ChangeDiscount(**ONE, discount=evolve(TEN, cycles=1)), march(3))

    assert dated_own_discount(alone.last) == TEN
    dated = dated_own_discount(for_one.last)
    assert dated is not None
    assert (dated.cycles, dated.until) == (None, discount_end(for_one.last, for_one.last.plan))
    assert dated.until == april(1)
    assert dated_own_discount(with_facts(for_one, march(5), ComboPriced(None, dated)).last) == dated


def test_an_end_to_come_is_not_ordered_inside_a_combo() -> None:
    inside = with_facts(subscribed("adsl", on=march(1)), march(5), ComboPriced(None, None))

    with pytest.raises(RefusedError, match=r"its end is not ordered for 2012-03-20") as refused:
        do(inside, Cancel(**ONE, on=march(20), reason="moved"), march(6))
    assert refused.value.rule == "in-combo"
    assert not do(inside, Cancel(**ONE, on=march(6), reason="moved"), march(6)).last.holds


def test_what_a_combo_recorded_is_not_retracted_alone() -> None:
    inside = with_facts(subscribed("adsl", on=march(1)), march(5), ComboPriced(None, None))
    outside = with_facts(inside, march(9), ComboLeft())

    for timeline in (inside, outside):
        with pytest.raises(RefusedError, match="that fact is not retracted alone") as refused:
            do(timeline, Retract(**ONE, fact=timeline.last_sequence), march(10))
        assert refused.value.rule == "in-combo"

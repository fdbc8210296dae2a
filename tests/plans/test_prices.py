"""Prices and discounts of a subscription, each from a day on."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import ConflictingFactsError, InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    PLAN_ITEM,
    AddItem,
    ChangeDiscount,
    ChangeItem,
    ChangePlan,
    ChangePrice,
    CustomiseComposition,
    Discount,
    Item,
    PriceStart,
    SubscriptionCommand,
    Timeline,
)
from ispcore.timeline import Actor
from ispcore.values import ItemId, Money, Rounding
from tests.catalogues import (
    DOCUMENT,
    SUBSCRIPTION,
    april,
    brl,
    catalogue,
    do,
    line,
    march,
    setting,
    subscribed,
)

MAILBOX = ItemId("mailbox")
TOO_HIGH = brl("10000000000.00")


def price(amount: str, **more: Any) -> ChangePrice:
    return ChangePrice(subscription=SUBSCRIPTION, price=brl(amount), **more)


def discount(amount: str | None = None, percent: str | None = None, **more: Any) -> ChangeDiscount:
    given = Discount(brl(amount) if amount else None, Decimal(percent) if percent else None)
    return ChangeDiscount(subscription=SUBSCRIPTION, discount=given, **more)


def plan_on(timeline: Timeline, day: date) -> Item:
    state = timeline.on(day)
    assert state is not None
    return state.plan


# --- prices


@pytest.mark.covers("S0-153", "S3-006")
def test_a_quick_change_of_price_counts_from_its_day_and_leaves_the_catalogue_alone() -> None:
    timeline = do(subscribed(), price("85.00"), march(10))

    assert plan_on(timeline, march(9)).price == brl("100.00")
    assert plan_on(timeline, march(10)).price == brl("85.00")
    assert plan_on(timeline, march(10)).price_since == march(10)


def test_a_price_of_the_next_cycle_begins_on_its_first_day() -> None:
    timeline = do(subscribed(closing_day=15), price("85.00", start=PriceStart.NEXT_CYCLE), march(10))

    assert plan_on(timeline, march(15)).price == brl("100.00")
    assert plan_on(timeline, march(16)).price == brl("85.00")


def test_on_the_first_day_of_a_cycle_the_next_one_is_a_whole_cycle_away() -> None:
    timeline = do(subscribed(), price("85.00", start=PriceStart.NEXT_CYCLE), march(1))

    assert plan_on(timeline, april(1)).price_since == april(1)


def test_a_price_may_be_dated_for_a_later_day() -> None:
    timeline = do(subscribed(), price("85.00", on=april(15)), march(10))

    assert plan_on(timeline, april(14)).price == brl("100.00")
    assert plan_on(timeline, april(15)).price == brl("85.00")


def test_of_two_prices_of_one_day_the_last_recorded_rules() -> None:
    timeline = do(do(subscribed(), price("85.00"), march(10)), price("80.00"), march(10))

    assert plan_on(timeline, march(10)).price == brl("80.00")


@pytest.mark.parametrize("amount", [Money.of("85.00", "USD"), brl("-1.00")])
def test_a_price_is_not_negative_and_stays_in_its_currency(amount: Money) -> None:
    with pytest.raises(RefusedError, match="Use an amount of BRL, zero or more"):
        do(subscribed(), ChangePrice(subscription=SUBSCRIPTION, price=amount), march(10))


@pytest.mark.parametrize(
    "command",
    [
        ChangePrice(subscription=SUBSCRIPTION, price=TOO_HIGH),
        AddItem(subscription=SUBSCRIPTION, service="mailbox", price=TOO_HIGH),
        ChangePlan(subscription=SUBSCRIPTION, plan="fibre", price=TOO_HIGH),
        CustomiseComposition(subscription=SUBSCRIPTION, lines=(line("access", "10000000000.00"),)),
    ],
)
def test_a_price_or_a_line_that_is_too_high_to_be_billed_is_refused(command: SubscriptionCommand) -> None:
    with pytest.raises(RefusedError, match=r"is too high for .* Use 9999999999\.99 BRL or less") as refused:
        do(subscribed(), command, march(10))

    assert refused.value.rule == "price-too-high"


def test_a_subscription_is_not_opened_at_a_price_that_is_too_high_to_be_billed() -> None:
    with pytest.raises(RefusedError, match=r"10000000000\.00 BRL is too high for the price of 'adsl'"):
        subscribed(price=TOO_HIGH)


def test_a_price_of_an_item_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no item 'mailbox'"):
        do(subscribed(), price("5.00", item=MAILBOX), march(10))


def test_a_price_below_the_lines_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"sum to 110\.00 BRL, more than the price 100\.00 BRL"):
        do(subscribed("fibre"), price("100.00"), march(10))


def test_a_price_below_the_lines_is_accepted_when_they_are_rescaled() -> None:
    timeline = do(subscribed("fibre"), price("60.00", rescale=True), march(10))

    plan = plan_on(timeline, march(10))
    assert plan.lines is not None
    assert [(each.id, each.value) for each in plan.lines] == [
        ("access", brl("40.00")),
        ("films", brl("15.00")),
    ]


def test_rescaling_starts_from_what_holds_when_the_price_begins() -> None:
    timeline = do(subscribed("fibre"), price("60.00", rescale=True, on=april(1)), march(10))

    command = price("30.00", rescale=True, start=PriceStart.NEXT_CYCLE)
    timeline = do(timeline, command, march(10))

    plan = plan_on(timeline, april(1))
    assert plan.lines is not None
    assert [each.value for each in plan.lines] == [brl("20.00"), brl("7.50")]


def test_a_strict_policy_refuses_a_price_that_the_lines_do_not_reach() -> None:
    with pytest.raises(RefusedError, match=r"sum to 100\.00 BRL, less than the price 110\.00 BRL"):
        do(subscribed("strict"), price("110.00"), march(10))

    raised = do(subscribed("strict"), price("110.00", rescale=True), march(10))
    assert plan_on(raised, march(10)).price == brl("110.00")


def test_a_price_below_lines_of_its_own_from_a_later_day_is_refused() -> None:
    lines = (line("access", "90.00"),)
    timeline = subscribed(lines=lines)

    with pytest.raises(RefusedError, match=r"sum to 90\.00 BRL, more than the price 80\.00 BRL"):
        do(timeline, price("80.00", on=april(1)), march(10))


def test_a_back_dated_price_that_a_later_discount_exceeds_is_refused_and_both_are_named() -> None:
    timeline = do(subscribed(), discount("50.00"), march(10))

    with pytest.raises(ConflictingFactsError) as refused:
        do(timeline, price("40.00", on=march(5)), march(12))

    assert "because of DiscountChanged of 2012-03-10 (fact 2)" in refused.value.message
    assert "50.00 BRL is more than the price 40.00 BRL" in refused.value.message


def test_a_price_below_the_discount_is_refused() -> None:
    timeline = do(subscribed(), discount("50.00"), march(10))

    with pytest.raises(RefusedError, match=r"its discount of 50\.00 BRL is more than 40\.00 BRL"):
        do(timeline, price("40.00"), march(12))


def test_a_new_price_of_the_catalogue_leaves_subscriptions_alone() -> None:
    adsl = {**DOCUMENT["plans"]["adsl"]}
    adsl["versions"] = [*adsl["versions"], {**adsl["versions"][0], "from": "2012-03-01", "price": "110.00"}]
    raised = catalogue(plans={"adsl": adsl})

    add = AddItem(subscription=SUBSCRIPTION, service="mailbox")
    timeline = do(subscribed(), add, march(10), catalogue=raised)

    assert plan_on(timeline, march(10)).price == brl("100.00")


# --- discounts


@pytest.mark.covers("S0-038", "S0-039", "S0-040")
@pytest.mark.parametrize("given", [Discount(amount=brl("10.00")), Discount(percent=Decimal(10))])
def test_ten_off_a_hundred_is_ten_percent_either_way_and_leaves_ninety(given: Discount) -> None:
    plan = subscribed(price=brl("100.00"), discount=given).last.plan

    assert given.off(plan.price) == brl("10.00")
    assert given.as_percent(plan.price) == Decimal(10)
    assert plan.to_pay() == brl("90.00")


@pytest.mark.covers("S0-040")
def test_without_a_discount_the_price_is_to_be_paid() -> None:
    assert subscribed().last.plan.to_pay() == brl("100.00")


def test_a_discount_begins_and_ends_on_a_day() -> None:
    timeline = do(subscribed(), discount("10.00"), march(10))

    gone = do(timeline, ChangeDiscount(subscription=SUBSCRIPTION, discount=None, on=april(1)), march(10))

    assert [plan_on(gone, day).to_pay() for day in (march(9), march(10), april(1))] == [
        brl("100.00"),
        brl("90.00"),
        brl("100.00"),
    ]


@pytest.mark.parametrize(
    ("amount", "percent"),
    [
        (None, None),
        (brl("1.00"), Decimal(1)),
        (brl("-1.00"), None),
        (None, Decimal(-1)),
        (None, Decimal("100.01")),
    ],
)
def test_a_discount_is_one_amount_or_one_percentage_and_never_raises_a_price(
    amount: Money | None, percent: Decimal | None
) -> None:
    with pytest.raises(InvalidValueError):
        Discount(amount, percent)


def test_a_discount_above_the_price_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"100\.01 BRL is more than the price 100\.00 BRL"):
        do(subscribed(), discount("100.01"), march(10))
    with pytest.raises(RefusedError, match=r"100\.01 BRL is more than the price 100\.00 BRL"):
        subscribed(discount=Discount(amount=brl("100.01")))


@pytest.mark.covers("S1-026")
def test_a_customer_who_is_barred_from_promotions_gets_no_discount() -> None:
    with pytest.raises(RefusedError, match="takes no promotional discounts"):
        do(subscribed(), discount(percent="5"), march(10), allows_discounts=False)
    with pytest.raises(RefusedError, match="takes no promotional discounts"):
        subscribed(discount=Discount(percent=Decimal(5)), at=setting(allows_discounts=False))


def test_a_discount_can_be_taken_away_from_a_customer_who_is_barred() -> None:
    timeline = do(subscribed(), discount(percent="5"), march(10))

    none = ChangeDiscount(subscription=SUBSCRIPTION, discount=None)
    timeline = do(timeline, none, march(12), allows_discounts=False)

    assert timeline.last.plan.discount is None


def test_a_free_item_has_no_percentage_to_show() -> None:
    assert Discount(amount=brl("0.00")).as_percent(brl("0.00")) == Decimal(0)


amounts = st.integers(0, 10**9).map(lambda minor: Money(minor, brl("0.00").currency))
percents = st.decimals(0, 100, places=2)


@given(amounts, amounts)
def test_an_amount_takes_off_never_more_than_the_price(of: Money, off: Money) -> None:
    taken = Discount(amount=off).off(of)

    assert brl("0.00") <= taken <= of


@given(amounts, percents)
def test_a_percentage_takes_off_never_more_than_the_price(of: Money, percent: Decimal) -> None:
    taken = Discount(percent=percent).off(of)

    assert brl("0.00") <= taken <= of


@given(percents)
def test_amount_and_percentage_show_each_other(percent: Decimal) -> None:
    hundred = brl("100.00")

    shown = Discount(amount=Discount(percent=percent).off(hundred)).as_percent(hundred)

    assert shown == percent


@pytest.mark.parametrize(
    ("price", "percent", "mode", "to_pay"),
    [
        ("9.99", "10", Rounding.DOWN, "8.99"),  # 8.991
        ("99.99", "50", Rounding.HALF_UP, "50.00"),  # 49.995
        ("0.05", "50", Rounding.HALF_UP, "0.03"),  # 0.025
        ("0.05", "50", Rounding.HALF_EVEN, "0.02"),
    ],
)
def test_the_discounted_price_is_rounded_once_and_not_what_is_taken_off(
    price: str, percent: str, mode: Rounding, to_pay: str
) -> None:
    discount = Discount(percent=Decimal(percent))

    assert discount.leaves(brl(price), mode) == brl(to_pay)
    assert discount.off(brl(price), mode) + discount.leaves(brl(price), mode) == brl(price)


def test_the_plan_is_repriced_by_its_own_commands_and_permissions_only() -> None:
    command = ChangeItem(subscription=SUBSCRIPTION, item=PLAN_ITEM, price=brl("1.00"))

    with pytest.raises(RefusedError, match="The plan itself is no additional service"):
        do(subscribed(), command, march(2), actor=Actor("low", {"subscription.item"}))

"""Opening a subscription: what is filled in, what a unit and the customer's first subscription allow."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest

from ispcore.catalog import Bucket
from ispcore.errors import InvalidValueError, NotFoundError, NotPermittedError, RefusedError
from ispcore.plans import (
    BillingDefaults,
    BillingTerms,
    Discount,
    Grid,
    Subscribe,
    billing_defaults,
    decide_opening,
    first_billed_day,
)
from ispcore.plans.facts import Subscribed
from ispcore.timeline import Actor
from ispcore.values import AddressId, Money
from tests.catalogues import (
    CATALOGUE,
    CUSTOMER,
    DOCUMENT,
    START,
    brl,
    catalogue,
    february,
    line,
    march,
    opened,
    setting,
    subscribed,
)

FIRST = BillingDefaults(charge_method="slip", due_day=10)


@pytest.mark.covers("S0-006", "S0-037", "S3-005")
def test_a_subscription_begins_with_the_price_of_its_plan() -> None:
    plan = subscribed("fibre").last.plan

    assert (plan.offer, plan.description, plan.price) == ("fibre", "Fibra 300", brl("120.00"))
    assert plan.starts_on == START


@pytest.mark.covers("S0-267", "S3-006")
@pytest.mark.parametrize("price", ["99.00", "135.50"])
def test_a_price_of_its_own_prevails_over_that_of_the_catalogue(price: str) -> None:
    plan = subscribed("adsl", price=brl(price)).last.plan

    assert plan.price == brl(price)
    assert plan.price_since == START


def test_the_catalogue_gives_the_price_of_the_start_day() -> None:
    adsl = deepcopy(DOCUMENT["plans"]["adsl"])
    adsl["versions"].append({**adsl["versions"][0], "from": "2012-03-01", "price": "110.00"})
    known = catalogue(plans={"adsl": adsl})

    before = subscribed(on=february(29), at=setting(catalogue=known)).last.plan
    after = subscribed(on=march(1), at=setting(march(1), catalogue=known)).last.plan

    assert (before.price, before.price_since) == (brl("100.00"), date(2010, 1, 1))
    assert (after.price, after.price_since) == (brl("110.00"), march(1))


@pytest.mark.covers("S0-009")
def test_billing_counts_from_the_start_day() -> None:
    timeline = subscribed(on=february(24))

    assert timeline.on(february(23)) is None
    assert first_billed_day(timeline) == february(24)


def test_a_subscription_may_start_on_a_later_day() -> None:
    timeline = subscribed(on=march(5), at=setting(february(24)))

    assert timeline.last.started_on == march(5)


@pytest.mark.covers("S0-081", "S1-097", "S1-098", "S2-027", "S2-038", "S2-041", "S3-007")
def test_one_command_takes_the_plan_and_how_it_is_billed() -> None:
    timeline = opened(
        Subscribe(
            customer=CUSTOMER,
            plan="fibre",
            on=START,
            discount=Discount(amount=brl("12.00")),
            lines=(line("access", "50.00"),),
            advance=True,
            closing_day=15,
            due_day=20,
            charge_method="card",
            separate_slip=True,
            separate_document=True,
            address=AddressId("home"),
            contract="2012-17",
            extra={"pole": 12},
        )
    )

    state = timeline.last
    assert state.plan.to_pay() == brl("108.00")
    assert state.plan.lines == (line("access", "50.00"),)
    assert state.terms == BillingTerms(
        advance=True,
        grid=Grid(day=15),
        due_day=20,
        charge_method="card",
        separate_slip=True,
        separate_document=True,
    )
    assert (state.address, state.contract, state.extra) == ("home", "2012-17", {"pole": "12"})
    assert (state.customer, state.unit, state.policy) == (CUSTOMER, "londrina", "standard")


@pytest.mark.covers("S0-007", "S0-008")
def test_the_same_plan_may_be_taken_twice_at_two_addresses() -> None:
    home = subscribed("fibre", address=AddressId("home"))
    shop = subscribed("fibre", address=AddressId("shop"))

    assert (home.last.plan, home.last.customer) == (shop.last.plan, shop.last.customer)
    assert (home.last.address, shop.last.address) == ("home", "shop")


# --- the first status


@pytest.mark.covers("S0-022")
@pytest.mark.parametrize(
    ("status", "bucket", "bills"),
    [
        (None, Bucket.PENDING, False),
        ("pre_registration", Bucket.PENDING, False),
        ("enabled", Bucket.ACTIVE, True),
        ("suspended", Bucket.INACTIVE, False),
    ],
)
def test_a_subscription_awaits_installation_unless_told_otherwise(
    status: str | None, bucket: Bucket, bills: bool
) -> None:
    state = subscribed(status=status).last

    assert state.status.code == (status or "awaiting")
    assert (state.bucket, state.bills) == (bucket, bills)


def test_a_subscription_cannot_begin_in_any_cancelled_status() -> None:
    gone = {"description": "Sumiu", "bucket": "cancelled", "bills": False, "serves": "removed"}
    known = catalogue(statuses={"gone": gone})

    for status in ("cancelled", "gone"):
        with pytest.raises(RefusedError, match="cannot begin cancelled"):
            subscribed(status=status, at=setting(catalogue=known))


# --- what the business unit allows


@pytest.mark.covers("S0-020")
def test_a_plan_that_the_unit_does_not_sell_is_refused_until_it_is_attached() -> None:
    with pytest.raises(RefusedError, match="does not sell the plan 'hosting'"):
        subscribed("hosting")

    londrina = {**DOCUMENT["units"]["londrina"], "plans": ["hosting"]}
    attached = catalogue(units={"londrina": londrina})

    assert subscribed("hosting", at=setting(catalogue=attached)).last.plan.offer == "hosting"


@pytest.mark.covers("S0-018", "S0-033", "S0-035")
@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"charge_method": "cash"}, "does not charge by 'cash'"),
        ({"due_day": 7}, "has no due day 7"),
        ({"due_day": 0}, "0 is not a day of the month"),
        ({"due_day": 32}, "32 is not a day of the month"),
    ],
)
def test_the_unit_says_which_charge_methods_and_due_days_there_are(
    terms: dict[str, Any], problem: str
) -> None:
    with pytest.raises(RefusedError, match=problem):
        subscribed(**terms)


def test_a_unit_of_any_due_day_takes_each_day_of_the_month() -> None:
    maringa = setting(unit=CATALOGUE.unit("maringa"))

    assert subscribed(due_day=7, at=maringa).last.terms.due_day == 7


@pytest.mark.parametrize("day", [0, 32])
def test_a_closing_day_is_a_day_of_the_month(day: int) -> None:
    with pytest.raises(RefusedError, match=f"{day} is not a closing day"):
        subscribed(closing_day=day)


# --- what the policy and the customer's first subscription fill in


@pytest.mark.covers("S0-027")
def test_a_subscription_is_billed_in_arrears_unless_its_policy_says_otherwise() -> None:
    assert subscribed("adsl").last.terms.advance is False
    assert subscribed("in-advance").last.terms.advance is True
    assert subscribed("in-advance", advance=False).last.terms.advance is False


def test_the_policy_gives_the_closing_day() -> None:
    assert subscribed("adsl").last.terms.closing_day == 31
    assert subscribed("closing-15").last.terms.closing_day == 15


@pytest.mark.covers("S0-032", "S0-034")
def test_the_first_subscription_needs_a_charge_method_and_a_due_day_and_sets_both() -> None:
    with pytest.raises(RefusedError, match="first subscription sets the charge method and the due day"):
        subscribed(charge_method=None)
    with pytest.raises(RefusedError, match="Give both"):
        subscribed(due_day=None)

    first = subscribed(charge_method="card", due_day=20)

    assert billing_defaults(first.facts[0].payload) == BillingDefaults("card", 20)


@pytest.mark.covers("S0-032", "S0-034")
def test_later_subscriptions_are_charged_like_the_first_one() -> None:
    seller = Actor("rui", frozenset({"subscription.open"}))

    state = subscribed(charge_method=None, due_day=None, at=setting(actor=seller, defaults=FIRST)).last

    assert (state.terms.charge_method, state.terms.due_day) == ("slip", 10)


@pytest.mark.covers("S0-032", "S0-034")
@pytest.mark.parametrize("terms", [{"charge_method": "card"}, {"due_day": 20}])
def test_charging_otherwise_than_the_first_one_needs_a_permission(terms: dict[str, Any]) -> None:
    seller = Actor("rui", frozenset({"subscription.open"}))
    chief = Actor("eva", frozenset({"subscription.open", "subscription.override-defaults"}))

    with pytest.raises(NotPermittedError, match=r"'subscription\.override-defaults' is missing"):
        subscribed(**terms, at=setting(actor=seller, defaults=FIRST))

    assert subscribed(**terms, at=setting(actor=chief, defaults=FIRST)).last.bucket is Bucket.ACTIVE


def test_a_due_day_that_is_none_is_not_replaced_by_the_usual_one() -> None:
    with pytest.raises(RefusedError, match="0 is not a day of the month"):
        subscribed(due_day=0, at=setting(defaults=FIRST))


# --- prices, discounts, extra fields


@pytest.mark.parametrize("price", [brl("-1.00"), Money.of("100.00", "USD")])
def test_a_price_is_not_negative_and_in_the_currency_of_the_plan(price: Money) -> None:
    with pytest.raises(RefusedError, match=r"cannot be the price of 'adsl'\. Use an amount of BRL"):
        subscribed(price=price)


def test_a_plan_may_cost_nothing() -> None:
    assert subscribed(price=brl("0.00")).last.plan.to_pay().is_zero


def test_a_plan_that_was_not_sold_yet_is_refused() -> None:
    with pytest.raises(RefusedError, match="'adsl' has no price on 2009-12-31"):
        subscribed("adsl", on=date(2009, 12, 31))


def test_a_plan_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFoundError, match="There is no plan 'dial-up'"):
        subscribed("dial-up")


def test_extra_fields_are_of_the_declared_type() -> None:
    with pytest.raises(InvalidValueError, match="'north' does not fit the extra field 'pole'"):
        subscribed(extra={"pole": "north"})
    with pytest.raises(InvalidValueError, match="has no extra field 'colour'"):
        subscribed(extra={"colour": "red"})


def test_opening_leaves_one_fact_of_the_start_day() -> None:
    command = Subscribe(customer=CUSTOMER, plan="adsl", on=march(1), charge_method="slip", due_day=10)

    event = decide_opening(command, setting(march(5)))

    assert event.on == march(1)
    assert isinstance(event.payload, Subscribed)

"""How a subscription is billed and paid, and where it is served, from a day on."""

from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import Trial, TrialKind
from ispcore.errors import NotPermittedError, RefusedError
from ispcore.plans import (
    BillingDefaults,
    BillingTerms,
    ChangeAddress,
    ChangeBillingTerms,
    Grid,
    Retract,
    Timeline,
    cycle_holding,
    first_billed_day,
)
from ispcore.timeline import Actor
from ispcore.values import AddressId
from tests.catalogues import (
    CATALOGUE,
    DOCUMENT,
    SUBSCRIPTION,
    april,
    catalogue,
    do,
    february,
    march,
    subscribed,
)


def change(**terms: Any) -> ChangeBillingTerms:
    return ChangeBillingTerms(subscription=SUBSCRIPTION, **terms)


def terms_on(timeline: Timeline, day: int) -> BillingTerms:
    state = timeline.on(march(day))
    assert state is not None
    return state.terms


@pytest.mark.covers("S0-091", "S1-101", "S1-102")
@pytest.mark.parametrize(
    "terms",
    [
        {"advance": True},
        {"due_day": 20},
        {"charge_method": "card"},
        {"separate_slip": True},
        {"separate_document": True},
        {"advance": True, "due_day": 5, "charge_method": "card"},
    ],
)
def test_a_term_changes_from_its_day_on_and_the_others_stay(terms: dict[str, Any]) -> None:
    timeline = do(subscribed(), change(**terms), march(10))

    assert terms_on(timeline, 9) == BillingTerms(False, Grid(day=31), 10, "slip")
    assert terms_on(timeline, 10) == evolve(BillingTerms(False, Grid(day=31), 10, "slip"), **terms)


def test_terms_may_be_dated_for_a_later_day() -> None:
    timeline = do(subscribed(), change(due_day=20, on=march(20)), march(10))

    assert [terms_on(timeline, day).due_day for day in (19, 20)] == [10, 20]


def test_a_change_of_no_term_is_refused() -> None:
    with pytest.raises(RefusedError, match="ChangeBillingTerms changes nothing"):
        do(subscribed(), change(), march(10))


@pytest.mark.parametrize(
    ("terms", "problem"),
    [
        ({"charge_method": "cash"}, "does not charge by 'cash'"),
        ({"charge_method": ""}, "does not charge by ''"),
        ({"due_day": 7}, "has no due day 7"),
        ({"due_day": 0}, "0 is not a day of the month"),
        ({"closing_day": 0}, "0 is not a closing day"),
        ({"closing_day": 32}, "32 is not a closing day"),
    ],
)
def test_only_terms_that_the_unit_offers_are_accepted(terms: dict[str, Any], problem: str) -> None:
    with pytest.raises(RefusedError, match=problem):
        do(subscribed(), change(**terms), march(10))


@pytest.mark.covers("S0-032", "S0-034")
@pytest.mark.parametrize("terms", [{"charge_method": "card"}, {"due_day": 20}])
def test_leaving_the_customers_usual_method_or_day_needs_a_permission(terms: dict[str, Any]) -> None:
    clerk = Actor("rui", frozenset({"subscription.billing-terms", "subscription.payment-terms"}))
    first = BillingDefaults("slip", 10)

    with pytest.raises(NotPermittedError, match="override-defaults"):
        do(subscribed(), change(**terms), march(10), actor=clerk, defaults=first)

    other = do(subscribed(), change(advance=True), march(10), actor=clerk, defaults=first)
    assert other.last.terms.advance is True


# --- the closing day


def test_the_closing_day_moves_from_the_start_as_long_as_nothing_was_billed() -> None:
    timeline = do(subscribed(on=february(24)), change(closing_day=15), march(10))

    closing_days = {span.state.terms.closing_day for span in timeline.spans}
    assert closing_days == {15}
    assert cycle_holding(february(24), 15).closing_day == march(15)


def test_with_the_closing_day_only_the_closing_day_moves_from_the_start() -> None:
    timeline = do(subscribed(), change(closing_day=15, due_day=20), march(10))

    assert terms_on(timeline, 9) == BillingTerms(False, Grid(day=15), 10, "slip")
    assert terms_on(timeline, 10) == BillingTerms(False, Grid(day=15), 20, "slip")


def test_a_trial_for_the_rest_of_the_cycle_ends_with_the_cycle_of_the_new_closing_day() -> None:
    timeline = subscribed(on=march(15), trial=Trial(TrialKind.CYCLE), closing_day=31)
    assert first_billed_day(timeline) == april(1)

    moved = do(timeline, change(closing_day=20), march(16))

    assert first_billed_day(moved) == march(21)


def test_of_two_closing_days_the_last_recorded_rules() -> None:
    timeline = do(do(subscribed(), change(closing_day=15), march(5)), change(closing_day=20), march(6))

    assert terms_on(timeline, 1).closing_day == 20


def test_a_closing_day_that_was_billed_by_cannot_be_retracted() -> None:
    timeline = do(subscribed(), change(closing_day=15), march(5))
    retract = Retract(subscription=SUBSCRIPTION, fact=2)

    with pytest.raises(RefusedError, match="was billed by the closing day that BillingTermsChanged"):
        do(timeline, retract, march(20), closed_through=march(16))

    back = do(timeline, retract, march(6))
    assert back.last.terms.closing_day == 31
    with pytest.raises(RefusedError, match=r"was billed by the closing day that Retracted .* chose"):
        do(back, Retract(subscription=SUBSCRIPTION, fact=3), march(20), closed_through=march(31))


# --- the address


@pytest.mark.covers("S0-017", "S0-094")
def test_the_business_unit_changes_with_the_address_only() -> None:
    timeline = do(
        subscribed(),
        ChangeAddress(subscription=SUBSCRIPTION, address=AddressId("shop")),
        march(10),
        unit=CATALOGUE.unit("maringa"),
    )

    before, after = timeline.on(march(9)), timeline.on(march(10))
    assert before is not None
    assert after is not None
    assert (before.unit, before.address) == ("londrina", None)
    assert (after.unit, after.address) == ("maringa", "shop")


@pytest.mark.parametrize(
    ("opening", "problem"),
    [
        ({"plan": "fibre"}, "'maringa' does not sell the plan 'fibre'"),
        ({"charge_method": "card"}, "'maringa' does not charge by 'card'"),
    ],
)
def test_the_unit_of_the_new_address_must_offer_what_the_subscription_has(
    opening: dict[str, Any], problem: str
) -> None:
    move = ChangeAddress(subscription=SUBSCRIPTION, address=AddressId("shop"))

    with pytest.raises(RefusedError, match=problem):
        do(subscribed(**opening), move, march(10), unit=CATALOGUE.unit("maringa"))


def test_the_due_day_must_be_one_of_the_new_unit() -> None:
    maringa = {**DOCUMENT["units"]["maringa"], "due_days": [5]}
    known = catalogue(units={"maringa": maringa})
    move = ChangeAddress(subscription=SUBSCRIPTION, address=AddressId("shop"))

    with pytest.raises(RefusedError, match="'maringa' has no due day 10"):
        do(subscribed(), move, march(10), catalogue=known, unit=known.unit("maringa"))


def test_within_a_unit_a_subscription_moves_though_its_plan_is_not_sold_any_more() -> None:
    londrina = {**DOCUMENT["units"]["londrina"], "plans": ["fibre"]}
    known = catalogue(units={"londrina": londrina})
    move = ChangeAddress(subscription=SUBSCRIPTION, address=AddressId("flat"))

    timeline = do(subscribed("adsl"), move, april(1), catalogue=known)

    assert timeline.last.address == "flat"

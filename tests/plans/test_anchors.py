"""What holds the cycles of a subscription in their place: a closing day, or a day on which one starts."""

from datetime import date
from typing import Any

import pytest

from ispcore.catalog import AnchorKind, Suspension, Trial, TrialKind
from ispcore.errors import RefusedError
from ispcore.plans import (
    AddItem,
    ChangeBillingTerms,
    ChangePlan,
    ChangePrice,
    CustomiseComposition,
    Grid,
    ImportSubscription,
    Timeline,
    first_billed_day,
)
from ispcore.values import Every, ItemId, Period
from tests.catalogues import (
    CATALOGUE,
    CUSTOMER,
    DOCUMENT,
    SUBSCRIPTION,
    april,
    brl,
    catalogue,
    do,
    february,
    march,
    moved,
    opened,
    setting,
    subscribed,
)

LONDRINA = DOCUMENT["units"]["londrina"]


def cycle(timeline: Timeline, day: date) -> Period:
    return timeline.billed_on(day).cycle.period


def to(plan: str, **more: Any) -> ChangePlan:
    return ChangePlan(subscription=SUBSCRIPTION, plan=plan, **more)


def successor(timeline: Timeline, command: ChangePlan, on: date, **more: Any) -> Timeline:
    return moved(timeline, command, on, **more)[1]


def with_policy(**policy: Any) -> Any:
    """Return a setting whose plan ``quarterly`` has another *policy*."""
    known = catalogue(policies={"quarterly": policy})
    return setting(february(24), catalogue=known)


# --- opening


def test_a_closing_month_keeps_quarters_with_the_calendar_whenever_one_subscribes() -> None:
    timeline = subscribed("calendar-quarters", on=february(24))

    assert cycle(timeline, february(24)) == Period.through(date(2012, 1, 1), march(31))


def test_without_a_closing_month_a_quarter_closes_in_the_month_of_the_start() -> None:
    timeline = subscribed("quarterly", on=february(24), closing_day=9)

    assert cycle(timeline, february(24)) == Period.through(february(10), date(2012, 5, 9))


def test_another_closing_day_stays_in_the_closing_month() -> None:
    timeline = subscribed("calendar-quarters", on=february(24), closing_day=9)

    assert cycle(timeline, february(24)) == Period.through(date(2011, 12, 10), march(9))


def test_a_week_of_the_policy_goes_from_monday_to_sunday() -> None:
    assert cycle(subscribed("weekly", on=february(24)), february(24)) == Period.through(
        february(20), february(26)
    )


def test_a_policy_anchored_to_the_start_makes_anniversaries() -> None:
    timeline = subscribed("anniversary", on=date(2012, 1, 31))

    starts = [
        span.days.start for span, _ in zip(timeline.billed_from(date(2012, 1, 31)), range(3), strict=False)
    ]
    assert starts == [date(2012, 1, 31), february(29), march(31)]


def test_the_first_cycle_starts_after_the_trial() -> None:
    timeline = subscribed("yearly", on=february(24), trial=Trial(TrialKind.DAYS, 10))

    assert first_billed_day(timeline) == march(5)
    assert cycle(timeline, march(5)) == Period(march(5), date(2013, 3, 5))


def test_a_quarter_closes_in_the_month_in_which_the_trial_is_over() -> None:
    timeline = subscribed("quarterly", on=february(24), trial=Trial(TrialKind.MONTH))

    assert cycle(timeline, march(1)) == Period.through(date(2012, 1, 1), march(31))


def test_a_trial_for_the_rest_of_the_cycle_is_one_of_the_cycles_it_rules() -> None:
    timeline = subscribed("anniversary", on=february(24), trial=Trial(TrialKind.CYCLE))

    assert first_billed_day(timeline) == march(24)
    assert cycle(timeline, march(24)) == Period(march(24), april(24))


def test_such_a_trial_moves_no_quarter_and_lets_no_anniversary_drift() -> None:
    quarter = subscribed("quarterly", on=february(24), trial=Trial(TrialKind.CYCLE))
    on_the_31st = subscribed("anniversary", on=date(2012, 1, 31), trial=Trial(TrialKind.CYCLE))

    assert cycle(quarter, march(1)) == Period.through(march(1), date(2012, 5, 31))
    assert cycle(on_the_31st, march(1)) == Period(february(29), march(31))


def test_a_subscription_may_choose_a_day_on_which_a_cycle_starts() -> None:
    timeline = subscribed("adsl", on=february(24), anchor_on=march(5))

    assert timeline.last.terms.grid == Grid(AnchorKind.START, 5)
    assert cycle(timeline, february(24)) == Period(february(5), march(5))


def test_where_the_policy_anchors_to_the_start_a_closing_day_may_be_chosen() -> None:
    timeline = subscribed("anniversary", on=february(24), closing_day=15)

    assert timeline.last.terms.grid == Grid(AnchorKind.CLOSING, 15)


@pytest.mark.parametrize("closing_day", [0, 8])
def test_a_week_closes_on_one_of_its_seven_days(closing_day: int) -> None:
    with pytest.raises(RefusedError, match=r"is not a closing day\. Use 1 to 7; 1 is Monday"):
        subscribed("weekly", closing_day=closing_day)


def test_closing_day_and_anchor_together_are_refused() -> None:
    both: Any = {"closing_day": 15, "anchor_on": march(1)}

    with pytest.raises(RefusedError, match="Give closing_day or anchor_on") as refused:
        subscribed(**both)
    with pytest.raises(RefusedError, match="Give closing_day or anchor_on"):
        do(subscribed(), to("fibre", **both), march(10))

    assert refused.value.rule == "two-anchors"


def test_an_import_goes_on_in_the_year_that_the_other_system_had_begun() -> None:
    command = ImportSubscription(
        customer=CUSTOMER,
        plan="yearly",
        system="old",
        foreign_id="A-9",
        billed_through=date(2012, 6, 9),
        anchor_on=date(2009, 6, 10),
        status="enabled",
        charge_method="slip",
        due_day=10,
    )

    timeline = opened(command, setting(march(5)))

    assert cycle(timeline, date(2012, 6, 10)) == Period(date(2012, 6, 10), date(2013, 6, 10))


def test_what_becomes_of_paid_days_is_kept_from_the_policy_of_the_start() -> None:
    assert subscribed("extend").last.terms.suspension is Suspension.EXTEND
    assert subscribed().last.terms.suspension is Suspension.CREDIT
    assert successor(subscribed(), to("extend"), march(10)).last.terms.suspension is Suspension.EXTEND


# --- changing the plan


def test_cycles_of_the_same_length_go_on_whatever_the_new_plan_is_anchored_to() -> None:
    before = subscribed("adsl", closing_day=15)

    after = successor(before, to("anniversary"), march(10))

    assert after.last.terms.grid == before.last.terms.grid


def test_a_yearly_plan_goes_on_to_the_old_anniversary_where_the_new_one_is_yearly_too() -> None:
    yearly = {**DOCUMENT["plans"]["yearly"], "name": "Anual maior"}
    known = catalogue(
        plans={"larger": yearly}, units={"londrina": {**LONDRINA, "plans": [*LONDRINA["plans"], "larger"]}}
    )
    before = subscribed("yearly", on=february(24))

    after = successor(before, to("larger"), date(2012, 6, 10), catalogue=known)

    assert cycle(after, date(2012, 6, 10)) == Period(february(24), date(2013, 2, 24))


def test_from_months_to_a_year_the_day_of_the_change_is_the_anniversary() -> None:
    after = successor(subscribed("adsl"), to("yearly"), march(10))

    assert cycle(after, march(10)) == Period(march(10), date(2013, 3, 10))


def test_the_anniversary_may_be_chosen_with_the_change() -> None:
    after = successor(subscribed("adsl"), to("yearly", anchor_on=date(2009, 6, 1)), march(10))

    assert cycle(after, march(10)) == Period(date(2011, 6, 1), date(2012, 6, 1))


def test_so_may_a_closing_day() -> None:
    after = successor(subscribed("adsl"), to("fibre", closing_day=15), march(10))

    assert cycle(after, march(10)) == Period.through(february(16), march(15))


def test_from_months_to_quarters_the_closing_day_stays_and_does_not_drift() -> None:
    after = successor(subscribed("adsl", closing_day=31), to("quarterly"), april(10))

    assert cycle(after, april(10)) == Period.through(february(1), april(30))
    assert cycle(after, date(2012, 6, 1)) == Period.through(date(2012, 5, 1), date(2012, 7, 31))


def test_from_months_to_calendar_quarters_they_close_in_the_closing_month() -> None:
    after = successor(subscribed("adsl", closing_day=20), to("calendar-quarters"), april(10))

    assert cycle(after, april(10)) == Period.through(march(21), date(2012, 6, 20))


@pytest.mark.parametrize(
    ("before", "plan", "grid"),
    [("weekly", "adsl", Grid(day=31)), ("yearly", "adsl", Grid(day=31))],
)
def test_a_closing_day_that_cannot_stay_is_that_of_the_new_policy(before: str, plan: str, grid: Grid) -> None:
    assert successor(subscribed(before), to(plan), march(10)).last.terms.grid == grid


def test_from_months_to_weeks_they_close_on_sunday() -> None:
    after = successor(subscribed("adsl", closing_day=5), to("weekly"), march(9))

    assert cycle(after, march(9)) == Period.through(march(5), march(11))
    assert after.last.terms.grid.every == Every(months=0, weeks=1)


def test_a_closing_day_that_was_to_move_has_moved_on_the_successor() -> None:
    terms = ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15)
    before = do(subscribed(), terms, march(10), closed_through=march(1))

    after = successor(before, to("fibre"), march(20), closed_through=march(1))

    assert cycle(after, march(20)) == Period.through(march(16), april(15))


def test_the_new_plan_may_close_on_no_day_that_is_none() -> None:
    with pytest.raises(RefusedError, match="32 is not a closing day"):
        do(subscribed(), to("fibre", closing_day=32), march(10))


# --- where a price comes from


def test_a_price_of_the_catalogue_is_known_as_such_and_another_one_is_not() -> None:
    assert subscribed().last.plan.catalogue_price is True
    assert subscribed(price=brl("100.00")).last.plan.catalogue_price is False


def test_a_quick_change_of_price_leaves_the_catalogues_price_for_good() -> None:
    changed = ChangePrice(subscription=SUBSCRIPTION, price=brl("100.00"))

    assert do(subscribed(), changed, march(10)).last.plan.catalogue_price is False


def test_lines_of_its_own_do_not_make_a_price_its_own() -> None:
    lines = CustomiseComposition(subscription=SUBSCRIPTION, lines=())

    assert do(subscribed(), lines, march(10)).last.plan.catalogue_price is True


def test_a_service_knows_where_its_price_comes_from_and_keeps_it_on_another_plan() -> None:
    mailbox = ItemId("mailbox")
    add = AddItem(subscription=SUBSCRIPTION, service="mailbox")
    own = AddItem(subscription=SUBSCRIPTION, service="mailbox", price=brl("10.00"))

    assert do(subscribed(), add, march(1)).last.item(mailbox).catalogue_price is True
    assert do(subscribed(), own, march(1)).last.item(mailbox).catalogue_price is False
    after = successor(do(subscribed(), add, march(1)), to("fibre"), march(10))
    assert (after.last.plan.catalogue_price, after.last.item(mailbox).catalogue_price) == (True, True)


def test_a_successor_with_a_price_of_its_own_does_not_follow_the_catalogue() -> None:
    after = successor(subscribed(), to("fibre", price=brl("120.00")), march(10))

    assert after.last.plan.catalogue_price is False


def test_closing_months_of_another_policy_are_looked_up_on_the_start_day() -> None:
    timeline = subscribed("quarterly", at=with_policy(every="half-year", closing_month=6))

    assert cycle(timeline, march(1)) == Period.through(date(2012, 1, 1), date(2012, 6, 30))
    assert CATALOGUE.policy("quarterly", march(1)).closing_month is None

"""What is had for a while only: enabling provisionally, a better plan, a seasonal pause."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Serves
from ispcore.errors import RefusedError
from ispcore.plans import (
    Block,
    Cancel,
    ChangePlan,
    EnableProvisionally,
    EndTemporaryPlan,
    HoldCause,
    Pause,
    Reduce,
    Resume,
    StartTemporaryPlan,
    State,
    Suspend,
    TemporaryPlan,
    Timeline,
    Unblock,
    Unpause,
    coming,
)
from tests.catalogues import (
    DOCUMENT,
    START,
    SUBSCRIPTION,
    april,
    catalogue,
    do,
    february,
    march,
    moved,
    subscribed,
)

ONE: Any = {"subscription": SUBSCRIPTION}
ADSL = {**DOCUMENT["plans"]["adsl"], "provisional": {"days": 3, "every_days": 30}}
KNOWN = catalogue(plans={"adsl": ADSL})
ENABLE = EnableProvisionally(**ONE)


def on(timeline: Timeline, day: date) -> State:
    state = timeline.on(day)
    assert state is not None
    return state


def enabled(timeline: Timeline, day: date, known: Any = KNOWN) -> Timeline:
    return do(timeline, ENABLE, day, catalogue=known)


def rule(act: Any) -> str:
    with pytest.raises(RefusedError) as refused:
        act()
    return refused.value.rule


# --- enabling provisionally


@pytest.mark.covers("S0-263")
@pytest.mark.parametrize("holding", [Suspend(**ONE), Block(**ONE), Reduce(**ONE)])
def test_what_is_held_back_is_served_and_owed_for_some_days_and_then_as_before(holding: Any) -> None:
    timeline = enabled(do(subscribed(), holding, march(1)), march(10))

    assert [on(timeline, march(day)).serves is Serves.FULL for day in (9, 10, 12, 13)] == [
        False,
        True,
        True,
        False,
    ]
    assert [on(timeline, march(day)).bills for day in (10, 12)] == [True, True]
    assert on(timeline, march(13)).serves is on(timeline, march(9)).serves
    assert on(timeline, march(13)).bills is on(timeline, march(9)).bills


@pytest.mark.covers("S0-264")
def test_the_plan_says_whether_it_can_be_and_for_how_many_days() -> None:
    blocked = do(subscribed(), Block(**ONE), march(1))
    fibre = do(subscribed("fibre"), Block(**ONE), march(1))
    week = catalogue(plans={"adsl": {**ADSL, "provisional": {"days": 7}}})

    assert on(enabled(blocked, march(10), week), march(16)).serves is Serves.FULL
    assert on(enabled(blocked, march(10), week), march(17)).serves is Serves.BLOCKED
    assert rule(lambda: enabled(fibre, march(10))) == "no-provisional"


def test_a_plan_that_was_withdrawn_allows_nothing() -> None:
    withdrawn = evolve(KNOWN, plans={"fibre": KNOWN.plan("fibre")})
    blocked = do(subscribed(), Block(**ONE), march(1))

    assert rule(lambda: enabled(blocked, march(10), withdrawn)) == "no-provisional"


def test_it_is_enabled_once_in_its_interval() -> None:
    timeline = enabled(do(subscribed(), Block(**ONE), march(1)), march(10))

    assert rule(lambda: enabled(timeline, march(11))) == "provisional-again"
    assert rule(lambda: enabled(timeline, april(8))) == "provisional-again"
    assert on(enabled(timeline, april(9)), april(9)).serves is Serves.FULL


def test_without_an_interval_it_is_enabled_again_once_it_is_over() -> None:
    known = catalogue(plans={"adsl": {**ADSL, "provisional": {"days": 3}}})
    timeline = enabled(do(subscribed(), Block(**ONE), march(1)), march(10), known)

    assert rule(lambda: enabled(timeline, march(12), known)) == "provisional-again"
    assert on(enabled(timeline, march(13), known), march(15)).serves is Serves.FULL


def test_what_is_served_already_or_paused_or_not_installed_is_not_enabled_provisionally() -> None:
    paused = do(subscribed(), Pause(**ONE), march(1))
    waiting = subscribed(status="awaiting")

    assert rule(lambda: enabled(subscribed(), march(10))) == "not-inactive"
    assert rule(lambda: enabled(paused, march(10))) == "paused"
    assert rule(lambda: enabled(waiting, march(10))) == "not-inactive"


def test_a_late_payer_who_is_blocked_meanwhile_is_blocked_when_it_is_over() -> None:
    late = Block(**ONE, cause=HoldCause.AUTOMATIC)
    timeline = do(enabled(do(subscribed(), Reduce(**ONE), march(1)), march(10)), late, march(11))

    assert on(timeline, march(12)).serves is Serves.FULL
    assert on(timeline, march(13)).serves is Serves.BLOCKED


def test_what_a_person_holds_back_meanwhile_is_held_back_at_once() -> None:
    timeline = enabled(do(subscribed(), Reduce(**ONE), march(1)), march(10))

    assert on(do(timeline, Block(**ONE), march(11)), march(11)).serves is Serves.BLOCKED
    assert on(do(timeline, Suspend(**ONE), march(11)), march(11)).serves is Serves.OFF


def test_who_is_enabled_for_good_meanwhile_stays_so() -> None:
    suspended = enabled(do(subscribed(), Suspend(**ONE), march(1)), march(10))
    blocked = enabled(do(subscribed(), Block(**ONE), march(1)), march(10))

    assert on(do(suspended, Resume(**ONE), march(11)), march(13)).serves is Serves.FULL
    assert on(do(blocked, Unblock(**ONE), march(11)), march(13)).serves is Serves.FULL


def test_a_cancellation_ends_it_too() -> None:
    timeline = enabled(do(subscribed(), Block(**ONE), march(1)), march(10))
    ended = do(timeline, Cancel(**ONE, reason="moved"), march(11))

    assert (ended.last.provisional_until, ended.last.serves) == (None, Serves.REMOVED)


# --- what is to come


def test_that_it_will_be_over_is_told_before() -> None:
    provisional = enabled(do(subscribed(), Block(**ONE), march(1)), march(10))
    tasted = tasting(subscribed("fibre"), "fast")

    assert [(one.on, one.text) for one in coming(provisional, march(11))] == [
        (march(13), "it is enabled provisionally no more")
    ]
    assert [(one.on, one.text) for one in coming(tasted, march(11))] == [
        (march(20), "the plan 'fast' is over, and its own is served again")
    ]


# --- a better plan


FAST = {**DOCUMENT["plans"]["fibre"], "name": "Fibra 600", "download_kbit": 600_000, "upload_kbit": 300_000}
SLOW = {**FAST, "name": "Fibra 100", "download_kbit": 600_000, "upload_kbit": 100_000}
RADIO = {**FAST, "name": "Rádio", "technology": "radio"}
UNMEASURED = {key: value for key, value in FAST.items() if not key.endswith("_kbit")}
LONDRINA = DOCUMENT["units"]["londrina"]
TASTED = catalogue(
    plans={"fast": FAST, "slow": SLOW, "radio": RADIO, "unmeasured": UNMEASURED, "elsewhere": FAST},
    units={"londrina": {**LONDRINA, "plans": [*LONDRINA["plans"], "fast", "slow", "radio", "unmeasured"]}},
)


def tasting(timeline: Timeline, plan: str, last: int = 19) -> Timeline:
    command = StartTemporaryPlan(**ONE, plan=plan, until=march(last + 1))
    return do(timeline, command, march(10), catalogue=TASTED)


@pytest.mark.covers("S3-036")
def test_a_better_plan_is_served_for_some_days_and_the_price_stays() -> None:
    timeline = tasting(subscribed("fibre"), "fast")

    tasted = TemporaryPlan("fast", march(20))
    assert [on(timeline, march(day)).temporary for day in (9, 10, 19, 20)] == [None, tasted, tasted, None]
    assert {str(on(timeline, march(day)).plan.price) for day in (9, 10, 20)} == {"120.00 BRL"}
    assert on(timeline, march(10)).plan.offer == "fibre"


@pytest.mark.parametrize(
    ("plan", "broken"),
    [
        ("fibre", "same-plan"),
        ("radio", "other-technology"),
        ("slow", "slower-plan"),
        ("elsewhere", "plan-not-in-unit"),
    ],
)
def test_a_plan_for_a_while_is_another_of_the_same_technology_and_as_fast_at_least(
    plan: str, broken: str
) -> None:
    assert rule(lambda: tasting(subscribed("fibre"), plan)) == broken


def test_a_plan_without_a_speed_is_as_fast_as_any_and_slower_than_none() -> None:
    unmeasured = subscribed("fibre")

    assert on(tasting(unmeasured, "unmeasured"), march(10)).temporary is not None
    plain = do(subscribed("fibre"), ChangePlan(**ONE, plan="unmeasured"), march(1), catalogue=TASTED)
    assert plain.last.successor is not None
    _, other = moved(subscribed("fibre"), ChangePlan(**ONE, plan="unmeasured"), march(1), catalogue=TASTED)
    assert rule(lambda: tasting(other, "fast")) == "slower-plan"


def test_a_while_ends_after_it_begins_and_there_is_one_at_a_time() -> None:
    assert rule(lambda: tasting(subscribed("fibre"), "fast", last=9)) == "empty-while"
    assert rule(lambda: tasting(tasting(subscribed("fibre"), "fast"), "unmeasured")) == "already-temporary"


def test_it_is_ended_before_its_day_by_a_command() -> None:
    timeline = do(tasting(subscribed("fibre"), "fast"), EndTemporaryPlan(**ONE), march(15))

    assert on(timeline, march(14)).temporary is not None
    assert on(timeline, march(15)).temporary is None
    assert rule(lambda: do(timeline, EndTemporaryPlan(**ONE), march(16))) == "not-temporary"


def test_it_ends_with_the_subscription_and_does_not_go_along_to_another_plan() -> None:
    timeline = tasting(subscribed("fibre"), "fast")

    cancelled = do(timeline, Cancel(**ONE, reason="moved"), march(15))
    ordered = do(timeline, Cancel(**ONE, reason="moved", on=march(17)), march(15))
    old, new = moved(timeline, ChangePlan(**ONE, plan="adsl"), march(15))

    assert cancelled.final.temporary is ordered.final.temporary is None
    assert old.last.temporary is new.last.temporary is None


# --- a seasonal pause


SEASON = catalogue(seasonal={"min_days": 15, "max_days": 60, "months": [3, 4, 12, 1]})
LEAST = catalogue(seasonal={"min_days": 15})
MOST = catalogue(seasonal={"max_days": 60})


def paused(start: date, until: date | None, known: Any = SEASON, **more: Any) -> Timeline:
    command = Pause(**ONE, **{"cause": HoldCause.SEASONAL, "until": until, **more})
    return do(subscribed(), command, start, catalogue=known)


@pytest.mark.covers("S3-041")
@pytest.mark.parametrize(
    ("start", "until", "broken"),
    [
        (march(1), None, "season-without-end"),
        (march(1), march(15), "season-too-short"),
        (march(1), date(2012, 5, 1), "season-too-long"),
        (april(10), date(2012, 5, 2), "out-of-season"),
        (february(29), march(20), "out-of-season"),
        (march(1), march(1), "season-too-short"),
    ],
)
def test_a_seasonal_pause_is_as_long_and_in_the_months_that_the_catalogue_allows(
    start: date, until: date | None, broken: str
) -> None:
    assert rule(lambda: paused(start, until)) == broken


@pytest.mark.parametrize(
    ("start", "until"),
    [
        (march(1), march(16)),
        (march(1), april(30)),
        (april(16), date(2012, 5, 1)),
        (date(2012, 12, 10), date(2013, 2, 1)),
    ],
)
def test_a_season_may_reach_its_limits(start: date, until: date) -> None:
    assert on(paused(start, until), start).serves is Serves.OFF


def test_other_pauses_and_holds_know_no_season() -> None:
    assert on(paused(february(29), None, cause=HoldCause.MANUAL), march(1)).serves is Serves.OFF
    block = Block(**ONE, cause=HoldCause.SEASONAL)
    assert on(do(subscribed(), block, february(29), catalogue=SEASON), march(1)).serves is Serves.BLOCKED


def test_a_limit_that_is_not_set_limits_nothing() -> None:
    assert paused(march(1), date(2013, 3, 1), LEAST).last.holds
    assert paused(march(1), march(2), MOST).last.holds


def test_a_seasonal_pause_is_ended_when_it_has_lasted_as_long_as_it_must() -> None:
    timeline = paused(march(1), april(30))
    back = Unpause(**ONE, cause=HoldCause.SEASONAL)

    assert rule(lambda: do(timeline, back, march(15), catalogue=SEASON)) == "season-too-short"
    assert do(timeline, back, march(16), catalogue=SEASON).last.holds == ()
    assert do(timeline, back, march(2), catalogue=MOST).last.holds == ()
    assert rule(lambda: do(subscribed(), back, march(2), catalogue=SEASON)) == "not-held"


def test_another_pause_is_ended_whenever_one_likes() -> None:
    timeline = do(subscribed(), Pause(**ONE), march(1), catalogue=SEASON)

    assert do(timeline, Unpause(**ONE), march(2), catalogue=SEASON).last.holds == ()


@given(start=st.dates(START, date(2020, 1, 1)), days=st.integers(1, 800))
def test_a_pause_that_is_let_through_lies_in_the_months_of_the_season(start: date, days: int) -> None:
    until = start + timedelta(days=days)
    months = {(start + timedelta(days=n)).month for n in range(days)}

    def pause() -> Timeline:
        return paused(start, until, catalogue(seasonal={"months": [3, 4, 12, 1]}))

    if months <= {3, 4, 12, 1}:
        assert pause().last.holds
    else:
        assert rule(pause) == "out-of-season"


def test_a_season_comes_seldom_and_only_for_who_owes_nothing_where_that_is_asked_for() -> None:
    seldom = {"catalogue": catalogue(seasonal={"every_months": 12, "without_debt": True})}
    season: dict[str, Any] = {**ONE, "cause": HoldCause.SEASONAL}
    first = do(subscribed("adsl", on=march(1)), Pause(**season, until=april(1)), march(5), **seldom)
    over = do(first, Unpause(**season), march(20), **seldom)

    assert rule(lambda: do(over, Pause(**season, until=date(2013, 4, 1)), date(2013, 3, 4), **seldom)) == (
        "season-again"
    )
    assert do(over, Pause(**season, until=date(2013, 4, 1)), date(2013, 3, 5), **seldom).last.holds
    fresh = subscribed("adsl", on=march(1))
    owing = {**seldom, "overdue": True}
    assert rule(lambda: do(fresh, Pause(**season, until=april(1)), march(5), **owing)) == "season-in-debt"
    free = {"catalogue": catalogue(seasonal={"every_months": 12}), "overdue": True}
    assert do(fresh, Pause(**season, until=april(1)), march(5), **free).last.holds

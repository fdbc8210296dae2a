"""A bonus, switches and an exemption: what a subscription says of its own about late payment."""

from typing import Any

import pytest

from ispcore.catalog import LateTreatment
from ispcore.errors import RefusedError
from ispcore.plans import ChangeLateTreatment, ChangePlan, Exempt, GrantBonus, State, Timeline
from tests.catalogues import SUBSCRIPTION, do, march, moved, subscribed

ONE: Any = {"subscription": SUBSCRIPTION}


def at(timeline: Timeline, day: int) -> State:
    state = timeline.on(march(day))
    assert state is not None
    return state


def test_a_bonus_lasts_up_to_a_day_and_a_later_one_takes_its_place() -> None:
    granted = do(subscribed(), GrantBonus(**ONE, until=march(20)), march(10))
    assert (at(granted, 9).bonus_until, at(granted, 10).bonus_until) == (None, march(20))

    longer = do(granted, GrantBonus(**ONE, until=march(25)), march(12))

    assert at(longer, 12).bonus_until == march(25)


def test_a_bonus_that_would_not_last_a_day_is_refused() -> None:
    with pytest.raises(RefusedError, match="before it begins"):
        do(subscribed(), GrantBonus(**ONE, until=march(10)), march(10))


def test_a_switch_of_a_subscription_leaves_the_others_as_they_are() -> None:
    once = do(subscribed(), ChangeLateTreatment(**ONE, blocks=False), march(10))
    twice = do(once, ChangeLateTreatment(**ONE, charges=False), march(11))

    assert at(twice, 11).late == LateTreatment(blocks=False, notices=True, charges=False)


def test_a_switch_of_a_subscription_that_stands_so_already_is_refused() -> None:
    with pytest.raises(RefusedError, match="changes nothing of subscription 104"):
        do(subscribed(), ChangeLateTreatment(**ONE, notices=True), march(10))


def test_an_exemption_begins_where_nothing_is_billed_yet() -> None:
    exempt = Exempt(**ONE, until=march(20))

    free = do(subscribed(), exempt, march(10))
    billed = do(subscribed(), exempt, march(10), closed_through=march(15))

    assert [at(free, day).bills for day in (9, 10, 19, 20)] == [True, False, False, True]
    assert [at(billed, day).bills for day in (14, 15, 19, 20)] == [True, False, False, True]


def test_days_that_were_billed_are_not_exempted_by_a_hold() -> None:
    with pytest.raises(RefusedError, match=r"no day before 2012-03-20 is left to exempt") as refused:
        do(subscribed(), Exempt(**ONE, until=march(20)), march(10), closed_through=march(20))
    assert refused.value.rule == "billed-already"


def test_a_successor_keeps_the_bonus_that_still_runs_and_the_switches() -> None:
    timeline = do(subscribed(), GrantBonus(**ONE, until=march(20)), march(10))
    timeline = do(timeline, ChangeLateTreatment(**ONE, blocks=False), march(10))

    _, during = moved(timeline, ChangePlan(**ONE, plan="fibre"), march(15))
    _, after = moved(timeline, ChangePlan(**ONE, plan="fibre"), march(20))

    assert (at(during, 15).bonus_until, at(during, 15).late.blocks) == (march(20), False)
    assert (at(after, 20).bonus_until, at(after, 20).late.blocks) == (None, False)

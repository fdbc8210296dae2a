"""A closing day that moves: the old cycle finishes, or is cut; a bridge leads into the new ones."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import AnchorKind
from ispcore.errors import RefusedError
from ispcore.plans import (
    BilledSpan,
    ChangeBillingTerms,
    Cycle,
    Grid,
    GridChange,
    ImportSubscription,
    Retract,
    Stretch,
    Timeline,
    closing_grid,
    fold,
    spans_from,
    stretches,
)
from ispcore.plans.cycles import billed_days
from ispcore.values import Every, Period
from tests.catalogues import (
    CUSTOMER,
    SUBSCRIPTION,
    april,
    do,
    february,
    march,
    opened,
    setting,
    subscribed,
)

BILLED = {"closed_through": march(1)}


def may(day: int) -> date:
    return date(2012, 5, day)


def to(closing_day: int, **more: Any) -> ChangeBillingTerms:
    return ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=closing_day, **more)


def spans(timeline: Timeline, since: date, many: int) -> list[tuple[Period, Period]]:
    """Return the billed days and the nominal cycle of *many* spans from that day on."""
    found = islice(timeline.billed_from(since), many)
    return [(span.days, span.cycle.period) for span in found]


# --- by commands


def test_the_running_cycle_finishes_and_a_bridge_leads_to_the_first_new_closing() -> None:
    timeline = do(subscribed(on=february(24)), to(15), march(10), **BILLED)

    assert spans(timeline, march(1), 3) == [
        (Period.through(march(1), march(31)), Period.through(march(1), march(31))),
        (Period.through(april(1), april(15)), Period.through(march(16), april(15))),
        (Period.through(april(16), may(15)), Period.through(april(16), may(15))),
    ]


def test_by_policy_the_running_cycle_is_cut_at_once() -> None:
    timeline = do(subscribed("cut", on=february(24)), to(15), march(10), **BILLED)

    assert timeline.facts[-1].payload.cut is True
    assert spans(timeline, march(1), 3) == [
        (Period.through(march(1), march(9)), Period.through(march(1), march(31))),
        (Period.through(march(10), march(15)), Period.through(february(16), march(15))),
        (Period.through(march(16), april(15)), Period.through(march(16), april(15))),
    ]


def test_what_was_billed_ahead_is_lived_to_its_end() -> None:
    timeline = do(subscribed("in-advance"), to(15), march(10), closed_through=may(1))

    assert timeline.on(april(30)) != timeline.on(march(10))
    assert [days for days, _ in spans(timeline, april(1), 3)] == [
        Period.through(april(1), april(30)),
        Period.through(may(1), may(15)),
        Period.through(may(16), date(2012, 6, 15)),
    ]


def test_by_policy_what_was_billed_ahead_is_cut_too() -> None:
    timeline = do(subscribed("cut", advance=True), to(15), march(10), closed_through=may(1))

    assert timeline.billed_on(march(10)).days == Period.through(march(10), march(15))


def test_a_first_cycle_of_one_billed_day_stays_though_the_move_is_dated_on_it() -> None:
    timeline = subscribed(on=february(29))

    moved = do(timeline, to(15, on=february(29)), march(2), closed_through=march(1))

    assert spans(moved, february(29), 2) == [
        (Period.through(february(1), february(29)), Period.through(february(1), february(29))),
        (Period.through(march(1), march(15)), Period.through(february(16), march(15))),
    ]


def test_the_closing_day_moves_after_the_cycle_that_the_other_system_had_billed() -> None:
    command = ImportSubscription(
        customer=CUSTOMER,
        plan="adsl",
        system="old",
        foreign_id="A-9",
        billed_through=february(29),
        status="enabled",
        charge_method="slip",
        due_day=10,
    )
    timeline = opened(command, setting(march(5)))

    moved = do(timeline, to(15), march(10))

    assert [days for days, _ in spans(moved, march(1), 2)] == [
        Period.through(march(1), march(31)),
        Period.through(april(1), april(15)),
    ]


def test_a_move_may_be_dated_for_a_later_day() -> None:
    timeline = do(subscribed(), to(15, on=april(10)), march(10), **BILLED)

    assert [span.state.terms.closing_day for span in timeline.spans] == [31, 15]
    assert timeline.billed_on(may(1)).days == Period.through(may(1), may(15))


def test_of_two_moves_in_one_cycle_the_later_one_counts() -> None:
    timeline = do(subscribed(), to(15), march(10), **BILLED)
    timeline = do(timeline, to(20), march(20), **BILLED)

    assert timeline.billed_on(april(1)).days == Period.through(april(1), april(20))


def test_a_move_on_the_first_day_of_a_bridge_lets_the_bridge_finish() -> None:
    timeline = do(subscribed(), to(15), march(10), **BILLED)

    timeline = do(timeline, to(20), april(1), closed_through=april(1))

    assert [days for days, _ in spans(timeline, april(1), 2)] == [
        Period.through(april(1), april(15)),
        Period.through(april(16), april(20)),
    ]


def test_moved_there_and_back_in_one_cycle_it_leaves_no_trace() -> None:
    before = subscribed()
    there = do(before, to(15), march(10), **BILLED)

    back = do(there, to(31), march(20), **BILLED)

    assert back.stretches == before.stretches


def test_weeks_moved_there_and_back_leave_no_trace_either() -> None:
    before = subscribed("fortnightly")
    there = do(before, to(3), march(10), **BILLED)

    back = do(there, to(7), march(10), **BILLED)

    assert there.stretches != before.stretches == back.stretches


def test_a_move_back_in_a_later_cycle_makes_cycles_of_their_own() -> None:
    timeline = do(subscribed(), to(15), march(10), **BILLED)

    timeline = do(timeline, to(31), april(20), closed_through=april(16))

    assert spans(timeline, april(16), 2) == [
        (Period.through(april(16), may(15)), Period.through(april(16), may(15))),
        (Period.through(may(16), may(31)), Period.through(may(1), may(31))),
    ]
    assert [stretch.move for stretch in timeline.stretches] == [0, 2, 3]


def test_retracting_a_move_brings_the_old_cycles_back() -> None:
    before = subscribed()
    moved = do(before, to(15), march(10), **BILLED)

    back = do(moved, Retract(subscription=SUBSCRIPTION, fact=2), may(2), closed_through=april(16))

    assert back.stretches == before.stretches
    assert back.last.terms == before.last.terms


def test_quarters_move_within_their_months() -> None:
    timeline = subscribed("quarterly", on=february(24), closing_day=9)

    moved = do(timeline, to(20), march(10), closed_through=february(10))

    assert [days for days, _ in spans(moved, march(1), 2)] == [
        Period.through(february(10), may(9)),
        Period.through(may(10), may(20)),
    ]


def test_a_subscription_that_is_anchored_to_its_start_may_get_a_closing_day() -> None:
    timeline = subscribed("anniversary", on=february(24))
    assert timeline.last.terms.grid.kind is AnchorKind.START

    moved = do(timeline, to(31), march(26), closed_through=march(24))

    assert [days for days, _ in spans(moved, march(24), 2)] == [
        Period.through(march(24), april(23)),
        Period.through(april(24), april(30)),
    ]


@pytest.mark.parametrize("closing_day", [0, 8, 31])
def test_a_week_closes_on_a_day_of_the_week(closing_day: int) -> None:
    with pytest.raises(RefusedError, match=f"{closing_day} is not a closing day. Use 1 to 7; 1 is Monday"):
        do(subscribed("weekly"), to(closing_day), march(10))


def test_the_grid_of_a_day_is_the_one_it_is_billed_on() -> None:
    timeline = do(subscribed(), to(15), march(10), **BILLED)

    assert [timeline.grid_on(day).day for day in (march(31), april(1))] == [31, 15]
    assert timeline.last.terms.closing_day == 15


def test_the_billed_days_of_a_cycle_are_found_and_of_a_foreign_one_are_none() -> None:
    timeline = do(subscribed(), to(15), march(10), **BILLED)
    bridge = Cycle(Period.through(march(16), april(15)), move=2)

    assert timeline.billed_days(bridge) == Period.through(april(1), april(15))
    assert timeline.billed_days(Cycle(bridge.period)) is None
    assert timeline.billed_days(Cycle(Period.through(march(2), april(1)), move=2)) is None
    assert timeline.billed_days(Cycle(Period.through(april(1), april(30)))) is None


def test_a_folded_again_timeline_has_the_same_stretches() -> None:
    timeline = do(subscribed("cut"), to(15), march(10), **BILLED)

    assert fold(timeline.recorded) == timeline


# --- properties of any sequence of moves

START = date(2012, 1, 1)
lengths = st.one_of(
    st.builds(Every, months=st.sampled_from([1, 2, 3, 12])),
    st.builds(Every, months=st.just(0), weeks=st.integers(1, 4)),
)
moves = st.lists(
    st.tuples(st.dates(START, date(2014, 12, 31)), st.integers(1, 31), st.booleans()), max_size=6
).map(sorted)


def changes(every: Every, moved: Sequence[tuple[date, int, bool]]) -> list[GridChange]:
    """Return the wanted grids, as the fold of a timeline makes them."""
    found = [GridChange(date.min, closing_grid(every, 31, START))]
    for number, (on, day, cut) in enumerate(moved, start=2):
        grid = found[-1].grid.closing_on(min(day, 7) if every.weeks else day, on)
        found.append(GridChange(on, grid, number, cut))
    return found


def billed(known: Sequence[Stretch]) -> list[BilledSpan]:
    return list(islice(spans_from(START, known), 60))


@given(lengths, moves)
def test_billed_days_never_overlap_and_leave_no_gap(every: Every, moved: Any) -> None:
    found = billed(stretches(changes(every, moved)))

    assert found[0].days.start <= START
    assert all(one.days.end == other.days.start for one, other in pairwise(found))


@given(lengths, moves)
def test_billed_days_lie_in_their_nominal_cycle(every: Every, moved: Any) -> None:
    for span in billed(stretches(changes(every, moved))):
        assert span.days.overlap(span.cycle.period) == span.days


@given(lengths, moves)
def test_no_cycle_is_billed_twice_and_each_knows_its_days(every: Every, moved: Any) -> None:
    known = stretches(changes(every, moved))
    found = billed(known)

    assert len({span.cycle for span in found}) == len(found)
    assert [billed_days(span.cycle, known) for span in found] == [span.days for span in found]


@given(lengths, moves)
def test_spans_are_the_same_from_whichever_day_one_looks(every: Every, moved: Any) -> None:
    known = stretches(changes(every, moved))

    for span in billed(known)[:20]:
        assert next(spans_from(span.days.last, known)) == span
        assert next(spans_from(span.days.start, known)) == span


@given(lengths, moves)
def test_after_the_last_move_is_over_cycles_are_whole_ones_of_the_last_wanted_grid(
    every: Every, moved: Any
) -> None:
    wanted = changes(every, moved)
    late = date(2040, 1, 1)

    span = next(spans_from(late, stretches(wanted)))

    assert span.days == span.cycle.period == wanted[-1].grid.holding(late)


@given(lengths, st.dates(START, date(2014, 12, 31)), st.integers(1, 31), st.integers(0, 27))
def test_there_and_back_within_one_cycle_leaves_no_trace(
    every: Every, on: date, day: int, later: int
) -> None:
    first = closing_grid(every, 31, START)
    back_on = min(on + timedelta(days=later), first.holding(on).last)
    there = first.closing_on(min(day, 7) if every.weeks else day, on)
    wanted = [GridChange(date.min, first), GridChange(on, there, 2)]

    back = stretches([*wanted, GridChange(back_on, there.closing_on(first.day, back_on), 3)])

    assert back == stretches(wanted[:1])


def test_spans_end_with_the_days_that_are_known() -> None:
    known = (Stretch(march(10), april(5), Grid(day=31), 0),)

    found = [span.days for span in spans_from(march(1), known)]

    assert found == [Period(march(10), april(1)), Period(april(1), april(5))]


def test_without_a_move_one_stretch_lasts_for_ever() -> None:
    grid = Grid(day=15)

    assert stretches([GridChange(march(1), grid)]) == (Stretch(date.min, date.max, grid, 0),)

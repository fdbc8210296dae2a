"""Speeds that are set by hand: for good, for a while, and for some hours of the week."""

from datetime import UTC, date, time

import pytest

from ispcore.catalog import Speed
from ispcore.driver import IpAssignment
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    Block,
    Component,
    ProvisionalSpeed,
    SetSpeed,
    SetSpeedWindows,
    SpeedWindow,
    Timeline,
    next_move,
)
from ispcore.values import ComponentId
from tests.catalogues import START, do, march
from tests.components import ANA, CARRYING, LOGIN, ONE, box, carried, components

SLOW, FAST = Speed(512, 256), Speed(20_000, 10_000)


def set_speed(timeline: Timeline, speed: Speed | None, until: date | None = None) -> Timeline:
    command = SetSpeed(**ONE, component=LOGIN, speed=speed, until=until)
    return do(timeline, command, START, catalogue=CARRYING)


def set_windows(timeline: Timeline, *windows: SpeedWindow) -> Timeline:
    command = SetSpeedWindows(**ONE, component=LOGIN, windows=windows)
    return do(timeline, command, START, catalogue=CARRYING)


def login(timeline: Timeline, on: date = START) -> Component:
    state = timeline.on(on)
    assert state is not None
    return state.component(LOGIN)


@pytest.mark.covers("S0-212", "S0-213", "S0-214")
def test_a_component_has_a_speed_of_its_own_until_it_has_the_plans_again() -> None:
    timeline = set_speed(carried("fibre", ANA), SLOW)

    assert login(timeline).override == SLOW
    assert login(set_speed(timeline, None)).override is None


def test_an_address_has_a_speed_of_its_own_too() -> None:
    timeline = carried("strict", IpAssignment(name="ana"))
    command = SetSpeed(**ONE, component=ComponentId("ip"), speed=SLOW)

    assert components(do(timeline, command, START, catalogue=CARRYING))[0].override == SLOW


def test_a_provisional_speed_ends_by_itself_and_the_one_before_counts_again() -> None:
    timeline = set_speed(set_speed(carried("fibre", ANA), SLOW), FAST, until=march(5))

    assert login(timeline, march(4)).provisional == ProvisionalSpeed(FAST, march(5))
    assert login(timeline, march(5)).provisional is None
    assert login(timeline, march(5)).override == SLOW


def test_the_end_of_a_provisional_speed_is_the_next_move() -> None:
    timeline = set_speed(carried("fibre", ANA, box("ana")), FAST, until=march(5))
    state = timeline.on(START)
    assert state is not None

    move = next_move(state)

    assert move is not None
    day, moved = move
    assert (day, [one.provisional for one in moved.components]) == (march(5), [None, None])


def test_what_ends_on_another_day_leaves_the_speed_alone() -> None:
    timeline = set_speed(carried("fibre", ANA), FAST, until=march(5))

    blocked = do(timeline, Block(**ONE, until=march(2)), START, catalogue=CARRYING)

    assert login(blocked, march(2)).provisional == ProvisionalSpeed(FAST, march(5))
    assert login(blocked, march(5)).provisional is None


def test_taking_the_speed_away_ends_a_provisional_one_too() -> None:
    timeline = set_speed(carried("fibre", ANA), FAST, until=march(5))

    assert login(set_speed(timeline, None)).provisional is None


@pytest.mark.parametrize(
    ("speed", "until", "rule"),
    [(FAST, START, "empty-speed"), (None, march(5), "empty-speed"), (None, None, "nothing")],
    ids=["ends before it begins", "no speed until a day", "has the plan's already"],
)
def test_a_speed_that_says_nothing_is_refused(speed: Speed | None, until: date | None, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        set_speed(carried("fibre", ANA), speed, until)

    assert refused.value.rule == rule


@pytest.mark.parametrize("speed", [Speed(0, 100), Speed(100, -1), Speed(100, 2_000_000_000)])
def test_a_speed_that_no_line_has_is_refused(speed: Speed) -> None:
    with pytest.raises(InvalidValueError, match="kbit/s is not a speed"):
        set_speed(carried("fibre", ANA), speed)


def test_what_has_no_speed_gets_none() -> None:
    timeline = carried("fibre", box("ana"))

    with pytest.raises(RefusedError, match="is a mailbox, which has no speed") as refused:
        do(timeline, SetSpeed(**ONE, component=ComponentId("mailbox"), speed=SLOW), START, catalogue=CARRYING)

    assert refused.value.rule == "no-speed"


def test_the_speed_of_a_component_that_is_not_there_is_not_set() -> None:
    with pytest.raises(NotFoundError, match="no component 'login'"):
        set_speed(carried("fibre", box("ana")), SLOW)


# --- windows


def window(start: str, end: str, *days: int, speed: Speed = FAST) -> SpeedWindow:
    return SpeedWindow(time.fromisoformat(start), time.fromisoformat(end), speed, days or range(1, 8))


def test_windows_take_the_place_of_those_before() -> None:
    night, noon = window("22:00", "06:00"), window("12:00", "13:00", 1, 2)

    timeline = set_windows(set_windows(carried("fibre", ANA), night, noon), noon)

    assert login(timeline).windows == (noon,)
    assert login(set_windows(timeline)).windows == ()


@pytest.mark.parametrize(
    "windows",
    [
        [window("08:00", "12:00"), window("12:00", "18:00")],
        [window("22:00", "06:00"), window("06:00", "22:00")],
        [window("00:00", "00:00", 7)],
        [window("22:00", "06:00", 7), window("06:00", "08:00", 1)],
    ],
    ids=["one after the other", "day and night", "a whole day", "over the week's end"],
)
def test_windows_may_touch(windows: list[SpeedWindow]) -> None:
    assert login(set_windows(carried("fibre", ANA), *windows)).windows == tuple(windows)


@pytest.mark.parametrize(
    "windows",
    [
        [window("08:00", "12:00"), window("11:59", "18:00")],
        [window("22:00", "06:00"), window("05:00", "07:00", 3)],
        [window("22:00", "06:01", 7), window("06:00", "08:00", 1)],
        [window("00:00", "00:00"), window("10:00", "11:00", 2)],
    ],
    ids=["by a minute", "over midnight", "over the week's end", "within a whole day"],
)
def test_windows_do_not_overlap(windows: list[SpeedWindow]) -> None:
    with pytest.raises(RefusedError) as refused:
        set_windows(carried("fibre", ANA), *windows)

    assert refused.value.rule == "windows-overlap"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (SpeedWindow(time(8), time(12), FAST, (0,)), "some days of the week"),
        (SpeedWindow(time(8), time(12), FAST, (1, 1)), "some days of the week"),
        (SpeedWindow(time(8), time(12), FAST, ()), "some days of the week"),
        (SpeedWindow(time(8, 0, 1), time(12), FAST), "08:00:01 is no hour and minute"),
        (SpeedWindow(time(8), time(12, tzinfo=UTC), FAST), "is no hour and minute"),
        (SpeedWindow(time(8), time(12, 0, 0, 5), FAST), "is no hour and minute"),
        (window("08:00", "12:00", speed=Speed(0, 0)), "is not a speed"),
    ],
)
def test_a_window_that_no_week_has_is_refused(wrong: SpeedWindow, said: str) -> None:
    with pytest.raises(InvalidValueError, match=said):
        set_windows(carried("fibre", ANA), wrong)


def test_more_windows_than_anybody_needs_are_refused() -> None:
    many = [window(f"{n // 60:02}:{n % 60:02}", f"{n // 60:02}:{n % 60 + 1:02}") for n in range(51)]

    with pytest.raises(RefusedError, match="51 windows are too many") as refused:
        set_windows(carried("fibre", ANA), *many)

    assert refused.value.rule == "windows"

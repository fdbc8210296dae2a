"""Whoever gives no answer is asked again after pauses that grow to six hours."""

from ispcore.values import ATTEMPTS, pause_after


def test_each_pause_is_thrice_the_one_before_and_none_is_longer_than_six_hours() -> None:
    pauses = [int(pause_after(attempt).total_seconds()) for attempt in range(1, ATTEMPTS + 1)]

    assert pauses == [10, 30, 90, 270, 810, 2_430, 7_290, 21_600, 21_600, 21_600]

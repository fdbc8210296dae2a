"""Speeds that were set by hand: what they may be, and hours that do not overlap."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans.components import EVERY_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import time

    from ispcore.catalog import Speed
    from ispcore.plans.components import SpeedWindow

_FASTEST_KBIT = 1_000_000_000
_MOST = 50
_DAY = 24 * 60
_WEEK = 7 * _DAY


def check_speed(speed: Speed) -> None:
    """Refuse a *speed* that no line has."""
    for kbit in (speed.download_kbit, speed.upload_kbit):
        if not 1 <= kbit <= _FASTEST_KBIT:
            raise InvalidValueError(
                f"{kbit} kbit/s is not a speed.", hint=f"Use 1 to {_FASTEST_KBIT} kilobits a second."
            )


def check_windows(windows: Sequence[SpeedWindow]) -> None:
    """Refuse *windows* that no week has, and such that overlap."""
    if len(windows) > _MOST:
        raise RefusedError(
            f"{len(windows)} windows are too many.", rule="windows", hint=f"Use up to {_MOST}."
        )
    for window in windows:
        check_speed(window.speed)
        _check_hours(window)
    spans = sorted(span for window in windows for span in _minutes(window))
    for (_, end), (start, _) in pairwise([*spans, *((a + _WEEK, b + _WEEK) for a, b in spans[:1])]):
        if start < end:
            raise RefusedError("Two windows overlap.", rule="windows-overlap", hint="One speed at a time.")


def _check_hours(window: SpeedWindow) -> None:
    for moment in (window.start, window.end):
        if moment.tzinfo is not None or moment.second or moment.microsecond:
            raise InvalidValueError(
                f"{moment.isoformat()} is no hour and minute.",
                hint="Write 18:30; the zone is that of the business unit.",
            )
    if not window.days or not set(window.days) <= set(EVERY_DAY) or len(set(window.days)) < len(window.days):
        raise InvalidValueError(
            "A window begins on some days of the week.",
            hint="Use different ones of 1 (Monday) to 7 (Sunday).",
        )


def _minutes(window: SpeedWindow) -> Iterator[tuple[int, int]]:
    """Yield when *window* begins and ends, each day, in minutes of the week; an end may lie after it."""
    start, end = _minute(window.start), _minute(window.end)
    lasts = end - start if end > start else end - start + _DAY
    for day in window.days:
        begins = (day - 1) * _DAY + start
        yield begins, begins + lasts


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute

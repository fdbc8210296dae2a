"""On which day each stage against a late payer is reached, and what the next one waits for.

A stage that was reached keeps its day. One that follows a notice counts from the day on which that was handed
over, so it is never reached for a notice that was not sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from attrs import frozen

from ispcore.catalog import Anchor, Stage
from ispcore.values import BusinessCalendar, next_business_day


@frozen
class StageReached:
    """A stage that is reached, since a day; ``new`` where that was not known before."""

    stage: Stage
    on: date
    new: bool = False


@frozen
class StageAhead:
    """A stage that is still to come: on a day, or None while it ``waits_for`` something."""

    stage: Stage
    on: date | None
    waits_for: str | None = None


@frozen(kw_only=True)
class Anchors:
    """What the stages of one debt are counted from.

    ``since`` is the first day on which it is late; no stage is reached before. ``told`` and ``reached`` say
    on which day the notice of a stage was handed over, and on which one a stage was reached.
    """

    due_on: date
    since: date
    calendar: BusinessCalendar
    told: Mapping[str, date]
    reached: Mapping[str, date]


def stages_of(
    stages: tuple[Stage, ...], anchors: Anchors, on: date, hindered: Callable[[Stage], str | None]
) -> tuple[tuple[StageReached, ...], tuple[StageAhead, ...]]:
    """Return the *stages* reached on a day, and those that are still to come, in the policy's order.

    *hindered* says by what a stage is kept from being reached though its day has come.
    """
    reached: list[StageReached] = []
    ahead: list[StageAhead] = []
    days: dict[str, date | None] = dict(anchors.reached)
    for stage in stages:
        if stage.code in anchors.reached:
            reached.append(StageReached(stage, anchors.reached[stage.code]))
            continue
        day, waits_for = _day(stage, anchors, days)
        if day is not None and day <= on:
            waits_for = hindered(stage)
            if waits_for is None:
                reached.append(StageReached(stage, on, new=True))
                days[stage.code] = on
                continue
            day = None
        days[stage.code] = day
        ahead.append(StageAhead(stage, day, waits_for))
    return tuple(reached), tuple(ahead)


def _day(stage: Stage, anchors: Anchors, days: Mapping[str, date | None]) -> tuple[date | None, str | None]:
    """Return the day of *stage* by the policy; None with what it waits for."""
    for name in (stage.after if stage.anchor is Anchor.NOTICE else None, stage.notice):
        if name is not None and name not in anchors.told:
            return None, f"the notice {name!r}"
    start = _start(stage, anchors, days)
    if start is None:
        return None, f"the stage {stage.after!r}"
    found = start + timedelta(days=stage.days + stage.strict)
    told = anchors.since if stage.notice is None else anchors.told[stage.notice]
    return max(found, told, anchors.since), None


def _start(stage: Stage, anchors: Anchors, days: Mapping[str, date | None]) -> date | None:
    match stage.anchor:
        case Anchor.DUE:
            return anchors.due_on
        case Anchor.ROLLED:
            return next_business_day(anchors.calendar, anchors.due_on)
        case Anchor.NOTICE:
            return anchors.told[stage.after or ""]
        case _:
            return days.get(stage.after or "")

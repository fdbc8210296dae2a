"""Days that a life is asked for: of activation, enabling and suspension, and the first one that is billed.

They are what the facts say, so a back-dated fact or a retraction moves them. Those of a state are known on
its day: ask ``timeline.on(day)``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ispcore.plans.state import EndKind
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline


def first_activation(state: State) -> date | None:
    """Return the day on which the subscription became active for the first time."""
    return state.activations[0] if state.activations else None


def last_activation(state: State) -> date | None:
    """Return the day on which the subscription last became active."""
    return state.activations[-1] if state.activations else None


def previous_activation(state: State) -> date | None:
    """Return the day of the activation before the last one."""
    return state.activations[-2] if len(state.activations) > 1 else None


def enabled_on(state: State) -> date | None:
    """Return the day on which the service was last enabled."""
    return state.enablings[-1] if state.enablings else None


def suspended_on(state: State) -> date | None:
    """Return the day on which the subscription was last suspended."""
    return state.suspensions[-1] if state.suspensions else None


def first_billed_day(timeline: Timeline, *, since: date = date.min) -> date | None:
    """Return the first day that is owed: after the start and the trial, in a status that bills, not paused.

    With *since* it is looked for from that day on. None when no day is. A cancellation's own day counts,
    unless it is the start day; whether it is billed is a policy.
    """
    start = max(timeline.last.started_on, timeline.last.free_until or date.min, since)
    until = _end_of_owed_days(timeline)
    ends = [*(span.since for span in timeline.spans[1:]), until]
    for span, span_ends in zip(timeline.spans, ends, strict=True):
        day = max(start, span.since)
        if span.state.bills and day < min(span_ends, until):
            return day
    return None


def _end_of_owed_days(timeline: Timeline) -> date:
    end = timeline.end
    if end is None:
        return date.max
    with_last_day = end.kind is EndKind.CANCELLED and end.on > timeline.last.started_on
    return end.on + ONE_DAY if with_last_day else end.on

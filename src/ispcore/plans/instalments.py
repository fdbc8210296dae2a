"""Which cycle takes up which instalments of billing events: one a cycle, from that of the first day on.

They are owed in whatever status a subscription is. When it is cancelled, those that are open are owed with
the cycle of the end, or go on; when it moves to another plan they go on; when it is annulled or deleted,
those from that day on are owed no more.
"""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from ispcore.catalog import OpenInstalments
from ispcore.plans.billing_events import BillingEvent
from ispcore.plans.state import EndKind
from ispcore.values import ONE_DAY, Money, total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.plans.cycles import BilledSpan
    from ispcore.plans.subscription import Timeline


@frozen
class TakenUp:
    """The instalments of a billing event that one cycle takes up, by number from 1."""

    event: BillingEvent
    numbers: tuple[int, ...]

    @property
    def amount(self) -> Money:
        """What they come to."""
        parts = self.event.parts
        return total([parts[number - 1] for number in self.numbers], self.event.amount.currency)


class _Place(NamedTuple):
    """Where an instalment belongs, and on which day it is owed there at the earliest."""

    number: int
    day: date
    span: BilledSpan


def taken_up(timeline: Timeline, span: BilledSpan, through: date | None = None) -> tuple[TakenUp, ...]:
    """Return the instalments that belong to *span*, of an open one only those up to *through*."""
    found = []
    for event in timeline.last.events:
        places = (place for place in _places(timeline, event) if place.span == span)
        numbers = tuple(place.number for place in places if through is None or place.day <= through)
        if numbers:
            found.append(TakenUp(event, numbers))
    return tuple(found)


def first_instalment_in(timeline: Timeline, span: BilledSpan) -> date | None:
    """Return the first day of *span* on which an instalment is owed; None without one."""
    days = (
        place.day
        for event in timeline.last.events
        for place in _places(timeline, event)
        if place.span == span
    )
    return min(days, default=None)


def last_instalment(timeline: Timeline) -> date | None:
    """Return the first day of the last cycle that takes up an instalment; None where none does."""
    places = (place for event in timeline.last.events for place in _places(timeline, event))
    return max((place.span.days.start for place in places), default=None)


def _places(timeline: Timeline, event: BillingEvent) -> Iterator[_Place]:
    end, until = timeline.end, _owed_until(timeline)
    spans = islice(timeline.billed_from(event.first_on), event.instalments)
    for number, span in enumerate(spans, start=1):
        day = max(span.days.start, event.first_on)
        if day >= until:
            return
        is_over = end is not None and end.kind is EndKind.CANCELLED and day > end.on
        if end is not None and is_over and event.when_ended is OpenInstalments.AT_ONCE:
            yield _Place(number, end.on, timeline.billed_on(end.on))
        else:
            yield _Place(number, day, span)


def _owed_until(timeline: Timeline) -> date:
    """Return the first day on which no instalment is owed any more, whatever was agreed."""
    end, deleted_on = timeline.end, timeline.last.deleted_on
    if end is not None and end.kind in (EndKind.ANNULLED, EndKind.DELETED):
        return end.on
    return date.max if deleted_on is None else deleted_on + ONE_DAY

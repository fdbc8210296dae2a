"""What can be told of a subscription's next closings by the facts that are known.

Most subscriptions are quiet: nothing happens to them, and nothing of their past reaches into what is billed
next. Then a small profile tells all that they are billed by, the same for many.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.catalog import Suspension
from ispcore.errors import IspcoreError
from ispcore.plans import BillingTerms, Discount, Item, last_instalment, owed_once_on
from ispcore.values import ONE_DAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.catalog import BillingPolicy, Catalogue
    from ispcore.plans import BilledSpan, State, Timeline

NEVER = date.max
"""The day on which something is due of a subscription that is over and billed."""

_LONG_AGO = date(1900, 1, 1)


@frozen
class Profile:
    """All that a quiet subscription is billed by; *move* tells its grid of cycles."""

    unit: str
    policy: str
    terms: BillingTerms
    items: tuple[Item, ...]
    bills: bool
    move: int = 0


@frozen
class Outlook:
    """What can be told of the next closings of a subscription.

    Before ``due_from`` nothing is due; None means that it must be looked at. Up to ``quiet_until`` (None:
    for ever) it is billed by its ``profile``; without one it is not quiet.
    """

    due_from: date | None = None
    quiet_until: date | None = None
    profile: Profile | None = None


def outlook(
    timeline: Timeline, closed_through: date | None, dirty_from: date | None, catalogue: Catalogue
) -> Outlook:
    """Return what can be told of a subscription that was billed up to *closed_through*."""
    if dirty_from is not None:
        return Outlook()
    span = timeline.billed_on(closed_through or timeline.last.started_on)
    begins = span.days.start
    state = timeline.before_end(max(begins, timeline.last.started_on)) or timeline.last
    instalment = last_instalment(timeline)
    goes_on = instalment is not None and instalment >= begins
    if timeline.end is not None and timeline.end.on < begins and not goes_on:
        return Outlook(NEVER)
    quiet_until = min(_changes(timeline, begins), default=None)
    steady = quiet_until is None or quiet_until >= span.days.end
    try:
        policy = catalogue.policy(state.policy, begins)
    except IspcoreError:
        return Outlook()
    in_arrears = steady and not state.terms.advance and not policy.greedy
    due_from = span.days.last if in_arrears else begins
    quiet = closed_through is not None and (quiet_until is None or quiet_until > begins)
    if not quiet or goes_on or not _is_plain(timeline, span, policy):
        return Outlook(due_from, quiet_until)
    return Outlook(due_from, quiet_until, _profile(timeline, state, span))


def _changes(timeline: Timeline, day: date) -> Iterator[date]:
    """Yield the days after *day* on which something happens by the facts that are known."""
    yield from (span.since for span in timeline.spans if span.since > day)
    # A cycle that is cut is due on its last day, the day before.
    yield from (stretch.since - ONE_DAY for stretch in timeline.stretches if stretch.since > day)
    if timeline.end is not None and timeline.end.on >= day:
        yield timeline.end.on
    for span in timeline.spans:
        yield from (item.ends_on for item in span.state.items if item.ends_on and item.ends_on >= day)


def _is_plain(timeline: Timeline, span: BilledSpan, policy: BillingPolicy) -> bool:
    """Tell whether nothing of the past reaches into *span*."""
    state, begins = timeline.last, span.days.start
    if span.days.start != span.cycle.period.start or (state.free_until or begins) > begins:
        return False
    stopped = any(not one.state.bills for one in timeline.spans)
    if stopped and state.terms.suspension is Suspension.EXTEND:
        return False
    once = (owed_once_on(timeline, item, policy) for item in state.items if not item.recurring)
    return all(day is not None and day < begins for day in once)


def _profile(timeline: Timeline, state: State, span: BilledSpan) -> Profile:
    begins = span.days.start
    items = [
        item for item in state.items if item.recurring and (item.ends_on is None or item.ends_on >= begins)
    ]
    grid = timeline.grid_on(begins)
    return Profile(
        unit=state.unit,
        policy=state.policy,
        terms=state.terms if state.terms.grid == grid else evolve(state.terms, grid=grid),
        items=tuple(_timeless(item) for item in items),
        bills=state.bills,
        move=span.cycle.move,
    )


@lru_cache(maxsize=4_096)
def _timeless(item: Item) -> Item:
    """Return *item* without the days that tell it from the same item of another subscription."""
    follows = item.catalogue_price and item.lines is None
    discount = item.discount
    return evolve(
        item,
        price_since=item.price_since if follows else _LONG_AGO,
        starts_on=_LONG_AGO,
        ends_on=None,
        discount=Discount(discount.amount, discount.percent) if discount else None,
        discount_since=None,
    )

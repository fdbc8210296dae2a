"""The fragments that an item makes of the days that are owed.

A fragment is a run of owed days with one price, discount and composition; equal neighbours are joined.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve, frozen

from ispcore.billing.weights import weights, whole_weight
from ispcore.catalog import Line, Proration, check_height
from ispcore.plans import life_of, owed_once_on, owed_runs
from ispcore.values import ONE_DAY, Money, Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ispcore.billing.terms import Terms
    from ispcore.catalog import BillingPolicy
    from ispcore.plans import BilledSpan, Item, Timeline


@frozen
class Fragment:
    """Owed days with one price, discount and composition.

    ``lines`` sum to ``price``; ``to_pay`` is the price less the discount. ``weight`` counts the days in the
    measure of the cycle; a one-off weighs a whole cycle.
    """

    period: Period
    price: Money
    to_pay: Money
    lines: tuple[Line, ...]
    weight: int
    price_since: date
    composition_since: date | None


class _Part(NamedTuple):
    """What a fragment is made from, before it is weighed."""

    start: date
    end: date
    price: Money
    to_pay: Money
    lines: tuple[Line, ...]
    price_since: date
    composition_since: date | None

    def goes_on_as(self, other: _Part) -> bool:
        """Tell whether *other* is of the next days and the same state."""
        same = self.price == other.price and self.to_pay == other.to_pay and self.lines == other.lines
        return same and self.end == other.start


def item_runs(timeline: Timeline, policy: BillingPolicy, within: Period) -> Iterator[tuple[Period, Item]]:
    """Yield the owed runs in *within* of every item, each with the item as it then is.

    A one-off has one day in its life: its own, or the first owed day after it.
    """
    for run, state in owed_runs(timeline, policy, within):
        for item in state.items:
            part = _of_item(run, item, policy)
            if part is None:
                continue
            if item.recurring:
                yield part, item
            elif part.start == owed_once_on(timeline, item, policy):
                yield Period(part.start, part.start + ONE_DAY), item


def _of_item(run: Period, item: Item, policy: BillingPolicy) -> Period | None:
    """Return the days of *run* on which *item* is there; an item that ends as it starts never was."""
    until = _item_end(item, policy)
    if item.starts_on <= run.start and run.end <= until:
        return run
    return run.overlap(Period(item.starts_on, until)) if item.starts_on < until else None


def _item_end(item: Item, policy: BillingPolicy) -> date:
    """Return the first day that *item* is not owed for any more."""
    if item.ends_on is None:
        return date.max
    last_billed = policy.bills_last_day and item.ends_on > item.starts_on
    return item.ends_on + ONE_DAY if last_billed else item.ends_on


def fragments(
    runs: Sequence[tuple[Period, Item]], terms: Terms, span: BilledSpan, timeline: Timeline
) -> tuple[Fragment, ...]:
    """Return what one item owes for in *span*, from its *runs*, one or more in order; equal neighbours join.

    Raises:
        RefusedError: a price is too high, or a composition exceeds it.
        NotFoundError: an offer has no composition.
    """
    parts: list[_Part] = []
    for run, item in runs:
        for part in _of_run(run, item, terms, span, timeline):
            if parts and parts[-1].goes_on_as(part):
                parts[-1] = parts[-1]._replace(end=part.end)
            else:
                parts.append(part)
    weighed = _weights(parts, runs[-1][1], terms, span, timeline)
    return tuple(
        Fragment(
            Period(part.start, part.end),
            part.price,
            part.to_pay,
            part.lines,
            weight,
            part.price_since,
            part.composition_since,
        )
        for part, weight in zip(parts, weighed, strict=True)
    )


def _of_run(run: Period, item: Item, terms: Terms, span: BilledSpan, timeline: Timeline) -> Iterator[_Part]:
    anniversaries = terms.anniversaries(item, timeline.last.started_on, run)
    cuts = {since for since in terms.changes(item.offer) if run.start < since < run.end}
    inner = sorted(cuts.union(anniversaries)) if item.recurring else []
    for start, end in pairwise([run.start, *inner, run.end]):
        price, since = terms.price(item, start, span.days.start, timeline.last.started_on)
        check_height(price, "price of", item.offer)
        priced = item if price is item.price else evolve(item, price=price)
        dated = terms.composition(item.offer, start, price)
        composition = dated.composition if item.lines is None else evolve(dated.composition, lines=item.lines)
        yield _Part(
            start=start,
            end=end,
            price=price,
            to_pay=priced.to_pay(terms.policy.rounding),
            lines=composition.of_price(price, strict=terms.policy.strict_composition),
            price_since=since,
            composition_since=dated.since if item.lines is None else None,
        )


def _weights(
    parts: Sequence[_Part], item: Item, terms: Terms, span: BilledSpan, timeline: Timeline
) -> list[int]:
    """Return what each part of an item weighs, by the policy's proration and day count."""
    every = timeline.last.terms.grid.every
    if not item.recurring:
        return [whole_weight(span.cycle.period, every, terms.policy.day_count)]
    policy, days = terms.policy, [Period(part.start, part.end) for part in parts]
    if policy.proration is not Proration.BY_DAYS:
        begins, ends = _begins_in(span, item, policy, timeline), _ends_in(span, item, policy, timeline)
        if policy.proration is Proration.FREE and (begins or ends):
            return [0] * len(parts)
        if begins:
            days[0] = Period(span.days.start, days[0].end)
        if ends:
            # Days of a stop before the end are not owed: the last part takes those after the end alone.
            days.append(Period(ends, span.days.end))
    weighed = weights(days, span.cycle.period, every, policy.day_count)
    last = len(parts) - 1
    return [*weighed[:last], sum(weighed[last:])]


def _begins_in(span: BilledSpan, item: Item, policy: BillingPolicy, timeline: Timeline) -> bool:
    """Tell whether *item* begins to be owed within *span*; one that goes on from elsewhere does not."""
    state = timeline.last
    since = max(item.starts_on, state.started_on)
    runs = owed_runs(timeline, policy, Period(since, span.days.end))
    # Days that stay owed though they were not served lack what came since.
    first = next(run.start for run, owed in runs if any(each.id == item.id for each in owed.items))
    return span.days.start < first and not (state.goes_on and first == state.started_on)


def _ends_in(span: BilledSpan, item: Item, policy: BillingPolicy, timeline: Timeline) -> date | None:
    """Return the day after *item* if it ends to be there within *span*, and no successor takes it over."""
    life, end = life_of(timeline, policy), timeline.end
    moved = end is not None and end.moves_on
    life_end = date.max if life is None or moved else life.end
    ended = min(life_end, _item_end(timeline.last.item(item.id), policy))
    return ended if ended < span.days.end else None

"""The days of a cycle that are owed, and the fragments that an item makes of them.

A day is owed when the subscription lives, no trial frees it, and its status and holds bill. A fragment is a
run of owed days with one price, discount and composition; equal neighbours are joined.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.catalog import Line
from ispcore.plans import EndKind
from ispcore.values import ONE_DAY, Money, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.billing.terms import Terms
    from ispcore.catalog import BillingPolicy
    from ispcore.plans import Item, State, Timeline


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

    def continues(self, other: Fragment) -> bool:
        """Tell whether *other* goes straight on in the same state."""
        same = evolve(
            other,
            period=self.period,
            weight=self.weight,
            price_since=self.price_since,
            composition_since=self.composition_since,
        )
        return self.period.end == other.period.start and same == self


def owed_runs(timeline: Timeline, policy: BillingPolicy, within: Period) -> Iterator[tuple[Period, State]]:
    """Yield the runs of owed days in *within*, each with its state, in order."""
    life = life_of(timeline, policy)
    if life is None:
        return
    spans = timeline.spans
    for index, span in enumerate(spans):
        until = spans[index + 1].since if index + 1 < len(spans) else within.end
        if not span.state.bills or until <= span.since:
            continue
        run = Period(span.since, until).overlap(within)
        run = run.overlap(life) if run else None
        if run:
            yield run, span.state


def life_of(timeline: Timeline, policy: BillingPolicy) -> Period | None:
    """Return the days that can be owed at all: after trial and import, up to the end; None without any."""
    state, end = timeline.last, timeline.end
    start = max(state.started_on, state.free_until or date.min)
    if end is None:
        return Period(start, date.max)
    lived_elsewhere = state.origin is not None and state.origin.billed_through is not None
    last_billed = end.kind is EndKind.CANCELLED and policy.bills_last_day
    if last_billed and (end.on > state.started_on or lived_elsewhere):
        return Period(start, end.on + ONE_DAY) if start <= end.on else None
    return Period(start, end.on) if start < end.on else None


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
            elif part.start == _owed_once_on(timeline, item, policy):
                yield Period(part.start, part.start + ONE_DAY), item


def _owed_once_on(timeline: Timeline, item: Item, policy: BillingPolicy) -> date | None:
    runs = owed_runs(timeline, policy, Period(item.starts_on, date.max))
    return next((run.start for run, _ in runs), None)


def _of_item(run: Period, item: Item, policy: BillingPolicy) -> Period | None:
    """Return the days of *run* on which *item* is there; an item that ends as it starts never was."""
    if item.ends_on is None:
        return run.overlap(Period(item.starts_on, date.max))
    last_billed = policy.bills_last_day and item.ends_on > item.starts_on
    until = item.ends_on + ONE_DAY if last_billed else item.ends_on
    return run.overlap(Period(item.starts_on, until)) if item.starts_on < until else None


def fragments(runs: Iterable[tuple[Period, Item]], terms: Terms, cycle: Period) -> tuple[Fragment, ...]:
    """Return what one item owes for in *cycle*, from its *runs* in order, equal neighbours joined.

    Raises:
        RefusedError: a composition exceeds its price.
        NotFoundError: an offer has no composition.
    """
    found: list[Fragment] = []
    for run, item in runs:
        for fragment in _of_run(run, item, terms, cycle):
            if found and found[-1].continues(fragment):
                joined = Period(found[-1].period.start, fragment.period.end)
                found[-1] = evolve(found[-1], period=joined, weight=found[-1].weight + fragment.weight)
            else:
                found.append(fragment)
    return tuple(found)


def _of_run(run: Period, item: Item, terms: Terms, cycle: Period) -> Iterator[Fragment]:
    if not item.recurring:
        yield _fragment(run, item, terms, weight=cycle.days)
        return
    cuts = [since for since in terms.changes(item.offer) if run.start < since < run.end]
    for start, end in pairwise([run.start, *cuts, run.end]):
        yield _fragment(Period(start, end), item, terms, weight=(end - start).days)


def _fragment(period: Period, item: Item, terms: Terms, *, weight: int) -> Fragment:
    dated = terms.composition(item.offer, period.start, item.price)
    composition = dated.composition if item.lines is None else evolve(dated.composition, lines=item.lines)
    return Fragment(
        period=period,
        price=item.price,
        to_pay=item.to_pay(terms.policy.rounding),
        lines=composition.of_price(item.price, strict=terms.policy.strict_composition),
        weight=weight,
        price_since=item.price_since,
        composition_since=dated.since if item.lines is None else None,
    )

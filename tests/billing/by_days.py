"""What a life owes, added up day by day: slowly, plainly, and without a line of the code that is tested.

It holds for policies that count real days and prorate by them.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from math import floor

from attrs import evolve, frozen

from ispcore.billing import Terms
from ispcore.catalog import AnchorKind, BillingPolicy, Existing, Suspension
from ispcore.plans import Cycle, EndKind, Grid, GridChange, Item, State, Timeline
from ispcore.values import ONE_DAY, Rounding, add_months, day_in_month

Pinned = dict[Cycle, Terms]
Nominal = tuple[date, int]
"""A cycle by its first day, and the fact that moved the closing day."""


def is_first_day(day: date, grid: Grid) -> bool:
    """Tell whether a cycle of *grid* begins on *day*."""
    if grid.kind is AnchorKind.CLOSING:
        return is_last_day(day - ONE_DAY, grid)
    if grid.every.weeks:
        return (day.toordinal() - grid.phase) % (7 * grid.every.weeks) == 0
    return _is_day(day, grid)


def is_last_day(day: date, grid: Grid) -> bool:
    """Tell whether a cycle of *grid*, which is anchored to its closing, closes on *day*."""
    if grid.every.weeks:
        return (day.toordinal() - grid.phase) % (7 * grid.every.weeks) == 0
    return _is_day(day, grid)


def _is_day(day: date, grid: Grid) -> bool:
    month = day.year * 12 + day.month - 1
    return (
        day == day_in_month(day.year, day.month, grid.day) and (month - grid.phase) % grid.every.months == 0
    )


@frozen
class Day:
    """A day, the nominal cycle that it is billed in, and the first day of it that is billed."""

    on: date
    cycle: Nominal
    days: int
    billed_from: date


def days_of(grids: tuple[GridChange, ...], first: date, last: date) -> Iterator[Day]:
    """Yield the days from *first* to *last*: the latest change counts when a cycle begins, or cuts it."""
    running, moved, begins = grids[0].grid, grids[0].move, None
    wanted = list(grids[1:])
    day = _first_day_before(first, running)
    while day <= last:
        begun = [change for change in wanted if change.on < day or (change.cut and change.on == day)]
        cuts = any(change.cut and change.on == day for change in wanted)
        if begun and (is_first_day(day, running) or cuts):
            wanted = [change for change in wanted if change not in begun]
            if begun[-1].grid != running:
                running, moved, begins = begun[-1].grid, begun[-1].move, day
        start = _first_day_before(day, running)
        end = day + ONE_DAY
        while not is_first_day(end, running):
            end += ONE_DAY
        billed_from = start if begins is None else max(start, begins)
        while day < end and day <= last and not any(change.cut and change.on == day for change in wanted):
            yield Day(day, (start, moved), (end - start).days, billed_from)
            day += ONE_DAY


def _first_day_before(day: date, grid: Grid) -> date:
    while not is_first_day(day, grid):
        day -= ONE_DAY
    return day


def lives_on(timeline: Timeline, day: date, policy: BillingPolicy) -> bool:
    """Tell whether *day* can be owed at all."""
    state, end = timeline.last, timeline.end
    if day < state.started_on or (state.free_until is not None and day < state.free_until):
        return False
    if end is None or day < end.on:
        return True
    elsewhere = state.origin is not None and state.origin.billed_through is not None
    counts = end.on > state.started_on or elsewhere
    return policy.bills_last_day and day == end.on and counts and end.kind is EndKind.CANCELLED


def owed_days(timeline: Timeline, policy: BillingPolicy, last: date) -> Iterator[tuple[Day, State]]:
    """Yield the owed days up to *last*, each with the state that it is billed by."""
    suspension = timeline.last.terms.suspension
    paid_ahead: dict[Nominal, bool] = {}
    billed_by: State | None = None
    free, free_from = 0, date.max
    days = list(days_of(timeline.last.grids, timeline.last.started_on, last))
    ends = {day.cycle: day.on for day in days}
    for day in days:
        state = timeline.before_end(day.on)
        if state is None or not lives_on(timeline, day.on, policy):
            continue
        if state.bills and free and day.on >= free_from:
            free -= 1
        elif state.bills:
            paid_ahead.setdefault(day.cycle, state.terms.advance)
            billed_by = state
            yield day, state
        elif suspension is not Suspension.CREDIT and billed_by and paid_ahead.get(day.cycle):
            if suspension is Suspension.EXTEND:
                free, free_from = free + 1, ends[day.cycle] + ONE_DAY
            there = {(item.id, item.starts_on) for item in billed_by.items}
            yield day, evolve(state, items=tuple(i for i in state.items if (i.id, i.starts_on) in there))


def has_item(item: Item, day: date, policy: BillingPolicy) -> bool:
    """Tell whether *item* is there on *day*."""
    if day < item.starts_on:
        return False
    if item.ends_on is None or day < item.ends_on:
        return True
    return policy.bills_last_day and day == item.ends_on > item.starts_on


def price_on(item: Item, day: Day, terms: Terms, started_on: date) -> Item:
    """Return *item* at the price that the catalogue's changes give it on *day*."""
    if not item.catalogue_price or item.lines is not None:
        return item
    price = item.price
    for version in terms.compositions.get(item.offer, ()):
        if version.since > item.price_since and version.existing is not Existing.KEEP:
            reached = version.since <= day.billed_from
            if version.existing is Existing.ANNIVERSARY:
                reached = any(
                    version.since <= add_months(started_on, 12 * years) <= day.on for years in range(1, 9)
                )
            price = version.price if reached else price
    return evolve(item, price=price)


def by_days(
    timeline: Timeline, policy: BillingPolicy, pinned: Pinned, partly: Mapping[Cycle, date]
) -> dict[tuple[str, Nominal], int]:
    """Return what each item owes for each of the closed cycles, rounded once; of some only *partly*."""
    exact: dict[tuple[str, Nominal], Fraction] = defaultdict(Fraction)
    terms = {(cycle.period.start, cycle.move): used for cycle, used in pinned.items()}
    through = {(cycle.period.start, cycle.move): last for cycle, last in partly.items()}
    last = max((cycle.period.last for cycle in pinned), default=timeline.last.started_on)
    once: set[str] = set()
    for day, state in owed_days(timeline, policy, last):
        for item in state.items:
            if not has_item(item, day.on, policy) or item.id in once:
                continue
            if day.cycle not in terms or day.on > through.get(day.cycle, day.on):
                continue
            share = Fraction(1, day.days) if item.recurring else Fraction(1)
            priced = price_on(item, day, terms[day.cycle], timeline.last.started_on)
            exact[item.id, day.cycle] += priced.to_pay(policy.rounding).minor * share
            once |= set() if item.recurring else {item.id}
    return {key: _rounded(amount, policy.rounding) for key, amount in exact.items()}


def _rounded(amount: Fraction, mode: Rounding) -> int:
    if mode is Rounding.DOWN:
        return floor(amount)
    return round(amount) if mode is Rounding.HALF_EVEN else floor(amount + Fraction(1, 2))

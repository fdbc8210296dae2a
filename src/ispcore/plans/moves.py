"""What a state does by itself: timed statuses run out, holds, discounts and speeds end, an end comes.

No job makes it move; the fold of the facts and whoever looks ahead derive the day.
"""

from __future__ import annotations

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from attrs import evolve as change

from ispcore.catalog import Bucket, Role
from ispcore.plans.cycles import spans_from, stretches
from ispcore.plans.state import End, EndKind, Ordered, State

if TYPE_CHECKING:
    from ispcore.catalog import StatusPin
    from ispcore.plans.components import Component
    from ispcore.plans.items import Item


def next_move(state: State) -> tuple[date, State] | None:
    """Return the next day on which *state* moves by itself, and the state from then on.

    A timed status runs out, or a hold's period, a discount, a speed or what was given for a while ends; what
    falls on one day moves together. An ordered end comes after them, at the end of its day.
    """
    if state.end is not None:
        return None
    holds = [hold.until for hold in state.holds if hold.until is not None]
    discounts = {item.id: end for item in state.items if (end := discount_end(state, item)) is not None}
    following = state.status.next
    status_end = state.status.ends_on(state.status_since) if following else None
    speeds = [one.provisional.until for one in state.components if one.provisional is not None]
    whiles = _ends_of_whiles(state)
    day = min([*holds, *discounts.values(), *speeds, *whiles, status_end or date.max], default=date.max)
    ordered = state.ordered
    if ordered is not None and ordered.on < day:
        return ordered.on, _over(state, ordered)
    if day == date.max:
        return None
    moved = change(
        state,
        holds=tuple(hold for hold in state.holds if hold.until != day),
        items=tuple(
            change(item, discount=None, discount_since=None) if discounts.get(item.id) == day else item
            for item in state.items
        ),
        components=tuple(_without_speed_until(day, one) for one in state.components),
        provisional_until=None if state.provisional_until == day else state.provisional_until,
        temporary=None if state.temporary is not None and state.temporary.until == day else state.temporary,
    )
    if following is not None and status_end == day:
        moved = entered(moved, following, day)
    return day, counting(moved, day)


def _ends_of_whiles(state: State) -> list[date]:
    """Return the days on which enabling provisionally and a temporary plan are over."""
    ends = [state.provisional_until, state.temporary.until if state.temporary else None]
    return [end for end in ends if end is not None]


def _without_speed_until(day: date, component: Component) -> Component:
    speed = component.provisional
    return change(component, provisional=None) if speed is not None and speed.until == day else component


def _over(state: State, ordered: Ordered) -> State:
    ended = entered(state, ordered.status, ordered.on)
    return change(ended, holds=(), ordered=None, temporary=None, end=End(ordered.on, EndKind.CANCELLED))


def discount_end(state: State, item: Item) -> date | None:
    """Return the first day without the discount of *item*; None if there is none, or none is known.

    Cycles are counted as they are billed, from the one that holds the discount's first billed day.
    """
    discount = item.discount
    if discount is None or discount.cycles is None:
        return discount.until if discount else None
    if item.discount_since is None:
        return None
    first = max(item.discount_since, state.free_until or date.min)
    spans = spans_from(first, stretches(state.grids))
    return next(islice(spans, discount.cycles - 1, None)).days.end


def entered(state: State, status: StatusPin, on: date) -> State:
    """Return *state* after entering *status* on that day, by hand or by itself."""
    became_active = status.bucket is Bucket.ACTIVE and state.bucket is not Bucket.ACTIVE
    return change(
        state,
        status=status,
        status_since=on,
        provisional_until=None,
        activations=(*state.activations, on) if became_active else state.activations,
        enablings=(*state.enablings, on) if status.role is Role.ENABLED else state.enablings,
        suspensions=(*state.suspensions, on) if status.role is Role.SUSPENDED else state.suspensions,
    )


def counting(state: State, on: date) -> State:
    """Return *state* with the discounts that begin to count, as it bills on that day.

    What an earlier state of the day let begin waits again where the later one does not bill.
    """
    since, waits = (on, None) if state.bills else (None, on)
    waiting = [item for item in state.items if item.discount and item.discount_since == waits]
    if not waiting:
        return state
    return change(
        state,
        items=tuple(change(item, discount_since=since) if item in waiting else item for item in state.items),
    )

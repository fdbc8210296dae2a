"""What is to come of a life by itself, as far as its facts tell today."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.plans.state import EndKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.plans.holds import Hold
    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline


class ComingKind(Enum):
    """What changes on a day that is to come."""

    STATUS = "status"
    HOLD = "hold"
    PRICE = "price"
    DISCOUNT = "discount"
    SERVICE = "service"
    END = "end"


@frozen(order=True)
class Coming:
    """Something that happens on a day to come, in words."""

    on: date
    kind: ComingKind
    text: str


_ENDED = {
    EndKind.CANCELLED: "it is cancelled",
    EndKind.ANNULLED: "it is annulled",
    EndKind.PLAN_CHANGED: "another plan takes its place",
    EndKind.TRANSFERRED: "it is handed over",
    EndKind.DELETED: "it is deleted",
}


def coming(timeline: Timeline, after: date) -> tuple[Coming, ...]:
    """Return what happens to a subscription after a day, in order; nothing that a person has yet to do."""
    end = timeline.end
    if end is not None and end.on <= after:
        return ()
    before = timeline.on(after)
    found: list[Coming] = []
    for span in timeline.spans:
        if span.since > after and (end is None or span.since < end.on):
            found += (Coming(span.since, kind, text) for kind, text in _changes(before, span.state))
            before = span.state
    found += _last_days(timeline.last, after)
    if end is not None:
        found.append(Coming(end.on, ComingKind.END, _ENDED[end.kind]))
    return tuple(sorted(found, key=lambda one: one.on))


def _last_days(state: State, after: date) -> Iterator[Coming]:
    for item in state.items:
        if item.ends_on is not None and item.ends_on > after:
            yield Coming(item.ends_on, ComingKind.SERVICE, f"last day of {item.description}")


def _changes(before: State | None, then: State) -> Iterator[tuple[ComingKind, str]]:
    if before is None:
        yield ComingKind.STATUS, f"it begins as {then.status.description}"
        return
    if then.status.code != before.status.code:
        yield ComingKind.STATUS, f"{before.status.description} becomes {then.status.description}"
    if before.provisional_until is not None and then.provisional_until is None:
        yield ComingKind.HOLD, "it is enabled provisionally no more"
    if before.temporary is not None and then.temporary is None:
        yield ComingKind.SERVICE, f"the plan {before.temporary.plan!r} is over, and its own is served again"
    keys = {hold.key for hold in then.holds}
    yield from ((ComingKind.HOLD, _lifted(hold)) for hold in before.holds if hold.key not in keys)
    known = {item.id: item for item in before.items}
    for item in then.items:
        was = known.get(item.id)
        if was is None:
            yield ComingKind.SERVICE, f"{item.description} begins"
        elif item.price != was.price:
            yield ComingKind.PRICE, f"{item.description} costs {item.price} instead of {was.price}"
        elif was.discount is not None and item.discount is None:
            yield ComingKind.DISCOUNT, f"the discount of {item.description} ends"


def _lifted(hold: Hold) -> str:
    return f"it is {hold.kind.value} ({hold.cause.value}) no more"

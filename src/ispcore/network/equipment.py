"""Where equipment is: with a customer, still to collect there, or in stock; it follows from what is carried.

An ONU is with the customer as long as a subscription carries it. Removed, it is to be collected, and in stock
when a person says that it came back; where the policy says so, removal alone moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.catalog import Serves
from ispcore.driver import Onu
from ispcore.network.stages import life_of
from ispcore.plans import EndKind, EquipmentCollected, Timeline
from ispcore.plans.equipment_facts import serial_given
from ispcore.values import CustomerId, SubscriptionId

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.network.stages import Stage

_GOES_ON = (EndKind.PLAN_CHANGED, EndKind.TRANSFERRED)


class Whereabouts(Enum):
    """Where a piece of equipment is."""

    WITH_CUSTOMER = "with_customer"
    TO_COLLECT = "to_collect"
    """With the customer, and to be collected there."""
    IN_STOCK = "in_stock"


@frozen(kw_only=True)
class Equipment:
    """A piece of equipment, since when it is where it is, for how many days, and who had it last."""

    serial: str
    where: Whereabouts
    since: date
    days: int
    subscription: SubscriptionId
    customer: CustomerId


@frozen
class _Had:
    """That a subscription has an ONU since a day, or has had it up to one."""

    serial: str
    since: date
    until: date | None
    timeline: Timeline


def equipment_of(timelines: Sequence[Timeline], catalogue: Catalogue, on: date) -> tuple[Equipment, ...]:
    """Return the ONUs that the subscriptions of one customer carry on that day, or have carried."""
    found: dict[str, list[_Had]] = {}
    for timeline in timelines:
        for had in _had(timeline, catalogue, on):
            found.setdefault(had.serial, []).append(had)
    moves_stock = catalogue.network.removal_moves_stock
    return tuple(_piece(each, on, moves_stock=moves_stock) for each in found.values())


def _piece(each: Sequence[_Had], on: date, *, moves_stock: bool) -> Equipment:
    last = max(each, key=lambda had: (had.until is None, had.until or date.min, had.timeline.last.id))
    where, since = Whereabouts.WITH_CUSTOMER, last.since
    back = max((day for had in each for day in _collected(had, on)), default=None)
    if last.until is not None and back is not None and back >= last.until:
        where, since = Whereabouts.IN_STOCK, back
    elif last.until is not None and moves_stock:
        where, since = Whereabouts.TO_COLLECT, last.until
    state = last.timeline.last
    return Equipment(
        serial=last.serial,
        where=where,
        since=since,
        days=(on - since).days,
        subscription=state.id,
        customer=state.customer,
    )


def _collected(had: _Had, on: date) -> Iterator[date]:
    for fact in had.timeline.facts:
        if fact.payload == EquipmentCollected(had.serial) and fact.effective_on <= on:
            yield fact.effective_on


def _had(timeline: Timeline, catalogue: Catalogue, on: date) -> Iterator[_Had]:
    """Yield each ONU that the subscription has on that day, or had, but for what went along with its end."""
    stages = [stage for stage in life_of(timeline, catalogue).stages if stage.since <= on]
    since: dict[str, date] = {}
    until: dict[str, date | None] = {}
    for stage in stages:
        now = _carried(stage)
        for serial in now:
            if until.get(serial, stage.since) is not None:
                since[serial] = stage.since
            until[serial] = None
        for serial in until.keys() - now:
            until[serial] = until[serial] or stage.since
    for serial, day in _given(timeline, on):
        gone = until.get(serial, date.min)
        if gone is not None and day > gone:  # and taken away again on that very day
            since[serial] = day
            until[serial] = day
    end = timeline.end
    along = end is not None and end.kind in _GOES_ON and end.on <= on
    for serial, last in until.items():
        if not (along and end is not None and last == end.on):
            yield _Had(serial, since[serial], last, timeline)


def _given(timeline: Timeline, on: date) -> Iterator[tuple[str, date]]:
    """Yield the serial number of each ONU that a fact gives to the subscription, and the day of it."""
    for fact in timeline.facts:
        serial = serial_given(fact.payload)
        if serial is not None and fact.effective_on <= on:
            yield serial, fact.effective_on


def _carried(stage: Stage) -> frozenset[str]:
    if stage.serves is Serves.REMOVED:
        return frozenset()
    return frozenset(one.spec.serial for one in stage.components if isinstance(one.spec, Onu))

"""List equipment: what is with customers, what is to be collected there, and what is in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.network import SERIAL, Equipment, PoolAddress, Whereabouts, equipment_of, resources_of
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId


def list_equipment(
    desk: Desk,
    *,
    actor: Actor,
    where: Whereabouts | None = None,
    customer: CustomerId | None = None,
    serial: str | None = None,
) -> tuple[Equipment, ...]:
    """Return the equipment of a *customer*, or of all, that is there (or anywhere), the longest first.

    Of all, it is what stands on a device, or stood there, or the one with that *serial* number.
    """
    actor.require("equipment.read")
    with desk.database.reading() as work:
        on = desk.today_of(work.catalogue.current())
        gone = where in (Whereabouts.TO_COLLECT, Whereabouts.IN_STOCK)
        if serial is None:
            held = work.addresses.held_in(SERIAL, given_back=gone and customer is None)
        else:
            found_at = work.addresses.holders([PoolAddress(SERIAL, serial)])
            held = {one.address: holder.resource for one, holder in found_at.items()}
        customers = {customer} if customer is not None else _customers(work, held.values())
        found = list(_equipment(work, sorted(customers), held, on))
    here = (one for one in found if where in (None, one.where) and serial in (None, one.serial))
    return tuple(sorted(here, key=lambda one: (one.since, one.serial)))


def _equipment(
    work: UnitOfWork, customers: list[CustomerId], held: Mapping[str, str], on: date
) -> Iterator[Equipment]:
    """Yield the equipment of each customer, but for what somebody else has by now."""
    catalogue = work.catalogue.current()
    for lives in work.subscriptions.of_customers(customers).values():
        timelines = [timeline for timeline, _ in lives]
        theirs = frozenset(name for timeline in timelines for name in resources_of(timeline))
        for one in equipment_of(timelines, catalogue, on):
            if held.get(one.serial) is None or held[one.serial] in theirs:
                yield one


def _customers(work: UnitOfWork, resources: Iterable[str]) -> set[CustomerId]:
    """Return the customers whose subscriptions brought these resources, or took them over."""
    found: set[CustomerId] = set()
    known: set[SubscriptionId] = set()
    wanted = {SubscriptionId(int(name.partition(":")[0])) for name in resources}
    while wanted:
        lives = work.subscriptions.many(sorted(wanted))
        found |= {row.customer for _, row in lives}
        known |= wanted
        after = {timeline.last.successor for timeline, _ in lives if timeline.last.successor is not None}
        wanted = after - known
    return found

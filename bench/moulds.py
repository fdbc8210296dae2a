"""Moulds: one subscriber of each kind, made by commands and closings like any other, to be multiplied.

Their customer, person and subscription have one number, so that a copy is another number in all places.
"""

from __future__ import annotations

from datetime import date
from enum import Enum
from itertools import cycle, product
from typing import TYPE_CHECKING

from attrs import frozen

from bench.catalogue import CITY, DUE_DAYS, METHODS, document, plan_of
from ispcore import Provider
from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer
from ispcore.plans import Cancel, ChangePrice, Subscribe
from ispcore.testing import MovableClock
from ispcore.timeline import EVERYTHING, Actor
from ispcore.values import AddressId, Money, SubscriptionId

if TYPE_CHECKING:
    from ispcore.plans import OpeningCommand, SubscriptionCommand
    from ispcore.values import CustomerId

CLERK = Actor("clerk", frozenset({EVERYTHING}), address="192.0.2.17")
BEFORE = date(2012, 1, 31)
"""The closing of the month before, which belongs to the history."""
ON = date(2012, 2, 29)
"""The closing that is measured."""
_FEBRUARY_DAYS = (3, 10, 17, 24)


class Event(Enum):
    """What happened to a subscription in the month that is billed."""

    NONE = "none"
    START = "start"
    PRICE = "price"
    END = "end"


@frozen
class Mould:
    """The subscriber *number*: so many lines, and what happened in the month that is billed."""

    number: int
    lines: int
    event: Event


def make_moulds(url: str, lines: tuple[int, ...], *, fresh: bool) -> tuple[Mould, ...]:
    """Make the moulds in a new database at *url* and return them.

    The month before was closed; when *fresh*, every subscription starts with the month and none was ever
    closed.
    """
    clock = MovableClock(date(2012, 1, 1))
    with Provider.open(url, clock=clock) as provider:
        provider.load_catalogue(document(), actor=CLERK)
        provider.save_actor(CLERK, name="Clerk", actor=CLERK)
        shop = _Shop(provider, clock, ON.replace(day=1) if fresh else date(2012, 1, 1))
        moulds = [shop.opened(*each, Event.NONE) for each in product(lines, DUE_DAYS, METHODS)]
        ways = cycle(product(DUE_DAYS, METHODS))
        later = list(product(lines, (Event.PRICE, Event.END, Event.START), _FEBRUARY_DAYS))
        known = [
            (shop.opened(count, *next(ways), event), day) for count, event, day in later if _is_old(event)
        ]
        if not fresh:
            clock.move_to(BEFORE)
            provider.close(BEFORE, actor=CLERK)
        for mould, day in known:
            shop.change(mould, day)
        new = [
            shop.opened(count, *next(ways), event, on=ON.replace(day=day))
            for count, event, day in later
            if not _is_old(event)
        ]
    return (*moulds, *(mould for mould, _ in known), *new)


def _is_old(event: Event) -> bool:
    return event is not Event.START


class _Shop:
    def __init__(self, provider: Provider, clock: MovableClock, start: date) -> None:
        self._provider = provider
        self._clock = clock
        self._start = start

    def opened(self, lines: int, due_day: int, method: str, event: Event, on: date | None = None) -> Mould:
        self._clock.move_to(on or self._start)
        customer = self._registered(f"{lines} {due_day} {method} {event.value}")
        opening: OpeningCommand = Subscribe(
            customer=customer,
            plan=plan_of(lines),
            on=on or self._start,
            status="enabled",
            charge_method=method,
            due_day=due_day,
        )
        subscription = self._provider.do(opening, actor=CLERK).subscription
        if int(subscription) != int(customer):
            raise AssertionError("A mould's numbers must be one.")
        return Mould(int(customer), lines, event)

    def change(self, mould: Mould, day: int) -> None:
        on = ON.replace(day=day)
        self._clock.move_to(on)
        subscription = SubscriptionId(mould.number)
        command: SubscriptionCommand = (
            ChangePrice(subscription=subscription, on=on, price=Money.of("89.90", "BRL"))
            if mould.event is Event.PRICE
            else Cancel(subscription=subscription, on=on, reason="moved")
        )
        self._provider.do(command, actor=CLERK)

    def _registered(self, name: str) -> CustomerId:
        home = Address(id=AddressId("home"), type=AddressType.REGISTERED, city=CITY)
        details = PersonDetails(name=name, email="customer@example.com")
        command = RegisterCustomer(details=details, addresses=(home,), kind=PersonKind.PERSON)
        return self._provider.do(command, actor=CLERK).customer

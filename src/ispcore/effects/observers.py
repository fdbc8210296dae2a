"""Delivering events to observers: after the commit, at least once, each observer for itself.

A delivery is a row that was written with its fact. It is taken in one transaction, told outside of any, and
settled in the next. An observer that fails is tried again with growing pauses and ends as a dead letter; one
that never returns is killed with its process, and its delivery comes again when its time is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from attrs import evolve, frozen

from ispcore.effects.events import FactRecorded, event_of
from ispcore.timeline import Fact, Subject
from ispcore.values import ATTEMPTS, TAKEN_FOR, pause_after

_LONGEST_ERROR = 500


@frozen
class Delivery:
    """A fact that *observer* is to be told of, for the so manieth time."""

    observer: str
    subject: Subject
    sequence: int
    attempt: int


@frozen
class Delivered:
    """What a round of deliveries came to; ``failed`` ones are tried again, ``dead`` ones by hand only."""

    told: int = 0
    failed: int = 0
    dead: int = 0


class Lag(NamedTuple):
    """How far behind an observer is: what *waits* since when, and what is *dead*."""

    observer: str
    waiting: int
    dead: int
    since: datetime | None


class Observers(Protocol):
    """Those who are told."""

    def names(self) -> Sequence[str]:
        """Return their names."""
        ...

    def tell(self, observer: str, event: FactRecorded) -> None:
        """Tell one of them; whatever it raises means that it was not told."""
        ...


class Deliveries(Protocol):
    """What is still to be told."""

    def take(self, observers: Sequence[str], *, now: datetime, until: datetime) -> Delivery | None:
        """Return the next delivery due to the first of *observers* who has one, and keep it *until* then."""
        ...

    def done(self, delivery: Delivery) -> None:
        """Forget a delivery that arrived."""
        ...

    def failed(self, delivery: Delivery, error: Mapping[str, str], try_at: datetime | None) -> None:
        """Keep why a delivery failed, and when it is tried again; without that it is a dead letter."""
        ...


class Facts(Protocol):
    """The timelines."""

    def of(self, subject: Subject) -> tuple[Fact[Any], ...]:
        """Return the facts of *subject*, in the order in which they were recorded."""
        ...


class Work(Protocol):
    """One transaction's view of the database."""

    @property
    def facts(self) -> Facts:
        """The timelines."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """What is still to be told."""
        ...


class Database(Protocol):
    """Opens transactions."""

    def writing(self) -> AbstractContextManager[Work]:
        """Begin a transaction that may write."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


def deliver(database: Database, observers: Observers, clock: Clock, *, most: int | None = None) -> Delivered:
    """Tell *observers* what is due, at *most* so many events, and return what it came to."""
    names, found, last = deque(observers.names()), Delivered(), None
    while names:
        names.rotate(-1)  # so that the backlog of one does not keep the others waiting
        now = clock.now()
        with database.writing() as work:
            if last is not None:
                found = _settle(work, *last, now, found)
            full = most is not None and found.told + found.failed + found.dead >= most
            taken = None if full else work.deliveries.take(names, now=now, until=now + TAKEN_FOR)
            recorded = work.facts.of(taken.subject) if taken else ()
        if taken is None:
            break
        last = taken, _tell(observers, taken, recorded)
    return found


def _tell(observers: Observers, taken: Delivery, recorded: Sequence[Fact[Any]]) -> BaseException | None:
    try:
        observers.tell(taken.observer, event_of(recorded, taken.sequence))
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever an observer raises is its own trouble
        return error
    return None


def _settle(
    work: Work, taken: Delivery, error: BaseException | None, now: datetime, found: Delivered
) -> Delivered:
    if error is None:
        work.deliveries.done(taken)
        return evolve(found, told=found.told + 1)
    told = {"type": type(error).__name__, "text": str(error)[:_LONGEST_ERROR]}
    if taken.attempt >= ATTEMPTS:
        work.deliveries.failed(taken, told, None)
        return evolve(found, dead=found.dead + 1)
    work.deliveries.failed(taken, told, now + pause_after(taken.attempt))
    return evolve(found, failed=found.failed + 1)

"""Serve many subscriptions again, customer by customer, in slices that are transactions of their own.

What is the same as before is not written, so running again, or by two at once, does nothing twice; what was
cut short goes on. One customer's trouble never stops the others.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.errors import ConcurrentChangeError, IspcoreError, RefusedError
from ispcore.network import Move, ResourceProblem
from ispcore.usecases.serving import find
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from datetime import datetime

    from ispcore.plans import Timeline
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId

SLICE = 200
"""How many customers one transaction serves."""


@frozen
class RenewalProblem:
    """Why a subscription or a resource could not be served; it stays as it was."""

    subject: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.subject}: {self.message} [{self.rule}]"


@frozen
class Renewal:
    """What serving again came to: how many subscriptions were looked at, and how many answers are others.

    ``moved`` counts the placements that want something else; ``moves`` has them where that was asked for.
    """

    subscriptions: int = 0
    changed: int = 0
    moved: int = 0
    moves: tuple[Move, ...] = ()
    problems: tuple[RenewalProblem, ...] = ()

    def __add__(self, other: Renewal) -> Renewal:
        """Return both together."""
        return Renewal(
            self.subscriptions + other.subscriptions,
            self.changed + other.changed,
            self.moved + other.moved,
            (*self.moves, *other.moves),
            (*self.problems, *other.problems),
        )


def renew(
    desk: Desk,
    at: datetime,
    *,
    due: bool,
    preview: bool,
    watch: Callable[[Renewal], object] | None = None,
) -> Renewal:
    """Serve again whatever has contributions, or only what is *due*; a *preview* saves nothing.

    Moves are listed by a preview only; *watch* sees those of each slice in any case.
    """
    total = Renewal()
    for part in _slices(desk, at if due else None):
        found = _attempted(desk, part, at, whole=not due, preview=preview)
        if watch is not None:
            watch(found)
        total += found if preview else evolve(found, moves=())
    return total


def _attempted(
    desk: Desk, part: Sequence[SubscriptionId], at: datetime, *, whole: bool, preview: bool
) -> Renewal:
    """Serve a slice; one that somebody else was faster with is left for the next time."""
    try:
        with _transaction(desk, preview=preview) as work:
            return _renewed(work, part, at, whole=whole, preview=preview)
    except (ConcurrentChangeError, RefusedError) as error:
        problem = RenewalProblem(f"subscriptions {part[0]} to {part[-1]}", "again", error.message)
        return Renewal(len(part), problems=(problem,))
    except IspcoreError as error:
        if len(part) == 1:
            problem = RenewalProblem(f"subscription {part[0]}", "unreadable", error.message)
            return Renewal(1, problems=(problem,))
        found = [_attempted(desk, (one,), at, whole=whole, preview=preview) for one in part]
        if all(_is_unreadable(one) for one in found):
            raise  # it is not about some of them
        return sum(found, Renewal())


def _is_unreadable(found: Renewal) -> bool:
    return any(problem.rule == "unreadable" for problem in found.problems)


def _transaction(desk: Desk, *, preview: bool) -> AbstractContextManager[UnitOfWork]:
    return desk.database.reading() if preview else desk.database.writing()


def _slices(desk: Desk, due: datetime | None) -> Iterator[tuple[SubscriptionId, ...]]:
    """Yield the subscriptions of some customers at a time."""
    with desk.database.reading() as work:
        every = work.network.carrying(due)
    part: list[SubscriptionId] = []
    for count, (_, mine) in enumerate(groupby(every, key=_customer), start=1):
        part += [subscription for _, subscription in mine]
        if count % SLICE == 0:
            yield tuple(part)
            part = []
    if part:
        yield tuple(part)


def _customer(pair: tuple[CustomerId, SubscriptionId]) -> CustomerId:
    return pair[0]


def _renewed(
    work: UnitOfWork, part: Sequence[SubscriptionId], at: datetime, *, whole: bool, preview: bool
) -> Renewal:
    timelines, problems = _read(work, part)
    found = find(work, timelines, at, whole=whole)
    if not preview:
        work.network.save(found.change)
    told = tuple(_told(problem) for problem in found.problems)
    changed = {one.subscription for one in found.change.contributions}
    changed |= {subscription for subscription, _ in found.change.dropped}
    return Renewal(len(part), len(changed), len(found.moves), found.moves, (*problems, *told))


def _told(problem: ResourceProblem) -> RenewalProblem:
    return RenewalProblem(f"resource {problem.resource}", problem.rule, problem.message)


def _read(
    work: UnitOfWork, part: Sequence[SubscriptionId]
) -> tuple[list[Timeline], tuple[RenewalProblem, ...]]:
    """Return the timelines of subscriptions, and why some of them cannot be read."""
    try:
        return [timeline for timeline, _ in work.subscriptions.many(part)], ()
    except IspcoreError:
        return _read_each(work, part)


def _read_each(
    work: UnitOfWork, part: Sequence[SubscriptionId]
) -> tuple[list[Timeline], tuple[RenewalProblem, ...]]:
    timelines, problems = [], []
    for subscription in part:
        try:
            timelines.append(work.subscriptions.get(subscription)[0])
        except IspcoreError as error:
            problems.append(RenewalProblem(f"subscription {subscription}", "unreadable", error.message))
    return timelines, tuple(problems)

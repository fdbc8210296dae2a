"""Usage limits: a plugin decides what becomes of a subscription that moved much this month.

Each limit acts once a month on a subscription, whatever it answers afterwards: what a clerk lifts stays
lifted, and running again does nothing twice. What it places ends with the month unless it says otherwise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, field, frozen
from attrs.validators import is_callable, matches_re

from ispcore.errors import StorageError
from ispcore.network import Connection, Usage, start_of, usage_of, zone_of
from ispcore.plans import Block, Reduce, State
from ispcore.usecases.do import do
from ispcore.usecases.one_transaction import OneTransaction
from ispcore.values import Period, SubscriptionId, add_months

if TYPE_CHECKING:
    from ispcore.plans import Timeline
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

LIMIT_USAGE = "connection.limit"
_SLICE = 1_000

UsageDecision: TypeAlias = Callable[[Usage, State], Block | Reduce | None]


@frozen
class UsageLimit:
    """A limit by *name*: *decide* is given what a subscription moved this month, and its state today.

    It returns the hold to place on that subscription, or None. It is a pure function of what it is given.
    """

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    decide: UsageDecision = field(validator=is_callable())


@frozen
class Limited:
    """What limits came to: how many holds were ``placed``, and what went wrong."""

    placed: int = 0
    problems: tuple[str, ...] = ()


@frozen
class _Case:
    """A subscription that lives, with what it moved this month."""

    state: State
    usage: Usage
    acted: frozenset[str]


@frozen
class _Named:
    name: str

    def new(self) -> str:
        return self.name


def limit_usage(
    desk: Desk, limits: Sequence[UsageLimit], subscriptions: Collection[SubscriptionId], *, actor: Actor
) -> Limited:
    """Place the holds that *limits* decide on for *subscriptions*, by what they moved this month.

    One that fails or is refused is told, and keeps no other from being placed.
    """
    actor.require(LIMIT_USAGE)
    placed, problems = 0, list[str]()
    wanted = sorted(subscriptions) if limits else []
    for first in range(0, len(wanted), _SLICE):
        for case in _cases(desk, wanted[first : first + _SLICE]):
            for limit in limits:
                try:
                    placed += _placed(desk, limit, case, actor)
                except StorageError:
                    raise
                except Exception as error:  # noqa: BLE001 - a plugin may raise anything
                    what = f"Usage limit {limit.name!r} on subscription {case.state.id}"
                    problems.append(f"{what} could not be kept: {type(error).__name__}: {error}")
    return Limited(placed, tuple(problems))


def _cases(desk: Desk, subscriptions: Sequence[SubscriptionId]) -> Iterator[_Case]:
    moved: dict[SubscriptionId | None, list[Connection]] = defaultdict(list)
    with desk.database.reading() as work:
        catalogue = work.catalogue.current()
        lives = work.subscriptions.many(subscriptions)
        # A day earlier than any zone's month, whose connections overlap none of its days.
        since = start_of(desk.earliest_today_of(catalogue).replace(day=1), zone_of("Etc/GMT-14"))
        for one in work.connections.of_subscriptions(subscriptions, since):
            moved[one.subscription].append(one)
    for timeline, row in lives:
        zone = catalogue.unit(timeline.last.unit).zone
        today = desk.today(zone)
        state = timeline.on(today)
        if state is None or state.end is not None:
            continue
        connections = moved[row.id]
        login = ", ".join(sorted({one.login for one in connections}))
        usage = usage_of(login, connections, _month(today), zone_of(zone))
        yield _Case(state, usage, _acted(timeline))


def _month(day: date) -> Period:
    begins = day.replace(day=1)
    return Period(begins, add_months(begins, 1))


def _placed(desk: Desk, limit: UsageLimit, case: _Case, actor: Actor) -> bool:
    """Place what a limit decides on, unless it has acted this month, and tell whether it did."""
    name = f"limit-{limit.name}-{case.usage.period.start:%Y-%m}"
    hold = None if name in case.acted else limit.decide(case.usage, case.state)
    if hold is None:
        return False
    command = evolve(hold, subscription=case.state.id, until=hold.until or case.usage.period.end, on=None)
    with desk.database.writing() as work:
        work.accounts.turns([case.state.customer])
        timeline, _ = work.subscriptions.get(case.state.id)
        if name in _acted(timeline):
            return False
        do(evolve(desk, database=OneTransaction(work), command_ids=_Named(name)), command, actor=actor)
    return True


def _acted(timeline: Timeline) -> frozenset[str]:
    """Return the names of the commands that left something on a subscription."""
    return frozenset(fact.recorded.command_id for fact in timeline.recorded)

"""A month of a provider, lived day by day: the closing, a tick a day, and the payments as they arrive."""

from __future__ import annotations

import cProfile
import gc
import random
import time
from collections import Counter, defaultdict
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import frozen

from bench.month_base import MUTE, PAID_BY
from bench.moulds import CLERK, ON
from bench.seeding import SEED
from bench.writing import driver_connection
from ispcore import Provider
from ispcore.hooks import Plugins, hookimpl
from ispcore.notices import NotifierSpec
from ispcore.testing import MovableClock
from ispcore.usecases import RecordPayment
from ispcore.values import Money, SlipId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ispcore.notices import Message
    from ispcore.tick import Chore

ONE = timedelta(days=1)
Due = dict[date, list[tuple[int, int]]]


@frozen
class MuteConfig:
    """Nothing is needed to tell nobody."""


class Mute:
    """A notifier that takes everything and tells nobody."""

    def __init__(self, config: MuteConfig) -> None:
        """Need nothing."""

    def hand_over(self, message: Message) -> None:
        """Take *message*."""


class MutePlugin:
    """Brings the notifier."""

    @hookimpl
    def ispcore_notifiers(self) -> list[NotifierSpec]:
        """Offer it."""
        return [NotifierSpec(MUTE, "bench.month_tasks:Mute", MuteConfig)]


def paid_of(slips: list[tuple[int, date, int]], through: date) -> Due:
    """Return by day which slips are paid with how much: of ten nine, most in time, some late or in part.

    Who pays late pays three percent more than the slip says; the rest of it goes to the balance.
    """
    chance = random.Random(SEED)  # noqa: S311 - the same one every time
    found: Due = defaultdict(list)
    for slip, due_on, amount in slips:
        (kind,) = chance.choices(("in time", "late", "part", "never"), (78, 7, 5, 10))
        early, late = chance.randrange(4), chance.randrange(3, 13)
        day, paid = due_on - early * ONE, amount
        if kind == "late":
            day, paid = min(due_on + late * ONE, through), amount * 103 // 100
        elif kind == "part":
            paid = amount // 2
        if kind != "never":
            found[day].append((slip, paid))
    return found


def month(url: str, days: int = 30, *, profile: str | None = None) -> dict[str, Any]:
    """Live a month from its closing on, and tell what closing, payments and the chores of ticks took.

    With *profile* it is lived under a profiler, whose figures are written there.
    """
    clock = MovableClock(ON)
    with Provider.connect(url, clock=clock, plugins=Plugins.of(MutePlugin())) as provider:
        life = _Life(provider)
        gc.collect()
        used = time.process_time()
        with _profiled(profile):
            life.timed("close", life.close)
            life.timed("tick", life.tick)
            payments = paid_of(_slips(url), ON + (days - 1) * ONE)
            for day in (ON + number * ONE for number in range(1, days)):
                clock.move_to(day)
                for slip, amount in payments[day]:
                    life.timed("payments", partial(life.pay, _payment(slip, amount, day)))
                life.timed("tick", life.tick)
        cpu = time.process_time() - used
    seconds = sum(life.spent.values())
    chores = {name: spent / seconds for name, spent in life.chores.items()}
    parts = {name: spent / seconds for name, spent in life.spent.items()}
    told = {"parts": parts, "chores": chores, "done": dict(life.done), "shortest tick": life.shortest}
    return {"seconds": seconds, "cpu": cpu, **told}


class _Life:
    """Lives, and notes what each part took."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self.spent: dict[str, float] = defaultdict(float)
        self.chores: dict[str, float] = defaultdict(float)
        self.done: Counter[str] = Counter()
        self.shortest = float("inf")
        self._since = 0.0

    def timed(self, name: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        self.spent[name] += time.perf_counter() - began

    def close(self) -> None:
        self._provider.close(ON, actor=CLERK)

    def pay(self, command: RecordPayment) -> None:
        self._provider.do(command, actor=CLERK)
        self.done["payments"] += 1

    def tick(self) -> None:
        began = self._since = time.perf_counter()
        told = self._provider.tick(actor=CLERK, watch=self._noted)
        self.shortest = min(self.shortest, time.perf_counter() - began)
        if told.problems:
            raise AssertionError(f"The tick of {told.on} has problems: {told.problems[:3]}.")

    def _noted(self, chore: Chore) -> None:
        now = time.perf_counter()
        self.chores[chore.name] += now - self._since
        self._since = now
        self.done.update({f"{chore.name}: {what}": count for what, count in chore.counts.items()})


def _payment(slip: int, amount: int, day: date) -> RecordPayment:
    return RecordPayment(
        slip=SlipId(slip),
        amount=Money(amount, Money.of("0", "BRL").currency),
        paid_on=day,
        provider="bank",
        provider_id=str(slip),
    )


def _slips(url: str) -> list[tuple[int, date, int]]:
    """Return the slips that the month has issued, with due dates and amounts."""
    asked = (
        "SELECT s.id, s.due_on, sum(l.amount) FROM slips s JOIN slip_lines l ON l.slip_id = s.id"
        f" WHERE s.command_id NOT LIKE '{PAID_BY}-%' GROUP BY s.id, s.due_on ORDER BY s.id"
    )
    with driver_connection(url) as connection:
        return [(slip, _day(due), int(amount)) for slip, due, amount in connection.execute(asked)]


def _day(value: date | str) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


@contextmanager
def _profiled(path: str | None) -> Iterator[None]:
    if path is None:
        yield
        return
    profiler = cProfile.Profile()
    with profiler:
        yield
    profiler.dump_stats(path)


TASKS: dict[str, Callable[..., dict[str, Any]]] = {"month": month}

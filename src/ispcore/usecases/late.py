"""Late: let everything follow from what is not paid, for all customers or for one.

Customers are taken in slices, each a transaction of its own. What stands as it should is not touched, so
running twice, or by two at once, does nothing twice, and what was cut short goes on. One customer's trouble
never stops the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from ispcore.billing import CancellationProposal, LateStanding, SourceKind, StageNotice, easing
from ispcore.catalog import LateAction
from ispcore.errors import ConcurrentChangeError, IspcoreError, RefusedError
from ispcore.plans import Block, Reduce
from ispcore.timeline import Actor, Cause
from ispcore.usecases.change_subscription import carry_out
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.issue_slips import renew_slips
from ispcore.usecases.late_amounts import too_much
from ispcore.usecases.late_look import LateLook, look
from ispcore.usecases.settled import Settling
from ispcore.values import ONE_DAY, CustomerId

if TYPE_CHECKING:
    from typing import Any

    from ispcore.billing import ReceivableBalance
    from ispcore.timeline import Fact
    from ispcore.usecases.ports import UnitOfWork

RUN, READ = "late.run", "late.read"
SLICE, AT_ONCE = 200, 20_000
"""How many customers one transaction looks at, and how many are looked up at once."""
NEVER_OWED = "What they are about was never owed."
"""Why fines and interest were let go."""
_HOLDING = (LateAction.REDUCE, LateAction.BLOCK)


@frozen
class LateProblem:
    """Why nothing was reduced, blocked or restored for a customer; it is tried again the next time."""

    customer: CustomerId
    rule: str
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"customer {self.customer}: {self.message} [{self.rule}]"


@frozen
class LateRun:
    """What a run came to: how many customers were looked at and are late, and what was done.

    ``restored`` counts the reductions and blocks that were lifted, ``let_go`` the fines and interest of what
    was never owed, ``proposals`` are all that stand.
    """

    on: date
    customers: int = 0
    late: int = 0
    reached: int = 0
    reduced: int = 0
    blocked: int = 0
    restored: int = 0
    let_go: int = 0
    notices: tuple[StageNotice, ...] = ()
    proposals: tuple[CancellationProposal, ...] = ()
    problems: tuple[LateProblem, ...] = ()

    def __add__(self, other: LateRun) -> LateRun:
        """Return both together."""
        return LateRun(
            self.on,
            self.customers + other.customers,
            self.late + other.late,
            self.reached + other.reached,
            self.reduced + other.reduced,
            self.blocked + other.blocked,
            self.restored + other.restored,
            self.let_go + other.let_go,
            (*self.notices, *other.notices),
            (*self.proposals, *other.proposals),
            (*self.problems, *other.problems),
        )


@frozen
class LateRunner:
    """A run: its day, who gives it, whom to ask about notices, and whether anything is saved."""

    desk: Desk
    on: date
    writing: Writing
    preview: bool = False
    customer: CustomerId | None = field(default=None, kw_only=True)

    def run(self, watch: Callable[[LateRun], object] | None) -> LateRun:
        """Look at everybody, and return what that came to."""
        total = LateRun(self.on)
        for part in self._slices():
            found = self._attempted(part)
            if watch is not None:
                watch(found)
            total += found
        return total

    def _slices(self) -> Iterator[tuple[CustomerId, ...]]:
        """Yield those who owe something that was due before the day, and those with stages that stand."""
        if self.customer is not None:
            yield (self.customer,)
            return
        after = CustomerId(0)
        while True:
            with self.desk.database.reading() as work:
                owing = work.accounts.owing(self.on - ONE_DAY, after, AT_ONCE)
                held = work.late.standing(after, AT_ONCE)
            found = sorted({*owing, *held})[:AT_ONCE]
            yield from (tuple(found[at : at + SLICE]) for at in range(0, len(found), SLICE))
            if len(found) < AT_ONCE:
                return
            after = found[-1]

    def _attempted(self, part: Sequence[CustomerId]) -> LateRun:
        """Do a slice; when that fails the customers apart, and one that somebody was faster with later."""
        try:
            return self._done(part)
        except ConcurrentChangeError as error:
            return self._alone(part, "again", error)
        except IspcoreError as error:
            return self._alone(part, "unreadable", error)

    def _alone(self, part: Sequence[CustomerId], rule: str, error: IspcoreError) -> LateRun:
        if len(part) == 1:
            problem = LateProblem(part[0], rule, error.message)
            return LateRun(self.on, customers=1, problems=(problem,))
        found = [self._attempted((one,)) for one in part]
        if all(_is_unreadable(one) for one in found):
            raise error  # it is not about some of them
        return sum(found, LateRun(self.on))

    def _done(self, part: Sequence[CustomerId]) -> LateRun:
        """Read a slice without making anybody wait; only those are written about with whom there is work."""
        with self.desk.database.reading() as work:
            looks = list(look(work, part, self.on, self.desk.notices))
            news = self.desk.notices.news(work, [each for one in looks for each in one.standing.notices])
            over = {one.receivable.customer for one in too_much(work, _owing(looks))}
        if self.preview:
            return sum((_of(one) for one in looks), LateRun(self.on))
        busy = [one.customer for one in looks if not one.is_settled or one.customer in news | over]
        idle = {one.customer for one in looks} - {*busy}
        found = sum((_of(one) for one in looks if one.customer in idle), LateRun(self.on))
        if busy:
            with self.desk.database.writing() as work:
                work.accounts.turns(busy)
                let_go, looks = self._let_go(work, busy)
                done = [self._settled(work, one) for one in looks]
                found = sum(done, evolve(found, let_go=let_go))
                self.desk.notices.ask(work, [notice for one in done for notice in one.notices])
        return found

    def _let_go(self, work: UnitOfWork, customers: Sequence[CustomerId]) -> tuple[int, list[LateLook]]:
        """Let fines and interest go of what was never owed; return how many, and how all stand then."""
        looks = list(look(work, customers, self.on, self.desk.notices))
        over = too_much(work, _owing(looks))
        if not over:
            return 0, looks
        settling = Settling(self.desk, self.writing, NEVER_OWED)
        settling.put(work, SourceKind.WAIVER, over, self.on)
        whose = attrgetter("receivable.customer")
        for customer, some in groupby(sorted(over, key=whose), key=whose):
            renew_slips(work, self.writing, customer, [one.receivable.id for one in some], self.on)
        return len(over), list(look(work, customers, self.on, self.desk.notices))

    def _settled(self, work: UnitOfWork, one: LateLook) -> LateRun:
        try:
            with work.savepoint():
                carry(work, self.writing, one)
                note(work, self.writing, one)
        except RefusedError as error:
            # What was refused stays undone; who is to be told is told all the same.
            told = evolve(one, commands=(), reached=tuple(row for row in one.reached if _tells(row.action)))
            note(work, self.writing, told)
            problem = LateProblem(one.customer, error.rule, error.message)
            return evolve(_of(told), problems=(problem,))
        return _of(one)


def run_late(
    desk: Desk,
    on: date | None = None,
    *,
    actor: Actor,
    preview: bool = False,
    watch: Callable[[LateRun], object] | None = None,
) -> LateRun:
    """Bring stages, holds and notices to where they should be on a day, today unless it is said.

    After days of silence it is run for today, once: stages are reached when they are found, and those that
    follow a notice wait for it. A *preview* saves nothing. *watch* sees what each slice came to.

    Raises:
        RefusedError: the day is still to come, and this is no preview.
    """
    actor.require(RUN)
    with desk.database.reading() as work:
        today = desk.earliest_today_of(work.catalogue.current())
    if on is not None and on > today and not preview:
        raise RefusedError(
            f"Nobody is late on {on} yet: today is {today}.",
            rule="later-day",
            hint="Ask for a preview of it.",
        )
    runner = LateRunner(desk, on or today, begin(desk, actor), preview)
    return runner.run(watch)


def late_customers(
    desk: Desk,
    on: date | None = None,
    *,
    actor: Actor,
    customer: CustomerId | None = None,
) -> Iterator[LateLook]:
    """Yield who is late on a day, with stages and what comes next, customer by customer; nothing is saved."""
    actor.require(READ)
    with desk.database.reading() as work:
        today = desk.earliest_today_of(work.catalogue.current())
        if customer is not None:
            work.customers.get(customer)
    return _looks(LateRunner(desk, on or today, begin(desk, actor), customer=customer))


def _looks(runner: LateRunner) -> Iterator[LateLook]:
    for part in runner._slices():  # noqa: SLF001 - of this module
        with runner.desk.database.reading() as work:
            found = list(look(work, part, runner.on, runner.desk.notices))
        yield from (one for one in found if one.standing.debts)


def ease(
    work: UnitOfWork,
    writing: Writing,
    customer: CustomerId,
    *,
    paid: bool = False,
) -> tuple[Fact[Any], ...]:
    """Lift what should not be held any more of a customer, and return the facts.

    Notices of stages that wait for nothing any more are withdrawn.
    Call it in the transaction of whatever lets less be late. After a payment, *paid*, it is left to the daily
    run where the policy gives days for it, and if it is refused.
    """
    told = writing.desk.notices
    if not (work.late.holding(customer) or told.waits(work, customer)):
        return ()
    on = writing.desk.earliest_today_of(work.catalogue.current())
    (found,) = look(work, [customer], on, told)
    told.keep(work, customer, found.standing.notices)
    wanted = [one for one in easing(found.commands) if not (paid and _waits(found, one.subscription))]
    if not wanted:
        return ()
    if not paid:
        return carry(work, writing, evolve(found, commands=tuple(wanted)))
    try:
        with work.savepoint():
            return carry(work, writing, evolve(found, commands=tuple(wanted)))
    except RefusedError:
        return ()


def _waits(found: LateLook, subscription: Any) -> bool:  # noqa: ANN401 - its number
    return found.case.policy_of(subscription, found.case.on).restore_days > 0


def carry(work: UnitOfWork, writing: Writing, one: LateLook) -> tuple[Fact[Any], ...]:
    """Carry the commands of *one* out as a rule of the system, in the name of whoever runs it."""
    allowed = frozenset({Block.permission, Reduce.permission})
    giver = Actor(writing.actor.id, allowed, writing.actor.address, Cause.AUTOMATIC)
    automatic = evolve(writing, actor=giver, note=None)
    known = dict(one.known)
    facts: list[Fact[Any]] = []
    for command in one.commands:
        before = known.pop(command.subscription, None) or work.subscriptions.get(command.subscription)
        facts += carry_out(work, automatic, command, before).facts
    return tuple(facts)


def note(work: UnitOfWork, writing: Writing, one: LateLook) -> None:
    """Note the stages that *one* reached and those that ended."""
    work.late.reach(one.customer, one.reached, writing.desk.clock.now())
    work.late.end(one.customer, one.ended, one.case.on)
    writing.desk.notices.keep(work, one.customer, one.standing.notices)


def _owing(looks: Iterable[LateLook]) -> Iterator[ReceivableBalance]:
    return (owed for one in looks for owed in one.owing)


def _is_unreadable(found: LateRun) -> bool:
    return any(problem.rule == "unreadable" for problem in found.problems)


def _tells(action: LateAction) -> bool:
    return action not in _HOLDING


def _of(one: LateLook) -> LateRun:
    """Return what doing *one* comes to."""
    found: LateStanding = one.standing
    reduced = sum(isinstance(command, Reduce) for command in one.commands)
    blocked = sum(isinstance(command, Block) for command in one.commands)
    return LateRun(
        on=found.on,
        customers=1,
        late=int(bool(found.debts)),
        reached=len(one.reached),
        reduced=reduced,
        blocked=blocked,
        restored=len(one.commands) - reduced - blocked,
        notices=found.notices,
        proposals=found.proposals,
    )

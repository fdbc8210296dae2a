"""Issue slips for what is owed: customers in slices, each its own transaction; doing it again issues nothing.

Two processes may do it at once: each customer is looked at by one of them at a time, and the other finds
nothing left to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing import slip_changes
from ispcore.errors import InvalidValueError, IspcoreError
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.make_slips import SlipsMade, accounts, make, sums_of
from ispcore.usecases.slip_stores import Stamp
from ispcore.values import FIRST_DAY, LAST_DAY, ChargeId, CustomerId, Money

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.billing import SlipChanges
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.make_slips import LateSource, SlipAccount
    from ispcore.usecases.ports import UnitOfWork

ISSUE = "slips.issue"
_SLICE, _AT_ONCE = 500, 20_000


@frozen
class SlipProblem:
    """A customer who got no slips, and why."""

    customer: CustomerId
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"Customer {self.customer} got no slips: {self.message}"


@frozen
class SlipRun:
    """What issuing came to: so many slips issued, replaced, cancelled; amounts by currency code."""

    on: date
    customers: int = 0
    issued: int = 0
    replaced: int = 0
    cancelled: int = 0
    amounts: Mapping[str, Money] = field(factory=dict)
    problems: tuple[SlipProblem, ...] = ()

    def __add__(self, other: SlipRun) -> SlipRun:
        """Return what both came to together."""
        return SlipRun(
            on=self.on,
            customers=self.customers + other.customers,
            issued=self.issued + other.issued,
            replaced=self.replaced + other.replaced,
            cancelled=self.cancelled + other.cancelled,
            amounts=sums_of((*self.amounts.values(), *other.amounts.values())),
            problems=self.problems + other.problems,
        )


def issue_slips(  # noqa: PLR0913 - each by its name
    desk: Desk,
    on: date,
    *,
    actor: Actor,
    customer: CustomerId | None = None,
    due_by: date | None = None,
    late: LateSource | None = None,
    watch: Callable[[SlipRun], object] | None = None,
) -> SlipRun:
    """Issue the slips that there should be on a day, of everybody who owes something or of one *customer*.

    Subscriptions that are left out of mass generation get theirs when the customer is named. Amounts due
    after *due_by* wait. *watch* sees what each slice came to once it is saved.

    Raises:
        NotFoundError: there is no such customer.
        InvalidValueError: *on* is no day.
        StorageError: the database failed; the slices that were done stay done.
    """
    actor.require(ISSUE)
    check_day(on)
    writing = begin(desk, actor)
    found = SlipRun(on)
    parts = _everybody(desk) if customer is None else iter([(customer,)])
    for part in parts:
        with desk.database.writing() as work:
            if customer is not None:
                work.customers.get(customer)
            its = accounts(work, part, by_hand=customer is not None, due_by=due_by, late=late)
            done = _issued(work, its, on, writing)
        found += done
        if watch is not None:
            watch(done)
    return found


def made_of(on: date, made: SlipsMade, customers: int, problems: Sequence[SlipProblem] = ()) -> SlipRun:
    """Return what was *made*, counted."""
    replaced = sum(successor is not None for successor in made.ended.values())
    return SlipRun(
        on=on,
        customers=customers,
        issued=len(made.issued),
        replaced=replaced,
        cancelled=len(made.ended) - replaced,
        amounts=sums_of(slip.amount for slip in made.issued),
        problems=tuple(problems),
    )


def _everybody(desk: Desk) -> Iterator[Sequence[CustomerId]]:
    """Yield everybody whose slips may not be what they should be, in slices."""
    after = CustomerId(0)
    while True:
        with desk.database.reading() as work:
            found = work.slips.to_look_at(after, _AT_ONCE)
        yield from (found[at : at + _SLICE] for at in range(0, len(found), _SLICE))
        if len(found) < _AT_ONCE:
            return
        after = found[-1]


def _issued(work: UnitOfWork, its: Sequence[SlipAccount], on: date, writing: Writing) -> SlipRun:
    found: list[tuple[SlipAccount, SlipChanges]] = []
    problems = []
    for account in its:
        try:
            changes = slip_changes(account.balances.values(), account.standing, on, account.wishes)
        except IspcoreError as error:
            problems.append(SlipProblem(account.customer, str(error)))
        else:
            found.append((account, changes))
    made = make(work, [one for one in found if not one[1].is_empty], on, stamp_of(writing))
    return made_of(on, made, len(its), problems)


def renew_slips(
    work: UnitOfWork, writing: Writing, customer: CustomerId, names: Iterable[ChargeId | None], on: date
) -> None:
    """Take the slips back that ask for the receivables *names*, or make them anew for what is left."""
    lowered = frozenset(names)
    (account,) = accounts(work, [customer])
    slips = [slip for slip in account.standing if not lowered.isdisjoint(slip.receivables)]
    on_them = {name: account.balances[name] for slip in slips for name in slip.receivables}
    changes = slip_changes(on_them.values(), slips, on, account.wishes)
    if not changes.is_empty:
        make(work, [(account, changes)], on, stamp_of(writing))


def stamp_of(writing: Writing) -> Stamp:
    """Return who writes a command down, when, and its name."""
    return Stamp(writing.desk.clock.now(), writing.actor.id, writing.command_id)


def check_day(on: object) -> None:
    """Refuse what is no day to issue slips on."""
    if type(on) is not date or not FIRST_DAY <= on <= LAST_DAY:
        raise InvalidValueError(
            f"{on!r} is no day to issue slips on.",
            hint=f"Give a datetime.date from {FIRST_DAY} to {LAST_DAY}.",
        )

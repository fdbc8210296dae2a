"""Close: bill every subscription up to a day. Preview: the same, without the save.

Customers are taken in slices, each its own transaction; what was done stays done when a run is killed, and
running again does the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing import Closing, EntryKind, Terms, close_customer, terms_of
from ispcore.errors import (
    ConcurrentChangeError,
    InvalidValueError,
    RefusedError,
    StorageError,
    UnbillableError,
)
from ispcore.usecases.desk import Desk, begin
from ispcore.values import FIRST_DAY, LAST_DAY, Money, add_months

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ispcore.billing import TermsSource
    from ispcore.catalog import Catalogue
    from ispcore.plans import Cycle
    from ispcore.timeline import Actor
    from ispcore.usecases.ports import SubscriptionRow, UnitOfWork
    from ispcore.values import CustomerId, SubscriptionId

CLOSE, PREVIEW = "billing.close", "billing.preview"
SLICE = 200
MONTHS_AHEAD = 36


@frozen
class Run:
    """What a run came to; amounts by currency code."""

    on: date
    customers: int = 0
    charges: int = 0
    credits: int = 0
    receivables: int = 0
    charged: Mapping[str, Money] = field(factory=dict)
    credited: Mapping[str, Money] = field(factory=dict)
    problems: tuple[UnbillableError, ...] = ()

    @property
    def issued_nothing(self) -> bool:
        """Whether there was no difference between what is owed and what was issued."""
        return self.charges == 0 and self.credits == 0


class _Tally:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.sums: dict[EntryKind, dict[str, Money]] = {EntryKind.CHARGE: {}, EntryKind.CREDIT: {}}
        self.problems: list[UnbillableError] = []

    def add(self, closing: Closing) -> None:
        self.counts["customers"] += 1
        self.counts["receivables"] += len(closing.receivables)
        self.problems += closing.problems
        for entry in closing.entries:
            self.counts[entry.kind.value] += 1
            sums, code = self.sums[entry.kind], entry.amount.currency.code
            sums[code] = sums[code] + entry.amount if code in sums else entry.amount

    def run(self, on: date) -> Run:
        return Run(
            on=on,
            customers=self.counts["customers"],
            charges=self.counts[EntryKind.CHARGE.value],
            credits=self.counts[EntryKind.CREDIT.value],
            receivables=self.counts["receivables"],
            charged=self.sums[EntryKind.CHARGE],
            credited=self.sums[EntryKind.CREDIT],
            problems=tuple(self.problems),
        )


def close(
    desk: Desk,
    on: date,
    *,
    actor: Actor,
    customer: CustomerId | None = None,
    watch: Callable[[Closing], object] | None = None,
) -> Run:
    """Bill every subscription, or those of one *customer*, up to *on* and return what that came to.

    *watch* sees each customer's closing once it is saved.

    Raises:
        NotFoundError: there is no such customer.
        RefusedError: the day is too far ahead.
    """
    actor.require(CLOSE)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        _check_day(desk, work.catalogue.current(), on)
        if customer is not None:
            work.customers.get(customer)
        work.ledger.begin_run(writing.command_id, on=on, at=desk.clock.now(), actor=actor.id)
    run = _tallied(_slices(desk, on, customer), watch).run(on)
    with desk.database.writing() as work:
        summary = {"customers": run.customers, "charges": run.charges, "credits": run.credits}
        summary |= {"receivables": run.receivables, "problems": len(run.problems)}
        work.ledger.finish_run(writing.command_id, at=desk.clock.now(), summary=summary)
    return run


def _tallied(closings: Iterable[Closing], watch: Callable[[Closing], object] | None) -> _Tally:
    """Count *closings* as they come; when the database fails, say how many are done already."""
    tally = _Tally()
    try:
        for closing in closings:
            tally.add(closing)
            if watch is not None:
                watch(closing)
    except StorageError as error:
        done = tally.counts["customers"]
        if not done:
            raise
        hint = f"The first {done} customers are done and stay so. Run it again: it goes on with the others."
        raise StorageError(error.message, hint=hint) from error
    return tally


def _slices(desk: Desk, on: date, only: CustomerId | None) -> Iterator[Closing]:
    after = 0
    while True:
        with desk.database.writing() as work:
            customers = work.customers.ids(after, SLICE) if only is None else (only,)
            closed = _saved(work, list(_closings(work, customers, on)), on)
        yield from closed
        if only is not None or not customers:
            return
        after = customers[-1]


def _saved(
    work: UnitOfWork, found: list[tuple[Closing, Sequence[SubscriptionRow]]], on: date
) -> list[Closing]:
    """Save a slice and return what was saved; when that clashes, the customers apart.

    A customer whose entries clash with what stands in the books becomes a problem, and nothing of it is
    saved.
    """
    try:
        with work.savepoint():
            work.ledger.save(found, on)
    except ConcurrentChangeError as error:
        if len(found) == 1:
            ((closing, _),) = found
            clashes = tuple(_clash(one.subscription, error) for one in closing.subscriptions if one.entries)
            return [Closing((), (), (*closing.problems, *clashes))]
        return [closing for one in found for closing in _saved(work, [one], on)]
    return [closing for closing, _ in found]


def _clash(subscription: SubscriptionId, error: ConcurrentChangeError) -> UnbillableError:
    message = f"Subscription {subscription} was not billed, its entries clash with the books: {error.message}"
    return UnbillableError(message, subscription=subscription, rule="key-conflict")


def preview(desk: Desk, on: date, *, actor: Actor, customer: CustomerId | None = None) -> Iterator[Closing]:
    """Return what :func:`close` would append, of one customer or of all, and save nothing.

    Raises:
        NotFoundError: there is no such customer.
        RefusedError: the day is too far ahead.
    """
    actor.require(PREVIEW)
    with desk.database.reading() as work:
        _check_day(desk, work.catalogue.current(), on)
        if customer is not None:
            work.customers.get(customer)
            return iter([closing for closing, _ in _closings(work, (customer,), on)])
    return _previews(desk, on)


def _previews(desk: Desk, on: date) -> Iterator[Closing]:
    after = 0
    while True:
        with desk.database.reading() as work:
            customers = work.customers.ids(after, SLICE)
            found = [closing for closing, _ in _closings(work, customers, on)]
        if not customers:
            return
        yield from found
        after = customers[-1]


def _closings(
    work: UnitOfWork, customers: tuple[CustomerId, ...], on: date
) -> Iterator[tuple[Closing, Sequence[SubscriptionRow]]]:
    catalogue = work.catalogue.current()
    terms = terms_from(catalogue)
    for account, rows in work.ledger.books(customers):
        yield close_customer(account, catalogue, terms, on), rows


def terms_from(catalogue: Catalogue) -> TermsSource:
    """Return a source of today's terms that reads *catalogue* once for each different question."""
    known: dict[tuple[Cycle, str, frozenset[str]], Terms] = {}

    def source(cycle: Cycle, policy: str, offers: frozenset[str]) -> Terms:
        question = (cycle, policy, offers)
        if question not in known:
            known[question] = terms_of(catalogue, cycle, policy, offers)
        return known[question]

    return source


def _check_day(desk: Desk, catalogue: Catalogue, on: date) -> None:
    if type(on) is not date or not FIRST_DAY <= on <= LAST_DAY:
        hint = f"Give a datetime.date from {FIRST_DAY} to {LAST_DAY}."
        raise InvalidValueError(f"{on!r} is no day to close on.", hint=hint)
    latest = add_months(desk.today_of(catalogue), MONTHS_AHEAD)
    if on > latest:
        raise RefusedError(
            f"A closing on {on} is more than {MONTHS_AHEAD} months ahead.",
            rule="too-far-ahead",
            hint=f"The latest day is {latest}.",
        )

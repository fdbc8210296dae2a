"""Close: bill every subscription up to a day. Preview: the same, without the save.

Customers are taken in slices, each its own transaction; what was done stays done when a run is killed, and
running again does the rest.
"""

from __future__ import annotations

from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING

from ispcore.errors import InvalidValueError, RefusedError, StorageError
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.rows import Slice
from ispcore.usecases.runs import Run
from ispcore.usecases.slices import SLICE, SliceCloser, closings, terms_from
from ispcore.values import FIRST_DAY, LAST_DAY, add_months

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from ispcore.billing import Closing
    from ispcore.catalog import Catalogue
    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.runs import RunRecord
    from ispcore.values import CustomerId

CLOSE, PREVIEW, RUNS = "billing.close", "billing.preview", "billing.runs"
MONTHS_AHEAD = 36


def close(
    desk: Desk,
    on: date,
    *,
    actor: Actor,
    customer: CustomerId | None = None,
    watch: Callable[[Run], object] | None = None,
) -> Run:
    """Bill every subscription, or those of one *customer*, up to *on* and return what that came to.

    A run of the same day that was not finished is gone on with. *watch* sees what each slice came to once it
    is saved.

    Raises:
        NotFoundError: there is no such customer.
        RefusedError: the day is too far ahead.
        StorageError: the database failed; the slices that were done stay done.
    """
    actor.require(CLOSE)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        check_day(desk, work.catalogue.current(), on)
        if customer is not None:
            work.customers.get(customer)
        at = desk.clock.now()
        run = work.ledger.begin_run(writing.command_id, on=on, at=at, actor=actor.id, customer=customer)
    parts = _slices(desk) if customer is None else iter([Slice(customer, customer, 1)])
    if desk.workers is None:
        closer = SliceCloser(desk.database)
        done: Generator[Run] = (closer.close(run, part, on) for part in parts)
    else:
        done = desk.workers.close(run, parts, on)
    # Closed here, since an error that is raised would keep it, and the work in it, alive.
    with closing(done):
        found = _added_up(on, done, watch)
    with desk.database.writing() as work:
        return work.ledger.finish_run(run, on=on, at=desk.clock.now(), customers=found.customers)


def runs(desk: Desk, *, actor: Actor) -> tuple[RunRecord, ...]:
    """Return the closings that were begun, the latest first."""
    actor.require(RUNS)
    with desk.database.reading() as work:
        return work.ledger.runs()


def _added_up(on: date, done: Iterable[Run], watch: Callable[[Run], object] | None) -> Run:
    """Add up slices as they come; when the database fails, say how many customers are done already."""
    found = Run(on)
    try:
        for part in done:
            found += part
            if watch is not None:
                watch(part)
    except StorageError as error:
        if not found.customers:
            raise
        kept = f"{found.customers} customers are done and stay so. Run it again: it goes on with the others."
        raise StorageError(error.message, hint=f"{error.hint} {kept}" if error.hint else kept) from error
    return found


def _slices(desk: Desk) -> Iterator[Slice]:
    after = 0
    while True:
        with desk.database.reading() as work:
            customers = work.customers.ids(after, SLICE)
        if not customers:
            return
        after = customers[-1]
        yield Slice(customers[0], after, len(customers))


def preview(desk: Desk, on: date, *, actor: Actor, customer: CustomerId | None = None) -> Iterator[Closing]:
    """Return what :func:`close` would append, of one customer or of all, and save nothing.

    Raises:
        NotFoundError: there is no such customer.
        RefusedError: the day is too far ahead.
    """
    actor.require(PREVIEW)
    with desk.database.reading() as work:
        check_day(desk, work.catalogue.current(), on)
        if customer is not None:
            work.customers.get(customer)
            return iter(_previewed(work, (customer,), on))
    return _previews(desk, on)


def _previews(desk: Desk, on: date) -> Iterator[Closing]:
    after = 0
    while True:
        with desk.database.reading() as work:
            customers = work.customers.ids(after, SLICE)
            found = _previewed(work, customers, on)
        if not customers:
            return
        yield from found
        after = customers[-1]


def _previewed(work: UnitOfWork, customers: tuple[CustomerId, ...], on: date) -> list[Closing]:
    catalogue = work.catalogue.current()
    return [closing for closing, _ in closings(work, customers, on, catalogue, terms_from(catalogue))]


def check_day(desk: Desk, catalogue: Catalogue, on: date) -> None:
    """Refuse a day that is none, or too far ahead to be closed."""
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

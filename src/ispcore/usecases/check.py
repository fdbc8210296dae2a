"""Check: what is stored follows from the facts, and what was issued from the timelines.

Snapshots are computed again, what is wanted of the network among them; closed cycles that no later fact
touches are computed again under their pinned terms. A difference is reported, never mended in silence.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import EntryKind, charges_of_cycle, closed_through
from ispcore.catalog import EntrySaved
from ispcore.errors import IspcoreError
from ispcore.plans.facts import Sold
from ispcore.timeline import Subject, SubjectKind
from ispcore.usecases.check_late import odd_about_late
from ispcore.usecases.check_money import wrong_money
from ispcore.usecases.check_network import stale_network
from ispcore.usecases.check_notices import stale_notices

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import datetime

    from ispcore.billing import Books, Charge, ChargeKey, CustomerBooks, Receivable, ReceivableBalance
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId, ItemId, Money, SubscriptionId

PERMISSION = "billing.check"


@frozen
class Finding:
    """Something stored that does not follow: the subject, the rule, and what was found."""

    subject: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Say it in one line."""
        return f"{self.subject}: {self.message} [{self.rule}]"


def check(
    desk: Desk, *, actor: Actor, watch: Callable[[CustomerId], object] | None = None
) -> Iterator[Finding]:
    """Return everything that does not follow from the facts, customer by customer."""
    actor.require(PERMISSION)
    return _findings(desk, watch)


def _findings(desk: Desk, watch: Callable[[CustomerId], object] | None) -> Iterator[Finding]:
    with desk.database.reading() as work:
        found = list(_check_catalogue(work))
    yield from found
    after = 0
    while True:
        with desk.database.reading() as work:
            customers = work.customers.ids(after, 200)
            now = desk.clock.now()
            found = [one for customer in customers for one in _check_customer(work, customer, now, watch)]
        yield from found
        if not customers:
            return
        after = customers[-1]


def _check_catalogue(work: UnitOfWork) -> Iterator[Finding]:
    """Yield the entries of the catalogue that are not what their last fact says."""
    stored = {"/".join(key): dict(entry.document) for key, entry in work.catalogue.entries().items()}
    for name in sorted({*stored, *work.facts.subjects(SubjectKind.CATALOG)}):
        facts = work.facts.of(Subject(SubjectKind.CATALOG, name))
        last = facts[-1].payload if facts else None
        said = dict(last.document) if isinstance(last, EntrySaved) else None
        if said != stored.get(name):
            yield Finding(f"catalogue entry {name}", "snapshot", "it is not what its last fact says")


def _check_customer(
    work: UnitOfWork, customer: CustomerId, now: datetime, watch: Callable[[CustomerId], object] | None
) -> Iterator[Finding]:
    if watch is not None:
        watch(customer)
    try:
        yield from _snapshot(f"customer {customer}", work.customers.stale(work.customers.state(customer)))
        account = work.ledger.whole_books(customer)
    except IspcoreError as error:
        yield Finding(f"customer {customer}", "unreadable", str(error))
        return
    for problem in account.problems:
        yield Finding(f"subscription {problem.subscription}", problem.rule, str(problem))
    for books in account.books:
        name = f"subscription {books.subscription}"
        yield from _snapshot(name, work.subscriptions.stale(books.timeline))
        yield from _closed_through(name, books)
        yield from _issued(name, books)
    try:
        yield from _settled(work, account)
        yield from [Finding(*odd) for odd in odd_about_late(work, customer)]
    except IspcoreError as error:
        yield Finding(f"customer {customer}", "unreadable", str(error))
    yield from [Finding(*stale) for stale in work.slips.stale(customer)]
    for contract in work.contracts.of_customer(customer):
        yield from _snapshot(f"contract {contract.number}", work.contracts.stale(contract.state))
    timelines = [books.timeline for books in account.books]
    numbers = {timeline.last.id for timeline in timelines}
    try:
        yield from [Finding(*stale) for stale in stale_network(work, timelines, now)]
        yield from [Finding(*stale) for stale in stale_notices(work, customer, numbers)]
    except IspcoreError as error:
        yield Finding(f"customer {customer}", "unreadable", str(error))


def _snapshot(name: str, stale: Mapping[str, tuple[object, object]]) -> Iterator[Finding]:
    for column, (stored, wanted) in stale.items():
        yield Finding(name, "snapshot", f"{column} is {stored!r}, the facts say {wanted!r}")


def _closed_through(name: str, books: Books) -> Iterator[Finding]:
    reached = closed_through(books.timeline, set(books.closed) - set(books.partly), None)
    if books.closed_through != reached:
        yield Finding(name, "snapshot", f"closed_through is {books.closed_through}, its cycles say {reached}")


def _issued(name: str, books: Books) -> Iterator[Finding]:
    known = {key.cycle for key in books.issued}
    for cycle in sorted(known - set(books.closed)):
        yield Finding(name, "unpinned", f"{cycle} was billed, but not closed")
    for cycle, terms in sorted(books.closed.items()):
        if books.dirty_from is not None and books.dirty_from < cycle.period.end:
            continue
        try:
            desired = {one.key: one.amount for one in charges_of_cycle(books.timeline, terms, cycle)}
        except IspcoreError as error:
            yield Finding(name, "unbillable", f"{cycle}: {error}")
            continue
        issued = {key: issued.net for key, issued in books.issued.items() if key.cycle == cycle}
        yield from _differences(name, desired, issued)


def _differences(
    name: str, desired: Mapping[ChargeKey, Money], issued: Mapping[ChargeKey, Money]
) -> Iterator[Finding]:
    for key in {**desired, **issued}:
        want, have = desired.get(key), issued.get(key)
        if want != have and any(amount.minor for amount in (want, have) if amount is not None):
            yield Finding(name, "issued", f"{key} was issued as {have}, the timeline owes {want}")


def _settled(work: UnitOfWork, account: CustomerBooks) -> Iterator[Finding]:
    receivables = work.ledger.receivables(account.customer)
    charges = [charge for books in account.books for charge in work.ledger.charges(books.subscription)]
    yield from _receivables(receivables, charges, account)
    yield from (Finding(*wrong) for wrong in wrong_money(work, account, charges))


def _receivables(
    receivables: Iterable[ReceivableBalance], charges: Iterable[Charge], account: CustomerBooks
) -> Iterator[Finding]:
    known = {books.subscription for books in account.books}
    yield from _sales(charges, account)
    asked = (one for one in charges if one.kind is not EntryKind.CREDIT and not one.amount.is_zero)
    due = {charge.id: charge for charge in asked}
    for one in receivables:
        receivable = one.receivable
        name, charge = f"receivable {receivable.id}", due.pop(receivable.id, None)
        if one.open.minor < 0:
            yield Finding(name, "over-settled", f"{-one.open} too much")
        if receivable.key.subscription in known and _booking(receivable) != _booking(charge):
            yield Finding(name, "receivable", "it is not what its charge says")
    for charge in due.values():
        yield Finding(f"charge {charge.id}", "receivable", f"nobody was asked for its {charge.amount}")


def _sales(charges: Iterable[Charge], account: CustomerBooks) -> Iterator[Finding]:
    """Yield the sales that were recorded and of which something else was asked for."""
    raised: Counter[tuple[SubscriptionId, ItemId]] = Counter()
    for charge in charges:
        if charge.kind is EntryKind.RAISED:
            raised[charge.key.subscription, charge.key.item] += charge.amount.minor
    for books in account.books:
        for fact in books.timeline.recorded:
            if isinstance(fact.payload, Sold):
                sale, name = fact.payload.sale, f"subscription {books.subscription}"
                asked = raised[books.subscription, sale.item]
                if asked != sale.amount.minor:
                    yield Finding(name, "sold", f"{asked} minor units were asked for {fact}")


def _booking(entry: Receivable | Charge | None) -> tuple[object, ...]:
    """Return what a receivable takes over from its charge."""
    if entry is None:
        return ()
    return entry.key, entry.customer, entry.amount, entry.description, entry.target, entry.issued_on

"""What a closing needs of customers, read in bulk: a fixed number of queries, however many they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ispcore.billing import (
    Books,
    ChargeKey,
    CustomerBooks,
    EntryKind,
    Holder,
    Issued,
    SourceKind,
    Terms,
)
from ispcore.errors import IspcoreError, NotFoundError, StorageError, UnbillableError
from ispcore.plans import fold
from ispcore.storage import rows as r
from ispcore.storage.bulk import among
from ispcore.storage.converters import digest_of, from_plain, whole
from ispcore.storage.failures import told_as_damage
from ispcore.storage.owed import Owed, owed_by
from ispcore.storage.prepared import Prepared
from ispcore.storage.tables import allocations, charges, closings, subscriptions, terms
from ispcore.timeline import SubjectKind
from ispcore.values import CustomerId, Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from ispcore.plans import Cycle, Timeline
    from ispcore.storage.facts import FactStore
    from ispcore.storage.subscriptions import SubscriptionStore
    from ispcore.timeline import Fact
    from ispcore.usecases.rows import SubscriptionRow

_KIND = allocations.c.source_kind


def _words(*kinds: SourceKind) -> list[sa.ColumnElement[str]]:
    """Return kinds as the texts that an index and a prepared statement need."""
    return [sa.literal_column(f"'{kind.value}'", sa.String) for kind in kinds]


_TAKEN = _words(SourceKind.BALANCE, SourceKind.REVERSAL, SourceKind.REFUND)
_OF_BALANCE = _words(SourceKind.BALANCE, SourceKind.RETURN)


def moves_balance() -> sa.ColumnElement[bool]:
    """Return the condition for allocations that change a balance; an index holds only those."""
    return sa.or_(allocations.c.receivable_id.is_(None), _KIND.in_(_OF_BALANCE))


_BY_BALANCE = sa.case(
    (sa.not_(moves_balance()), 0), (_KIND.in_(_TAKEN), -allocations.c.amount), else_=allocations.c.amount
)


_WITH_BALANCE = Prepared(
    sa.select(allocations.c.customer_id)
    .where(allocations.c.customer_id.between(sa.bindparam("first"), sa.bindparam("last")), moves_balance())
    .group_by(allocations.c.customer_id, allocations.c.company, allocations.c.currency)
    .having(sa.func.sum(_BY_BALANCE) > 0)
    .distinct()
)


class _Closed(NamedTuple):
    """Closed cycles by subscription: the names of their terms, and how far those billed in part are."""

    terms: dict[SubscriptionId, dict[Cycle, str]]
    partly: dict[SubscriptionId, dict[Cycle, date]]


class _Read(NamedTuple):
    """What is kept of some customers and their subscriptions, by their numbers."""

    rows: list[SubscriptionRow]
    facts: Mapping[str, tuple[Fact[Any], ...] | StorageError]
    closed: _Closed
    issued: Mapping[SubscriptionId, dict[ChargeKey, Issued]]
    balances: Mapping[CustomerId, dict[Holder, int]]
    owed: Owed


class BookReader:
    """Reads customers' books."""

    def __init__(self, connection: sa.Connection, facts: FactStore, subscriptions: SubscriptionStore) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._facts = facts
        self._subscriptions = subscriptions
        self._documents: dict[str, Any] = {}
        self._terms: dict[str, Terms] = {}

    def books(
        self, customers: Sequence[CustomerId], *, everything: bool
    ) -> Iterator[tuple[CustomerBooks, list[SubscriptionRow]]]:
        """Yield customers' books with the rows of their subscriptions.

        Without *everything*, closed cycles and what was issued are read of dirty subscriptions only, and open
        receivables only of customers with a balance or such a subscription: no other has what settles them.
        """
        try:
            read = self._read(customers, everything=everything)
        except StorageError:
            # A column that holds no value of its type fails the whole read.
            yield from self._apart(customers, everything=everything)
            return
        by_customer: dict[CustomerId, list[SubscriptionRow]] = defaultdict(list)
        for row in read.rows:
            by_customer[row.customer].append(row)
        for customer in customers:
            yield self._account(customer, by_customer[customer], read)

    def _read(
        self,
        customers: Sequence[CustomerId],
        only: Sequence[SubscriptionId] | None = None,
        *,
        everything: bool,
    ) -> _Read:
        """Read what is kept of *customers* and their subscriptions, or of these alone.

        Raises:
            StorageError: something is damaged.
        """
        these = among(self._connection, subscriptions.c.customer_id, customers)
        with told_as_damage():
            rows = self._subscriptions.rows(these if only is None else these & subscriptions.c.id.in_(only))
            for row in rows:
                whole(row.version)
            facts = self._facts.readable(SubjectKind.SUBSCRIPTION, [str(row.id) for row in rows])
            ids = [row.id for row in rows if everything or row.dirty_from is not None]
            closed, issued = self._closed(ids), self._issued(ids)
            balances = self.balances(customers)
            credited = {row.customer for row in rows if row.dirty_from is not None}
            holders = customers if everything else sorted(balances.keys() | credited)
            return _Read(rows, facts, closed, issued, balances, owed_by(self._connection, holders, only))

    def _account(
        self,
        customer: CustomerId,
        rows: list[SubscriptionRow],
        read: _Read,
        damaged: Sequence[UnbillableError] = (),
    ) -> tuple[CustomerBooks, list[SubscriptionRow]]:
        books, problems = [], [*damaged]
        for row in rows:
            try:
                kept = Books(
                    timeline=_folded(row, read.facts.get(str(row.id), ())),
                    closed_through=row.closed_through,
                    dirty_from=row.dirty_from,
                    closed=self._with_terms(row, read.closed.terms.get(row.id, {})),
                    issued=read.issued.get(row.id, {}),
                    partly=read.closed.partly.get(row.id, {}),
                )
            except UnbillableError as problem:
                problems.append(problem)
            else:
                books.append(kept)
        owed = read.owed
        mine = tuple(owed.open[customer])
        account = CustomerBooks(
            customer=customer,
            books=tuple(books),
            open=mine,
            balances=read.balances[customer],
            problems=tuple(problems),
            reopened={one.id: owed.reopened[one.id] for one, _ in mine if one.id in owed.reopened},
            let_go={one.id: owed.let_go[one.id] for one, _ in mine if one.id in owed.let_go},
        )
        return account, rows

    def _apart(
        self, customers: Sequence[CustomerId], *, everything: bool
    ) -> Iterator[tuple[CustomerBooks, list[SubscriptionRow]]]:
        """Yield the books of customers with something damaged among them: by halves, so that it is found."""
        middle = len(customers) // 2
        if middle:
            yield from self.books(customers[:middle], everything=everything)
            yield from self.books(customers[middle:], everything=everything)
            return
        readable, damaged = [], []
        for number in self._subscriptions.numbers(customers[0]):
            try:
                self._read(customers, [number], everything=everything)
            except StorageError as error:
                damaged.append(_unreadable(number, error))
            else:
                readable.append(number)
        if readable:
            read = self._read(customers, readable, everything=everything)
            yield self._account(customers[0], read.rows, read, damaged)
        else:
            yield CustomerBooks(customers[0], (), problems=tuple(damaged)), []

    def _with_terms(self, row: SubscriptionRow, closed: Mapping[Cycle, str]) -> dict[Cycle, Terms]:
        try:
            return {cycle: self._pinned(name) for cycle, name in closed.items()}
        except StorageError as error:
            raise _unreadable(row.id, error) from error

    def _closed(self, ids: Sequence[SubscriptionId]) -> _Closed:
        """Return the closed cycles, and have the terms that they are pinned to at hand."""
        found = _Closed(defaultdict(dict), defaultdict(dict))
        if not ids:
            return found
        wanted = sa.select(closings).where(closings.c.subscription_id.in_(ids))
        for row in self._connection.execute(wanted).all():
            cycle = r.cycle_of(row)
            found.terms[row.subscription_id][cycle] = row.terms_id
            if row.billed_through is not None:
                found.partly[row.subscription_id][cycle] = row.billed_through
        used = {name for cycles in found.terms.values() for name in cycles.values()}
        stored = sa.select(terms.c.id, terms.c.document).where(terms.c.id.in_(used - set(self._terms)))
        self._documents.update((row.id, row.document) for row in self._connection.execute(stored))
        return found

    def _pinned(self, name: str) -> Terms:
        if name not in self._terms:
            plain = self._documents.get(name)
            if digest_of(plain) != name:
                raise StorageError(
                    "Pinned terms were changed after they were pinned.", hint="Restore a backup."
                )
            self._terms[name] = from_plain(plain, Terms)
        return self._terms[name]

    def _issued(self, ids: Sequence[SubscriptionId]) -> dict[SubscriptionId, dict[ChargeKey, Issued]]:
        found: dict[SubscriptionId, dict[ChargeKey, Issued]] = defaultdict(dict)
        if not ids:
            return found
        computed = charges.c.subscription_id.in_(ids) & (charges.c.kind != EntryKind.RAISED.value)
        wanted = sa.select(charges).where(computed).order_by(charges.c.fact)
        for row in self._connection.execute(wanted).all():
            entry = r.charge_of(row)
            before = found[row.subscription_id].get(entry.key)
            net = entry.signed_minor + (before.net.minor if before else 0)
            issued = Issued(Money(net, entry.amount.currency), entry.description, entry.target)
            found[row.subscription_id][entry.key] = issued
        return found

    def balances(self, customers: Sequence[CustomerId]) -> dict[CustomerId, dict[Holder, int]]:
        """Return the balances that are not zero, in minor units."""
        columns = (allocations.c.customer_id, allocations.c.company, allocations.c.currency)
        balance = sa.func.sum(_BY_BALANCE)
        wanted = sa.select(*columns, balance.label("balance")).where(
            among(self._connection, allocations.c.customer_id, customers)
        )
        found: dict[CustomerId, dict[Holder, int]] = defaultdict(dict)
        for row in self._connection.execute(wanted.group_by(*columns).having(balance != 0)):
            found[row.customer_id][r.holder_of(row)] = int(row.balance)
        return found

    def with_balance(self, first: CustomerId, last: CustomerId) -> list[CustomerId]:
        """Return the customers from *first* to *last* with money to their credit in a balance."""
        found = _WITH_BALANCE.rows(self._connection, {"first": first, "last": last})
        return [CustomerId(number) for (number,) in found]

    def pinned(self, subscription: SubscriptionId, cycle: Cycle) -> Terms:
        """Return the terms that a closed cycle is pinned to, or raise NotFoundError."""
        found = self._closed([subscription]).terms[subscription]
        if cycle not in found:
            raise NotFoundError("closed cycle", str(cycle))
        return self._pinned(found[cycle])


def _folded(row: SubscriptionRow, recorded: tuple[Fact[Any], ...] | StorageError) -> Timeline:
    """Return the timeline of a subscription.

    Raises:
        UnbillableError: a fact is damaged, or the facts contradict each other.
    """
    if isinstance(recorded, StorageError):
        raise _unreadable(row.id, recorded)
    try:
        return fold(recorded)
    except (IspcoreError, ArithmeticError, ValueError) as error:
        raise UnbillableError(
            f"Subscription {row.id} cannot be billed, its facts contradict each other: {error}",
            subscription=row.id,
            rule=getattr(error, "rule", "contradiction"),
            facts=[fact.id for fact in recorded],
        ) from error


def _unreadable(subscription: SubscriptionId, error: StorageError) -> UnbillableError:
    problem = UnbillableError(
        f"Subscription {subscription} cannot be billed: {error}", subscription=subscription, rule="unreadable"
    )
    problem.__cause__ = error
    return problem

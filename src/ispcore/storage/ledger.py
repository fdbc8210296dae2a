"""The books in the database: entries, payments, what was put where, and the runs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import evolve

from ispcore.billing import Charge, CustomerBooks, Holder, Payment, ReceivableBalance, SourceKind
from ispcore.errors import NotFoundError, RefusedError
from ispcore.storage import rows as r
from ispcore.storage.accounts import put_to
from ispcore.storage.books import BookReader
from ispcore.storage.closings import ClosingWriter
from ispcore.storage.locks import RUNS, lock, needs_turns
from ispcore.storage.tables import allocations, charges, payments, receivables, run_slices, runs
from ispcore.usecases.runs import Run, RunRecord
from ispcore.values import ChargeId, Currency, CustomerId, Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime

    from ispcore.billing import Allocation, Closing, Profile, Terms
    from ispcore.plans import Cycle
    from ispcore.storage.facts import FactStore
    from ispcore.storage.subscriptions import SubscriptionStore
    from ispcore.storage.turns import NoTurns
    from ispcore.usecases.rows import DueRow, QuietGroup, SubscriptionRow


class LedgerStore:
    """Charges, receivables, payments, allocations and closed cycles."""

    def __init__(
        self,
        connection: sa.Connection,
        facts: FactStore,
        subscriptions: SubscriptionStore,
        turns: NoTurns,
    ) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._subscriptions = subscriptions
        self._turns = turns
        self._reader = BookReader(connection, facts, subscriptions)
        self._writer = ClosingWriter(connection, subscriptions)

    def books(self, customers: Sequence[CustomerId]) -> Iterator[tuple[CustomerBooks, list[SubscriptionRow]]]:
        """Yield what a closing needs of these customers, read in bulk."""
        self._turns.customers(customers)
        return self._reader.books(customers, everything=False)

    def whole_books(self, customer: CustomerId) -> CustomerBooks:
        """Return a customer's books with every closed cycle and everything issued."""
        ((account, _),) = self._reader.books([customer], everything=True)
        return account

    def save(self, found: Sequence[tuple[Closing, Sequence[SubscriptionRow]]], on: date) -> None:
        """Append what closings of some customers found, or raise ConcurrentChangeError."""
        self._writer.save(found, on)

    def pinned(self, subscription: SubscriptionId, cycle: Cycle) -> Terms:
        """Return the terms that a closed cycle is pinned to, or raise NotFoundError."""
        return self._reader.pinned(subscription, cycle)

    def record_payment(
        self, payment: Payment, put: Iterable[Allocation], *, at: datetime, actor: str, command_id: str
    ) -> None:
        """Append a payment and where it goes, or raise RefusedError when the provider named one so before."""
        row = {
            "id": payment.id,
            "customer_id": payment.customer,
            "company": payment.company,
            "amount": payment.amount.minor,
            "currency": payment.amount.currency.code,
            "paid_on": payment.paid_on,
            "provider": payment.provider,
            "provider_id": payment.provider_id,
            "recorded_at": at,
            "actor": actor,
            "command_id": command_id,
        }
        try:
            self._connection.execute(sa.insert(payments), row)
        except sa.exc.IntegrityError as error:
            name = f"{payment.provider} {payment.provider_id!r}"
            raise RefusedError(f"The payment {name} was recorded before.", rule="payment-twice") from error
        put_to(self._connection, list(put))

    def due(self, first: CustomerId, last: CustomerId, on: date) -> Sequence[DueRow]:
        """Return the subscriptions of the customers from *first* to *last* that a closing must look at."""
        due = self._subscriptions.due(first, last, on)
        if not due:
            return due
        # Read again when those who were writing are done.
        self._turns.customers_between(first, last)
        return self._subscriptions.due(first, last, on) if needs_turns(self._connection) else due

    def with_balance(self, first: CustomerId, last: CustomerId) -> Iterable[CustomerId]:
        """Return the customers from *first* to *last* whose balance a closing may use up."""
        return self._reader.with_balance(first, last)

    def profiles(self, names: Iterable[str]) -> Mapping[str, Profile]:
        """Return what quiet subscriptions are billed by."""
        return self._subscriptions.profiles(names)

    def save_quiet(self, found: Sequence[QuietGroup], on: date) -> None:
        """Append what a closing found for quiet subscriptions, or raise ConcurrentChangeError."""
        self._writer.save_quiet(found, on)

    def begin_run(self, run: str, *, on: date, at: datetime, actor: str, customer: CustomerId | None) -> str:
        """Note that a closing begins, and return its name: that of one which was not finished, if any."""
        lock(self._connection, RUNS)
        same = (runs.c.closed_on == on) & runs.c.finished_at.is_(None)
        same &= runs.c.customer_id.is_(None) if customer is None else runs.c.customer_id == customer
        unfinished = sa.select(runs.c.id).where(same).order_by(runs.c.started_at.desc()).limit(1)
        found = self._connection.scalar(unfinished)
        if found is not None:
            return str(found)
        row = {"id": run, "closed_on": on, "started_at": at, "actor": actor, "customer_id": customer}
        self._connection.execute(sa.insert(runs), row)
        return run

    def add_slice(self, run: str, first: CustomerId, last: CustomerId, found: Run) -> Run:
        """Add what a slice of a closing found to what it came to before, and return the whole."""
        same = (run_slices.c.run_id == run) & (run_slices.c.first_customer == first)
        before = self._connection.scalar(sa.select(run_slices.c.summary).where(same))
        if before is None:
            if found != Run(found.on):
                row = {"run_id": run, "first_customer": first, "last_customer": last}
                self._connection.execute(sa.insert(run_slices), {**row, "summary": found.summary})
            return found
        # The problems are those of the last attempt.
        total = evolve(Run.of_summary(found.on, {**before, "problems": []}) + found, problems=found.problems)
        if total.summary != before:
            self._connection.execute(sa.update(run_slices).where(same).values(summary=total.summary))
        return total

    def runs(self) -> tuple[RunRecord, ...]:
        """Return the closings that were begun, the latest first."""
        slices: dict[str, list[Run]] = defaultdict(list)
        begun = self._connection.execute(sa.select(runs).order_by(runs.c.started_at.desc())).all()
        days = {row.id: row.closed_on for row in begun if row.finished_at is None}
        parts = sa.select(run_slices).where(run_slices.c.run_id.in_(list(days)))
        for row in self._connection.execute(parts):
            slices[row.run_id].append(Run.of_summary(days[row.run_id], row.summary))
        return tuple(_record(row, slices[row.id]) for row in begun)

    def finish_run(self, run: str, *, on: date, at: datetime, customers: int) -> Run:
        """Note that a closing of so many customers is finished, and return what all its slices came to.

        It is read from the slices, since others may have closed some of them for the same run.
        """
        lock(self._connection, RUNS)
        parts = sa.select(run_slices.c.summary).where(run_slices.c.run_id == run)
        summaries = self._connection.scalars(parts.order_by(run_slices.c.first_customer))
        found = sum((Run.of_summary(on, summary) for summary in summaries), Run(on))
        found = evolve(found, customers=customers)
        done = sa.update(runs).where(runs.c.id == run).values(finished_at=at, summary=found.summary)
        self._connection.execute(done)
        return found

    # Looking things up

    def charge(self, charge: ChargeId) -> Charge:
        """Return an entry, or raise NotFoundError."""
        row = self._connection.execute(sa.select(charges).where(charges.c.id == charge)).one_or_none()
        if row is None:
            raise NotFoundError("charge", charge, hint="The customer's overview lists the charges.")
        return r.charge_of(row)

    def charges(self, subscription: SubscriptionId) -> tuple[Charge, ...]:
        """Return a subscription's entries in the order of their cycles, and of their issue."""
        wanted = sa.select(charges).where(charges.c.subscription_id == subscription)
        rows = self._connection.execute(wanted).all()
        # Sorted here, as what follows: each database has an order of texts of its own.
        ordered = sorted(
            rows, key=lambda row: (row.cycle_start, row.fact, row.item, row.line, row.issued_on, row.id)
        )
        return tuple(r.charge_of(row) for row in ordered)

    def receivables(self, customer: CustomerId) -> tuple[ReceivableBalance, ...]:
        """Return a customer's receivables with what was put to them, the first due first."""
        put: dict[str, dict[SourceKind, int]] = defaultdict(lambda: defaultdict(int))
        mine = sa.select(allocations).where(allocations.c.customer_id == customer)
        for row in self._connection.execute(mine):
            put[row.receivable_id][SourceKind(row.source_kind)] += row.amount
        wanted = sa.select(receivables).where(receivables.c.customer_id == customer)
        found = [r.receivable_of(row) for row in self._connection.execute(wanted)]
        found.sort(key=lambda one: (one.due_on, one.id))
        return tuple(ReceivableBalance.of(one, put.get(one.id, {})) for one in found)

    def balances(self, customer: CustomerId) -> Mapping[Holder, Money]:
        """Return a customer's balances that are not zero."""
        found = self._reader.balances([customer])[customer]
        return {holder: Money(minor, Currency.of(holder.currency)) for holder, minor in found.items()}

    def payments(self, customer: CustomerId) -> tuple[Payment, ...]:
        """Return a customer's payments, the oldest first."""
        wanted = sa.select(payments).where(payments.c.customer_id == customer)
        rows = self._connection.execute(wanted).all()
        return tuple(r.payment_of(row) for row in sorted(rows, key=lambda row: (row.recorded_at, row.id)))

    def allocations(self, customer: CustomerId) -> tuple[Allocation, ...]:
        """Return what was put to a customer's receivables and balances."""
        wanted = sa.select(allocations).where(allocations.c.customer_id == customer)
        rows = self._connection.execute(wanted).all()
        ordered = sorted(rows, key=lambda row: (row.allocated_on, row.source, row.target))
        return tuple(r.allocation_of(row) for row in ordered)

    def payment(self, provider: str, provider_id: str) -> Payment | None:
        """Return the payment that the provider names so, if it was recorded."""
        same = (payments.c.provider == provider) & (payments.c.provider_id == provider_id)
        row = self._connection.execute(sa.select(payments).where(same)).one_or_none()
        return r.payment_of(row) if row is not None else None


def _record(row: sa.Row[Any], slices: Iterable[Run]) -> RunRecord:
    whole = row.summary is not None and "charged" in row.summary
    found = Run.of_summary(row.closed_on, row.summary) if whole else sum(slices, Run(row.closed_on))
    customer = CustomerId(row.customer_id) if row.customer_id is not None else None
    return RunRecord(row.id, row.closed_on, row.actor, row.started_at, row.finished_at, found, customer)

"""Payments by their ids, who settled what and why, and payments that wait for a person."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.billing import ReceivableBalance, SourceKind
from ispcore.customers import ERASED
from ispcore.errors import NotFoundError, RefusedError
from ispcore.storage import rows as r
from ispcore.storage.books import moves_balance
from ispcore.storage.bulk import among
from ispcore.storage.numbers import MOST
from ispcore.storage.payment_tables import parked_payments, settlements
from ispcore.storage.tables import allocations, payments, receivables, subscriptions
from ispcore.storage.upsert import insert_or
from ispcore.usecases.payment_stores import ParkedPayment, ParkedState, Settlement, Sold
from ispcore.values import CustomerId, PaymentId, SlipId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ispcore.billing import Allocation, Holder, Payment, Receivable
    from ispcore.values import ChargeId


class PaymentStore:
    """Payments by their ids, and what is beside them."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def get(self, payment: PaymentId) -> Payment | None:
        """Return a payment."""
        row = self._connection.execute(sa.select(payments).where(payments.c.id == payment)).one_or_none()
        return r.payment_of(row) if row is not None else None

    def receivables(self, ids: Sequence[ChargeId]) -> Mapping[ChargeId, ReceivableBalance]:
        """Return those of the receivables that there are, with what became of each."""
        wanted = sa.select(receivables).where(among(self._connection, receivables.c.id, ids))
        found = [r.receivable_of(row) for row in self._connection.execute(wanted)] if ids else []
        put = self.put_to([one.id for one in found])
        balances = {}
        for one in found:
            settled: dict[SourceKind, int] = defaultdict(int)
            for each in put.get(one.id, ()):
                settled[each.source_kind] += each.amount.minor
            balances[one.id] = ReceivableBalance.of(one, settled)
        return balances

    def about(self, ids: Sequence[ChargeId]) -> Mapping[ChargeId, tuple[Receivable, ...]]:
        """Return the fines and interest that were raised about each of these receivables."""
        wanted = sa.select(receivables).where(among(self._connection, receivables.c.about, ids))
        found: dict[ChargeId, list[Receivable]] = defaultdict(list)
        for row in self._connection.execute(wanted) if ids else ():
            one = r.receivable_of(row)
            if one.about is not None:
                found[one.about].append(one)
        return {name: tuple(some) for name, some in found.items()}

    def put_to(self, ids: Sequence[ChargeId]) -> Mapping[ChargeId, tuple[Allocation, ...]]:
        """Return everything that was put to each of these receivables."""
        wanted = sa.select(allocations).where(among(self._connection, allocations.c.receivable_id, ids))
        found: dict[ChargeId, list[Allocation]] = defaultdict(list)
        for one in map(r.allocation_of, self._connection.execute(wanted) if ids else ()):
            if one.receivable is not None:
                found[one.receivable].append(one)
        return {name: tuple(some) for name, some in found.items()}

    def put_by(self, kind: SourceKind, source: str) -> tuple[Allocation, ...]:
        """Return where a source went."""
        same = (allocations.c.source_kind == kind.value) & (allocations.c.source == source)
        rows = self._connection.execute(sa.select(allocations).where(same)).all()
        return tuple(r.allocation_of(row) for row in sorted(rows, key=lambda row: str(row.target)))

    def moves(self, holder: Holder) -> tuple[Allocation, ...]:
        """Return everything that ever moved a holder's balance."""
        mine = allocations.c.customer_id == holder.customer
        mine &= (allocations.c.company == holder.company) & (allocations.c.currency == holder.currency)
        wanted = sa.select(allocations).where(mine, moves_balance())
        return tuple(r.allocation_of(row) for row in self._connection.execute(wanted))

    def sold(self, ids: Collection[SubscriptionId]) -> Mapping[SubscriptionId, Sold]:
        """Return plan and business unit of these subscriptions."""
        columns = (subscriptions.c.id, subscriptions.c.plan, subscriptions.c.unit)
        wanted = sa.select(*columns).where(among(self._connection, subscriptions.c.id, sorted(ids)))
        return {SubscriptionId(row.id): Sold(row.plan, row.unit) for row in self._connection.execute(wanted)}

    def any_of(self, customer: CustomerId, company: str) -> Receivable | None:
        """Return the latest receivable of a customer and company, whatever became of it."""
        mine = (receivables.c.customer_id == customer) & (receivables.c.company == company)
        rows = self._connection.execute(sa.select(receivables).where(mine)).all()
        found = max(rows, key=lambda row: (row.issued_on, row.id), default=None)
        return r.receivable_of(found) if found is not None else None

    def note(self, settlement: Settlement) -> None:
        """Keep who settled what, or raise RefusedError where the payment was taken back before."""
        try:
            self._connection.execute(sa.insert(settlements), _settlement_row(settlement))
        except sa.exc.IntegrityError as error:
            message = f"The payment {settlement.payment} was taken back before."
            raise RefusedError(message, rule="reversed") from error

    def settlements(self, customer: CustomerId) -> tuple[Settlement, ...]:
        """Return what persons did about a customer's debts and balances, the oldest first."""
        wanted = sa.select(settlements).where(settlements.c.customer_id == customer)
        found = [_settlement_of(row) for row in self._connection.execute(wanted)]
        return tuple(sorted(found, key=lambda one: (one.at, one.id)))

    def erase_reasons(self, customer: CustomerId) -> int:
        """Erase why persons did something about a customer's debts and balances; return how many reasons.

        So is who agreed to owe what moved to the customer.
        """
        theirs = settlements.c.customer_id == customer
        agreed = settlements.c.reason.like(f"moved to customer {customer}, agreed by %")
        said = (theirs | agreed) & (settlements.c.reason != ERASED)
        return self._connection.execute(sa.update(settlements).where(said).values(reason=ERASED)).rowcount

    def park(self, parked: ParkedPayment) -> ParkedPayment:
        """Keep a payment that could not be recorded, and return the one that is kept under these words."""
        new = insert_or(self._connection, parked_payments).on_conflict_do_nothing(index_elements=["notice"])
        self._connection.execute(new, _parked_row(parked))
        kept = self.parked_as(parked.notice)
        return parked if kept is None else kept

    def parked(self, number: int) -> ParkedPayment:
        """Return a parked payment, waiting for others who resolve it, or raise NotFoundError."""
        wanted = sa.select(parked_payments).where(parked_payments.c.number == min(number, MOST))
        row = self._connection.execute(wanted.with_for_update()).one_or_none()
        if row is None or row.number != number:
            raise NotFoundError("parked payment", number, hint="List them with 'ispcore pay parked'.")
        return _parked_of(row)

    def parked_as(self, notice: str) -> ParkedPayment | None:
        """Return the parked payment that was reported in these words."""
        wanted = sa.select(parked_payments).where(parked_payments.c.notice == notice)
        row = self._connection.execute(wanted).one_or_none()
        return _parked_of(row) if row is not None else None

    def all_parked(self, state: ParkedState | None) -> tuple[ParkedPayment, ...]:
        """Return the parked payments, of one *state* or all, the oldest first."""
        wanted = sa.select(parked_payments).order_by(parked_payments.c.number)
        if state is not None:
            wanted = wanted.where(parked_payments.c.state == state.value)
        return tuple(_parked_of(row) for row in self._connection.execute(wanted))

    def resolve(self, parked: ParkedPayment) -> None:
        """Keep what became of a parked payment."""
        same = parked_payments.c.number == parked.number
        names = ("state", "payment_id", "resolved_at", "resolved_by", "reason")
        row = _parked_row(parked)
        changed = sa.update(parked_payments).where(same).values({name: row[name] for name in names})
        self._connection.execute(changed)


def _settlement_row(one: Settlement) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind.value,
        "customer_id": one.holder.customer,
        "company": one.holder.company,
        "amount": one.amount.minor,
        "currency": one.holder.currency,
        "settled_on": one.on,
        "payment_id": one.payment,
        "reason": one.reason,
        "recorded_at": one.at,
        "actor": one.actor,
        "command_id": one.command_id,
    }


def _settlement_of(row: sa.Row[Any]) -> Settlement:
    return Settlement(
        id=row.id,
        kind=SourceKind(row.kind),
        holder=r.holder_of(row),
        amount=r.amount_of(row),
        on=row.settled_on,
        payment=None if row.payment_id is None else PaymentId(row.payment_id),
        reason=row.reason,
        at=row.recorded_at,
        actor=row.actor,
        command_id=row.command_id,
    )


def _parked_row(one: ParkedPayment) -> dict[str, Any]:
    return {
        "number": one.number,
        "notice": one.notice,
        "provider": one.provider,
        "provider_id": one.provider_id,
        "amount": one.amount.minor,
        "currency": one.amount.currency.code,
        "paid_on": one.paid_on,
        "customer_id": one.customer,
        "customer_code": one.customer_code,
        "slip_id": one.slip,
        "company": one.company,
        "rule": one.rule,
        "message": one.message,
        "state": one.state.value,
        "parked_at": one.parked_at,
        "actor": one.actor,
        "payment_id": one.payment,
        "resolved_at": one.resolved_at,
        "resolved_by": one.resolved_by,
        "reason": one.reason,
    }


def _parked_of(row: sa.Row[Any]) -> ParkedPayment:
    return ParkedPayment(
        number=row.number,
        provider=row.provider,
        provider_id=row.provider_id,
        amount=r.amount_of(row),
        paid_on=row.paid_on,
        customer=None if row.customer_id is None else CustomerId(row.customer_id),
        customer_code=row.customer_code,
        slip=None if row.slip_id is None else SlipId(row.slip_id),
        company=row.company,
        rule=row.rule,
        message=row.message,
        state=ParkedState(row.state),
        parked_at=row.parked_at,
        actor=row.actor,
        payment=None if row.payment_id is None else PaymentId(row.payment_id),
        resolved_at=row.resolved_at,
        resolved_by=row.resolved_by,
        reason=row.reason,
    )

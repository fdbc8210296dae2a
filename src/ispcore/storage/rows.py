"""Entries of the books, to rows and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.billing import (
    Allocation,
    Charge,
    ChargeKey,
    DebitKind,
    EntryKind,
    Holder,
    Payment,
    Receivable,
    SourceKind,
)
from ispcore.catalog import Target
from ispcore.plans import Cycle
from ispcore.values import (
    ChargeId,
    Currency,
    CustomerId,
    ItemId,
    LineId,
    Money,
    PaymentId,
    Period,
    SubscriptionId,
)

if TYPE_CHECKING:
    import sqlalchemy as sa

BALANCE = "balance"
"""The target of what is put to no receivable."""


def charge_row(charge: Charge) -> dict[str, Any]:
    """Return the row of a charge or credit."""
    return {
        "id": charge.id,
        **_booking(charge),
        "fact": charge.fact,
        "kind": charge.kind.value,
        "issued_on": charge.issued_on,
        "days": charge.days,
        "days_of": charge.days_of,
        "weight": charge.weight,
        "weight_of": charge.weight_of,
        "rule_version": charge.rule_version,
        "through": charge.through,
    }


def receivable_row(receivable: Receivable) -> dict[str, Any]:
    """Return the row of a receivable."""
    return {
        "id": receivable.id,
        **_booking(receivable),
        "charge_method": receivable.charge_method,
        "due_on": receivable.due_on,
        "issued_on": receivable.issued_on,
        "accrual_month": receivable.accrual,
        "document_accrual_month": receivable.document_accrual,
        "separate_slip": receivable.separate_slip,
        "separate_document": receivable.separate_document,
        "kind": receivable.kind.value,
    }


def raised_row(receivable: Receivable) -> dict[str, Any]:
    """Return the row of a receivable that no closing made."""
    return {
        **receivable_row(receivable),
        "about": receivable.about,
        "through": receivable.through,
    }


def _booking(entry: Charge | Receivable) -> dict[str, Any]:
    key, target = entry.key, entry.target
    return {
        "subscription_id": key.subscription,
        "item": key.item,
        "line": key.line,
        "cycle_start": key.cycle.period.start,
        "cycle_end": key.cycle.period.end,
        "closing_move": key.cycle.move,
        "customer_id": entry.customer,
        "amount": entry.amount.minor,
        "currency": entry.amount.currency.code,
        "description": entry.description,
        "account": target.account,
        "company": target.company,
        "document_type": target.document_type,
        "line_charge_method": target.charge_method,
    }


def key_of(row: sa.Row[Any]) -> ChargeKey:
    """Return the identity in a row of a charge or receivable."""
    subscription, item, line = SubscriptionId(row.subscription_id), ItemId(row.item), LineId(row.line)
    return ChargeKey(subscription, item, line, row.company, cycle_of(row))


def cycle_of(row: sa.Row[Any]) -> Cycle:
    """Return the cycle that a row is about."""
    return Cycle(Period(row.cycle_start, row.cycle_end), row.closing_move)


def target_of(row: sa.Row[Any]) -> Target:
    """Return where a charge or receivable is booked."""
    return Target(row.account, row.company, row.document_type, row.line_charge_method)


def amount_of(row: sa.Row[Any]) -> Money:
    """Return the amount in a row."""
    return Money(row.amount, Currency.of(row.currency))


def charge_of(row: sa.Row[Any]) -> Charge:
    """Return the charge or credit of a row."""
    return Charge(
        key=key_of(row),
        fact=row.fact,
        kind=EntryKind(row.kind),
        amount=amount_of(row),
        customer=CustomerId(row.customer_id),
        description=row.description,
        target=target_of(row),
        issued_on=row.issued_on,
        days=row.days,
        days_of=row.days_of,
        weight=row.weight,
        weight_of=row.weight_of,
        rule_version=row.rule_version,
        through=row.through,
    )


def receivable_of(row: sa.Row[Any]) -> Receivable:
    """Return the receivable of a row."""
    return Receivable(
        id=ChargeId(row.id),
        key=key_of(row),
        customer=CustomerId(row.customer_id),
        amount=amount_of(row),
        description=row.description,
        target=target_of(row),
        charge_method=row.charge_method,
        due_on=row.due_on,
        issued_on=row.issued_on,
        accrual=row.accrual_month,
        document_accrual=row.document_accrual_month,
        separate_slip=row.separate_slip,
        separate_document=row.separate_document,
        kind=DebitKind(row.kind),
        about=None if row.about is None else ChargeId(row.about),
        through=row.through,
    )


def allocation_row(allocation: Allocation) -> dict[str, Any]:
    """Return the row of an allocation."""
    return {
        "source_kind": allocation.source_kind.value,
        "source": allocation.source,
        "target": allocation.receivable or BALANCE,
        "receivable_id": allocation.receivable,
        "customer_id": allocation.holder.customer,
        "company": allocation.holder.company,
        "currency": allocation.holder.currency,
        "amount": allocation.amount.minor,
        "allocated_on": allocation.on,
    }


def allocation_of(row: sa.Row[Any]) -> Allocation:
    """Return the allocation of a row."""
    return Allocation(
        source_kind=SourceKind(row.source_kind),
        source=row.source,
        holder=holder_of(row),
        receivable=None if row.receivable_id is None else ChargeId(row.receivable_id),
        amount=amount_of(row),
        on=row.allocated_on,
    )


def payment_of(row: sa.Row[Any]) -> Payment:
    """Return the payment of a row."""
    return Payment(
        id=PaymentId(row.id),
        customer=CustomerId(row.customer_id),
        company=row.company,
        amount=amount_of(row),
        paid_on=row.paid_on,
        provider=row.provider,
        provider_id=row.provider_id,
    )


def holder_of(row: sa.Row[*tuple[Any, ...]]) -> Holder:
    """Return whose balance a row is about."""
    return Holder(CustomerId(row.customer_id), row.company, row.currency)

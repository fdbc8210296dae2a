"""Slips and their lines, to rows and back; what of them does not follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.billing import PaymentBook, Slip, SlipGroup, SlipLine, SlipState, slip_state
from ispcore.storage.slip_tables import slip_lines, slips
from ispcore.storage.tables import receivables
from ispcore.values import BookId, ChargeId, Currency, CustomerId, Money, SlipId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ispcore.billing import ReceivableBalance
    from ispcore.usecases.slip_stores import SlipQuery, Stamp


def slip_of(
    row: sa.Row[Any], lines: Sequence[sa.Row[Any]], balances: Mapping[ChargeId, ReceivableBalance]
) -> Slip:
    """Return the slip of a row, its state folded; its own amounts come first, then what it gathered."""
    currency = Currency.of(row.currency)
    mine = [
        SlipLine(
            ChargeId(line.receivable_id),
            Money(line.amount, currency),
            Money(line.paid_before, currency),
            line.gathered,
        )
        for line in lines
    ]
    mine.sort(key=lambda line: (line.gathered, balances[line.receivable].receivable.due_on, line.receivable))
    ended = None if row.ended is None else SlipState(row.ended)
    return Slip(
        id=SlipId(row.id),
        group=SlipGroup(CustomerId(row.customer_id), row.company, row.charge_method, row.currency),
        due_on=row.due_on,
        issued_on=row.issued_on,
        lines=mine,
        state=slip_state(ended, mine, balances),
        replaced_by=None if row.replaced_by is None else SlipId(row.replaced_by),
        book=None if row.book_id is None else BookId(row.book_id),
    )


def slip_row(slip: Slip, stamp: Stamp) -> dict[str, Any]:
    """Return the row of a new slip."""
    return {
        "id": slip.id,
        "customer_id": slip.group.customer,
        "company": slip.group.company,
        "charge_method": slip.group.charge_method,
        "currency": slip.group.currency,
        "due_on": slip.due_on,
        "issued_on": slip.issued_on,
        "book_id": slip.book,
        **stamped(stamp),
        "recorded_at": stamp.at,
    }


def line_rows(slip: Slip) -> Iterator[dict[str, Any]]:
    """Yield the rows of the lines of a new slip."""
    for line in slip.lines:
        yield {
            "slip_id": slip.id,
            "receivable_id": line.receivable,
            "amount": line.amount.minor,
            "paid_before": line.paid_before.minor,
            "gathered": line.gathered,
            "stands": True,
        }


def stamped(stamp: Stamp) -> dict[str, Any]:
    """Return the columns that say who wrote a row, by which command."""
    return {"actor": stamp.actor, "command_id": stamp.command_id}


def book_of(row: sa.Row[Any]) -> PaymentBook:
    """Return the payment book of a row."""
    return PaymentBook(
        id=BookId(row.id),
        customer=CustomerId(row.customer_id),
        subscription=None if row.subscription_id is None else SubscriptionId(row.subscription_id),
        months=row.months,
        issued_on=row.issued_on,
        sent_on=row.sent_on,
        sent_as=row.sent_as,
    )


def conditions(query: SlipQuery) -> Iterator[sa.ColumnElement[bool]]:
    """Yield what *query* asks of the rows of slips themselves."""
    if query.customer is not None:
        yield slips.c.customer_id == query.customer
    if query.due_from is not None:
        yield slips.c.due_on >= query.due_from
    if query.due_by is not None:
        yield slips.c.due_on <= query.due_by
    if query.waiting:
        yield slips.c.ended.is_(None)


def stale(connection: sa.Connection, customer: CustomerId) -> Iterator[tuple[str, str, str]]:
    """Yield what does not follow of the slips of a customer."""
    on = slip_lines.join(slips, slip_lines.c.slip_id == slips.c.id).join(
        receivables, slip_lines.c.receivable_id == receivables.c.id
    )
    other = sa.or_(
        slips.c.customer_id != receivables.c.customer_id,
        slips.c.company != receivables.c.company,
        slips.c.currency != receivables.c.currency,
    )
    columns = (
        slips.c.id,
        slips.c.ended,
        slips.c.replaced_by,
        slip_lines.c.receivable_id,
        slip_lines.c.stands,
        other.label("other"),
    )
    wanted = sa.select(*columns).select_from(on).where(slips.c.customer_id == customer)
    for row in sorted(connection.execute(wanted), key=lambda row: (row.id, row.receivable_id)):
        name = f"slip {row.id}"
        if row.other:
            yield name, "slip", f"{row.receivable_id} is owed to or by somebody else"
        if row.stands is not (row.ended is None):
            said = "stands on it" if row.stands else "does not stand on it"
            yield name, "snapshot", f"{row.receivable_id} {said}, and it is {row.ended or 'not ended'}"
        if (row.replaced_by is not None) is not (row.ended == SlipState.REPLACED.value):
            yield name, "slip", f"it is {row.ended or 'not ended'}, and replaced by {row.replaced_by}"

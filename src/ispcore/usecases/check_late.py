"""Check what is kept about late payment: stages, promises and disputes are about what the customer owes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId


def odd_about_late(work: UnitOfWork, customer: CustomerId) -> Iterator[tuple[str, str, str]]:
    """Yield the subject, the rule and what is odd about it."""
    receivables = {one.receivable.id: one for one in work.ledger.receivables(customer)}
    for row in work.late.stages([customer]).get(customer, ()):
        if row.subject not in receivables:
            yield f"stage {row.stage} of {row.subject}", "late", f"customer {customer} has no such debt"
        if row.ended_on is not None and row.ended_on < row.reached_on:
            yield f"stage {row.stage} of {row.subject}", "late", "it ended before it was reached"
    state = work.customers.state(customer)
    for name in sorted({*state.promises, *state.disputes} - set(receivables)):
        yield f"receivable {name}", "late", f"customer {customer} promised or contested it, and never owed it"
    for name, amount in state.disputes.items():
        if name in receivables and amount > receivables[name].receivable.amount:
            yield f"receivable {name}", "late", f"{amount} of it is contested, more than it asks for"

"""What a sale with a due date of its own asks for: amounts to receive, raised with the command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.billing import ChargeKey, DebitKind, Receivable, accrual_month, charge_id
from ispcore.plans import Cycle
from ispcore.plans.facts import Sold
from ispcore.values import ONE_DAY, Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.plans import State
    from ispcore.timeline import Fact


def raised_by(
    facts: Iterable[Fact[Any]], state: State, catalogue: Catalogue, on: date
) -> Iterator[Receivable]:
    """Yield what new *facts* of a subscription in this *state* ask for, as raised *on* a day."""
    for fact in facts:
        if isinstance(fact.payload, Sold):
            yield from _asked_for(fact.payload, state, catalogue, on)


def _asked_for(sold: Sold, state: State, catalogue: Catalogue, on: date) -> Iterator[Receivable]:
    policy, sale = catalogue.policy(state.policy, on), sold.sale
    cycle = Cycle(Period(on, on + ONE_DAY), 0)
    for line in sale.lines:
        key = ChargeKey(state.id, sale.item, line.id, line.target.company, cycle)
        yield Receivable(
            id=charge_id(key, 0),
            key=key,
            customer=state.customer,
            amount=line.value,
            description=line.description,
            target=line.target,
            charge_method=line.target.charge_method or state.terms.charge_method,
            due_on=sale.due_on,
            issued_on=on,
            accrual=accrual_month(sale.due_on, policy.charge_accrual),
            document_accrual=accrual_month(sale.due_on, policy.document_accrual),
            separate_slip=state.terms.separate_slip,
            separate_document=state.terms.separate_document,
            kind=DebitKind.SALE,
        )

"""Amounts that a customer owes, and what became of them, for tests of slips."""

from datetime import date

from attrs import evolve

from ispcore.billing import DebitKind, Receivable, ReceivableBalance, SlipChanges, SourceKind, charge_id
from ispcore.catalog import Target
from ispcore.values import ItemId, SubscriptionId
from tests.billing.test_settled import receivable
from tests.catalogues import brl

MARCH_10 = date(2026, 3, 10)


def owed(
    number: int,
    amount: str = "100.00",
    *,
    due: date = MARCH_10,
    of: int = 104,
    company: str = "main",
    method: str = "slip",
    kind: DebitKind = DebitKind.FEE,
    separate: bool = False,
    about: Receivable | None = None,
    **settled: int,
) -> ReceivableBalance:
    """Return an amount that is owed; *settled* are minor units by the name of their source."""
    first = receivable(amount, kind)
    key = evolve(
        first.key, subscription=SubscriptionId(of), item=ItemId(f"{kind.value}:{number}"), company=company
    )
    one = evolve(
        first,
        id=charge_id(key, 0),
        key=key,
        due_on=due,
        target=Target("3.1", company, "telecom", None),
        charge_method=method,
        separate_slip=separate,
        about=about.id if about else None,
    )
    return after(one, **settled)


def after(one: Receivable | ReceivableBalance, **settled: int) -> ReceivableBalance:
    """Return an amount of which so much was *settled*."""
    first = one.receivable if isinstance(one, ReceivableBalance) else one
    return ReceivableBalance.of(first, {SourceKind(name): minor for name, minor in settled.items()})


def asked(changes: SlipChanges) -> list[tuple[str, str]]:
    """Return the due day of each new slip, with the sum of the amounts that are there already."""
    return [
        (f"{draft.due_on:%d/%m}", str(sum((line.amount for line in draft.lines), brl("0.00")).amount))
        for draft in changes.issue
    ]

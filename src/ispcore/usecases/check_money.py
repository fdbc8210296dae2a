"""Check: what was put somewhere adds up, wherever money came from and whoever settled what."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from ispcore.billing import LATE_KINDS, DebitKind, EntryKind, SourceKind, statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ispcore.billing import Allocation, Charge, CustomerBooks, Payment, ReceivableBalance
    from ispcore.usecases.payment_stores import Settlement
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId

_SETTLED = (
    SourceKind.WAIVER,
    SourceKind.WRITE_OFF,
    SourceKind.AGREEMENT,
    SourceKind.TRANSFER,
    SourceKind.REFUND,
)
"""What a person does; a payment that is taken back is found by the payment."""
_WHO_LET_GO = re.compile(r"slip:|(customer|subscription):[0-9]+#[0-9]+\Z")
"""A slip that was taken back with its fee, or a fact, says who did it."""


def wrong_money(
    work: UnitOfWork, account: CustomerBooks, charges: Iterable[Charge]
) -> Iterator[tuple[str, str, str]]:
    """Yield a subject, a rule and a sentence for everything about money that does not add up."""
    customer = account.customer
    receivables = work.ledger.receivables(customer)
    allocations = work.ledger.allocations(customer)
    settlements = work.payments.settlements(customer)
    payments = work.ledger.payments(customer)
    yield from _sources(allocations, charges, payments, settlements)
    yield from _agreements(receivables, settlements)
    yield from _snapshots(work, customer, receivables)
    known = {one.receivable.id for one in receivables}
    for one in receivables:
        about = one.receivable.about
        if one.receivable.kind in LATE_KINDS and about not in known:
            yield f"receivable {one.receivable.id}", "about", f"it is about {about}, which is none of theirs"
    for holder, balance in account.balances.items():
        if balance < 0:
            yield f"customer {customer}", "balance", f"{holder.company} is {balance} minor units"
    yield from _statement(account, receivables, allocations)


def _sources(
    allocations: Iterable[Allocation],
    charges: Iterable[Charge],
    payments: Iterable[Payment],
    settlements: Iterable[Settlement],
) -> Iterator[tuple[str, str, str]]:
    put: Counter[tuple[SourceKind, str]] = Counter()
    for one in allocations:
        put[one.source_kind, one.source] += one.amount.minor
    sources = {
        (SourceKind.CREDIT, str(charge.id)): charge.amount.minor
        for charge in charges
        if charge.kind is EntryKind.CREDIT
    }
    for payment in payments:
        sources[SourceKind.PAYMENT, str(payment.id)] = payment.amount.minor
    for settlement in settlements:
        source = settlement.payment if settlement.kind is SourceKind.REVERSAL else settlement.id
        sources[settlement.kind, str(source)] = settlement.amount.minor
    for known, amount in sources.items():
        if put[known] != amount:
            name = f"{known[0].value} {known[1]}"
            yield name, "allocated", f"{put[known]} of its {amount} minor units were put somewhere"
    for kind, name in put:
        noted = (kind, name) in sources or (kind is SourceKind.WAIVER and _WHO_LET_GO.match(name))
        if kind in {*_SETTLED, SourceKind.REVERSAL} and not noted:
            yield f"{kind.value} {name}", "unexplained", "nobody is noted who did it"


def _agreements(
    receivables: Iterable[ReceivableBalance], settlements: Iterable[Settlement]
) -> Iterator[tuple[str, str, str]]:
    """Yield agreements whose instalments are not what they stand for."""
    raised: Counter[str] = Counter()
    for one in receivables:
        if one.receivable.kind is DebitKind.AGREEMENT:
            raised[one.receivable.key.item] += one.receivable.amount.minor
    agreed = {one.id: one.amount.minor for one in settlements if one.kind is SourceKind.AGREEMENT}
    for name in sorted({*raised, *agreed}):
        if raised[name] != agreed.get(name, 0):
            sentence = f"its instalments are {raised[name]} minor units, it stands for {agreed.get(name, 0)}"
            yield name, "agreement", sentence


def _snapshots(
    work: UnitOfWork, customer: CustomerId, receivables: Iterable[ReceivableBalance]
) -> Iterator[tuple[str, str, str]]:
    noted = {one.receivable.id for one in work.accounts.open([customer])[customer]}
    for one in receivables:
        if (one.receivable.id in noted) is not (one.open.minor > 0):
            told = "settled" if one.receivable.id not in noted else "open"
            yield f"receivable {one.receivable.id}", "snapshot", f"it is kept as {told}, {one.open} is open"


def _statement(
    account: CustomerBooks, receivables: Sequence[ReceivableBalance], allocations: Sequence[Allocation]
) -> Iterator[tuple[str, str, str]]:
    """Yield companies whose statement does not end with what is open less the balance."""
    owed: Counter[object] = Counter()
    for one in receivables:
        owed[one.receivable.target.company, one.open.currency.code] += one.open.minor
    for holder, balance in account.balances.items():
        owed[holder.company, holder.currency] -= balance
    for each in statements([one.receivable for one in receivables], allocations):
        minor = owed[each.holder.company, each.holder.currency]
        if each.balance.minor != minor:
            said = f"that of {each.holder.company} ends with {each.balance}, not {minor} minor units"
            yield f"customer {account.customer}", "statement", said

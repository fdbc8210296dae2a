"""Writing down what is to change about slips: debits raised, slips issued, slips ended, fees let go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, TypeAlias

from attrs import field, frozen

from ispcore.billing import (
    Allocation,
    Holder,
    ReceivableBalance,
    Slip,
    SlipChanges,
    SlipDraft,
    SlipState,
    SlipWishes,
    SourceKind,
    debit_line,
    slip_debits,
)
from ispcore.values import BookId, ChargeId, CustomerId, Money, SlipId

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from ispcore.billing import LateAmountsOf, Receivable
    from ispcore.catalog import Catalogue
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.slip_stores import Stamp


LateSource: TypeAlias = "Callable[[UnitOfWork, Sequence[CustomerId], Catalogue], LateAmountsOf]"
"""Gives what tells fine and interest of some customers' overdue amounts, having read what it needs."""


@frozen
class SlipsMade:
    """What was done about slips: those that were issued, and by which one each of *ended* was replaced.

    None stands for a slip that was cancelled.
    """

    issued: tuple[Slip, ...] = ()
    ended: Mapping[SlipId, SlipId | None] = field(factory=dict)


@frozen
class SlipAccount:
    """What a customer owes, and the slips that stand for it."""

    customer: CustomerId
    balances: Mapping[ChargeId, ReceivableBalance]
    standing: tuple[Slip, ...]
    wishes: SlipWishes


def accounts(
    work: UnitOfWork,
    customers: Sequence[CustomerId],
    *,
    by_hand: bool = False,
    due_by: date | None = None,
    late: LateSource | None = None,
) -> list[SlipAccount]:
    """Return what these *customers* owe, read in bulk when their turn has come."""
    work.accounts.turns(customers)
    catalogue, how = work.catalogue.current(), work.slips.how(customers)
    owed, standing = work.accounts.open(customers), work.slips.standing(customers)
    known = {one.receivable.id: one for mine in owed.values() for one in mine}
    on_slips = {name for mine in standing.values() for slip in mine for name in slip.receivables}
    known |= work.slips.balances(sorted(on_slips - known.keys()))
    fees, amounts = slip_fees(catalogue), late and late(work, customers, catalogue)
    found = []
    for customer in customers:
        names = {one.receivable.id for one in owed[customer]}
        names |= {name for slip in standing[customer] for name in slip.receivables}
        wishes = SlipWishes(how[customer].terms, fees, how[customer].exempt, by_hand, due_by, amounts)
        balances = {name: known[name] for name in sorted(names)}
        found.append(SlipAccount(customer, balances, standing[customer], wishes))
    return found


def slip_fees(catalogue: Catalogue) -> dict[str, Money]:
    """Return the fees of slips by charge method."""
    methods = catalogue.charge_methods.values()
    return {method.code: method.slip_fee for method in methods if method.slip_fee is not None}


def make(
    work: UnitOfWork,
    found: Sequence[tuple[SlipAccount, SlipChanges]],
    on: date,
    stamp: Stamp,
) -> SlipsMade:
    """Write down what is to change for some customers, and return it."""
    standing = {slip.id: slip for account, _ in found for slip in account.standing}
    drafts = [draft for _, changes in found for draft in changes.issue]
    raised, issued = _numbered(work, drafts, standing, on)
    work.accounts.raise_all(raised)
    work.accounts.put([_let_go(one, on) for _, changes in found for one in changes.waived])
    successors = {
        number: slip.id
        for draft, slip in reversed(list(zip(drafts, issued, strict=True)))
        for number in draft.replaces
    }
    ended = {number: successors.get(number) for _, changes in found for number in changes.ended}
    work.slips.stand_no_more(list(ended))
    work.slips.add(issued, stamp)
    work.slips.end(ended, on)
    return SlipsMade(tuple(issued), ended)


def _numbered(
    work: UnitOfWork, drafts: Sequence[SlipDraft], standing: Mapping[SlipId, Slip], on: date
) -> tuple[list[Receivable], list[Slip]]:
    wanted = sum(len(draft.late) + (draft.fee is not None) for draft in drafts)
    debits = count(work.accounts.new_number(wanted)) if wanted else count()
    numbers = count(work.slips.new_number(len(drafts))) if drafts else count()
    raised, issued = [], []
    for draft in drafts:
        its = list(slip_debits(draft, on, debits))
        raised += its
        issued.append(
            Slip(
                id=SlipId(next(numbers)),
                group=draft.group,
                due_on=draft.due_on,
                issued_on=on,
                lines=(*draft.lines, *map(debit_line, its)),
                state=SlipState.OPEN,
                book=_book(draft, standing),
            )
        )
    return raised, issued


def _book(draft: SlipDraft, standing: Mapping[SlipId, Slip]) -> BookId | None:
    """Return the payment book of the slips that *draft* replaces, where they are all of one."""
    books = {standing[number].book for number in draft.replaces}
    return books.pop() if len(books) == 1 else None


def _let_go(one: ReceivableBalance, on: date) -> Allocation:
    receivable = one.receivable
    holder = Holder(receivable.customer, receivable.target.company, one.open.currency.code)
    return Allocation(SourceKind.WAIVER, f"slip:{receivable.id}", holder, receivable.id, one.open, on)


def sums_of(amounts: Iterable[Money]) -> dict[str, Money]:
    """Return the sums of *amounts* by currency code."""
    sums: dict[str, Money] = {}
    for amount in amounts:
        code = amount.currency.code
        sums[code] = sums[code] + amount if code in sums else amount
    return sums

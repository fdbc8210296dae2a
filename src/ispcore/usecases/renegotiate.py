"""Put monthly instalments in the place of what is owed: company by company, to the cent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing import Allocation, Receivable, ReceivableBalance, SourceKind, instalments
from ispcore.catalog import SpareCents
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.usecases.late_amounts import late_amounts, raise_late
from ispcore.usecases.let_go import follow
from ispcore.usecases.money_commands import Renegotiate
from ispcore.usecases.settled import Settled, Settling, by_holder
from ispcore.values import total

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork

MOST_INSTALMENTS = 120


def renegotiate(desk: Desk, command: Renegotiate, *, actor: Actor) -> Settled:
    """Renegotiate what a customer owes.

    Raises:
        InvalidValueError: no instalment, or too many.
        NotFoundError: the customer or a receivable does not exist, or nothing of it is open.
        RefusedError: nothing is overdue, or the first instalment would be due before it.
    """
    settling = Settling.begin(desk, actor, command.permission, command.reason)
    if not 1 <= command.instalments <= MOST_INSTALMENTS:
        raise InvalidValueError(
            f"An agreement of {command.instalments} instalments is none.",
            hint=f"Use 1 to {MOST_INSTALMENTS}.",
        )
    with desk.database.writing() as work:
        work.customers.get(command.customer)
        work.accounts.turns([command.customer])
        today = settling.day(work, command.on)
        if command.first_due < today:
            raise RefusedError(
                f"The first instalment would be due on {command.first_due}, before the agreement.",
                rule="due-day",
            )
        chosen = _with_late(desk, work, command, _chosen(work, command, today), today)
        found = [_agree(settling, work, command, some, today) for some in by_holder(chosen).values()]
        names = [each.receivable for one in found for each in one.allocations]
        follow(work, settling.writing, command.customer, names, today)
    return Settled(
        tuple(settlement for one in found for settlement in one.settlements),
        tuple(each for one in found for each in one.allocations),
        tuple(each for one in found for each in one.raised),
    )


def _chosen(work: UnitOfWork, command: Renegotiate, today: date) -> list[ReceivableBalance]:
    open_now = work.accounts.open([command.customer])[command.customer]
    if command.receivables is None:
        chosen = [one for one in open_now if one.receivable.due_on < today]
        if not chosen:
            raise RefusedError(
                f"Nothing that customer {command.customer} owes is overdue.",
                rule="nothing-overdue",
                hint="Name the receivables.",
            )
        return chosen
    by_id = {one.receivable.id: one for one in open_now}
    for name in command.receivables:
        if name not in by_id:
            raise NotFoundError(
                "open receivable", name, hint=f"Customer {command.customer} owes nothing under this name."
            )
    if not command.receivables:
        raise InvalidValueError("No receivable is named.", hint="Name at least one.")
    return [by_id[name] for name in dict.fromkeys(command.receivables)]


def _with_late(
    desk: Desk, work: UnitOfWork, command: Renegotiate, chosen: list[ReceivableBalance], today: date
) -> list[ReceivableBalance]:
    """Return *chosen* with the fines and interest through today, raised before or now."""
    if not command.with_late:
        return chosen
    names = [one.receivable.id for one in chosen]
    view = late_amounts(desk, work, chosen, today)
    raised = raise_late(work, [one.receivable for one in chosen], view, through=today, issued_on=today)
    new = [ReceivableBalance.of(one, {}) for some in raised.values() for one in some]
    open_now = work.accounts.open([command.customer])[command.customer]
    about = [one for one in open_now if one.receivable.about in names and one not in new]
    return list({one.receivable.id: one for one in (*chosen, *about, *new)}.values())


def _agree(
    settling: Settling,
    work: UnitOfWork,
    command: Renegotiate,
    some: Sequence[ReceivableBalance],
    today: date,
) -> Settled:
    """Put instalments in the place of what is owed to one company."""
    amount = total([one.open for one in some], some[0].open.currency)
    number = work.accounts.new_number()
    whole: Receivable = evolve(some[0].receivable, amount=amount, issued_on=today)
    raised = instalments(
        whole,
        parts=command.instalments,
        first_due=command.first_due,
        number=number,
        last_takes_spare=command.spare_cents is SpareCents.LAST,
    )
    (holder,) = by_holder(some)
    settlement = settling.settlement(work, SourceKind.AGREEMENT, holder, amount, today, number=number)
    kind = SourceKind.AGREEMENT
    put = tuple(Allocation(kind, settlement.id, holder, one.receivable.id, one.open, today) for one in some)
    work.accounts.raise_all(raised)
    work.accounts.put(put)
    return Settled((settlement,), put, raised)

"""How late customers stand on a day, read in bulk, and what is to be done about it; nothing is saved here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import (
    DebitKind,
    LateCase,
    LateStanding,
    OpenDebt,
    ReceivableBalance,
    Slip,
    merge_holds,
    standing,
)
from ispcore.plans import SubscriptionCommand, Timeline
from ispcore.usecases.late_stores import StageRow
from ispcore.usecases.rows import SubscriptionRow
from ispcore.values import ChargeId, CustomerId, Money, SubscriptionId

if TYPE_CHECKING:
    from ispcore.usecases.late_stores import NoticeBook
    from ispcore.usecases.ports import UnitOfWork


@frozen
class LateLook:
    """How a customer stands, and what is to be done: commands, stages to note as reached or as ended.

    ``owing`` is everything open, ``known`` are the subscriptions as they were read.
    """

    case: LateCase
    standing: LateStanding
    owing: tuple[ReceivableBalance, ...]
    commands: tuple[SubscriptionCommand, ...]
    reached: tuple[StageRow, ...]
    ended: tuple[str, ...]
    known: Mapping[SubscriptionId, tuple[Timeline, SubscriptionRow]]

    @property
    def customer(self) -> CustomerId:
        """Who stands so."""
        return self.case.customer

    @property
    def charges(self) -> Mapping[str, Money]:
        """How much fine and interest was asked for and is still open, by currency."""
        found: dict[str, Money] = {}
        for one in self.owing:
            if one.receivable.kind in (DebitKind.FINE, DebitKind.INTEREST):
                code = one.open.currency.code
                found[code] = found[code] + one.open if code in found else one.open
        return found

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to do, beside asking for notices."""
        return not (self.commands or self.reached or self.ended)


def look(
    work: UnitOfWork, customers: Sequence[CustomerId], on: date, notices: NoticeBook
) -> Iterator[LateLook]:
    """Yield how *customers* stand on a day, in their order."""
    catalogue = work.catalogue.current()
    known = work.subscriptions.of_customers(customers)
    people = work.customers.states(customers)
    owing = work.accounts.open(customers)
    stages = work.late.stages(customers)
    slips = work.slips.standing(customers)
    told = notices.handed_over(work, customers)
    for customer in customers:
        rows = stages.get(customer, ())
        mine = {timeline.last.id: timeline.on(on) for timeline, _ in known[customer]}
        case = LateCase(
            customer=customer,
            on=on,
            catalogue=catalogue,
            debts=debts_of(owing[customer], slips.get(customer, ())),
            states={name: state for name, state in mine.items() if state is not None},
            told=told.get(customer, {}),
            reached={(row.subject, row.stage): row.reached_on for row in rows},
            promises=people[customer].promises,
            disputes=people[customer].disputes,
            treatment=people[customer].late,
        )
        yield _looked(case, rows, owing[customer], {one[1].id: one for one in known[customer]})


def debts_of(owing: Sequence[ReceivableBalance], slips: Iterable[Slip]) -> tuple[OpenDebt, ...]:
    """Return what is open as debts: what stands on one slip is asked for together.

    A slip goes by the name of the first receivable on it, so one that was made anew is no new debt.
    """
    on_slip = {name: slip for slip in slips for name in slip.receivables}
    together: dict[str, list[ReceivableBalance]] = {}
    for one in owing:
        name = one.receivable.id
        slip = on_slip.get(name)
        together.setdefault(str(slip.receivables[0] if slip else name), []).append(one)
    debts = []
    for subject, parts in together.items():
        slip = on_slip.get(ChargeId(subject))
        names = {subject, *(one.receivable.id for one in parts), *(slip.receivables if slip else ())}
        debts.append(OpenDebt(subject, frozenset(names), tuple(parts)))
    return tuple(debts)


def _looked(
    case: LateCase,
    rows: Sequence[StageRow],
    owing: tuple[ReceivableBalance, ...],
    known: Mapping[SubscriptionId, tuple[Timeline, SubscriptionRow]],
) -> LateLook:
    found = standing(case)
    open_names = frozenset().union(*(debt.names for debt in case.debts))
    over = {row.subject for row in rows if row.ended_on is None} - open_names
    return LateLook(
        case=case,
        standing=found,
        owing=owing,
        commands=merge_holds(found.holds, case.states.values(), case.on),
        reached=tuple(_reached(found, rows)),
        ended=tuple(sorted(over)),
        known=known,
    )


def _reached(found: LateStanding, rows: Sequence[StageRow]) -> Iterator[StageRow]:
    """Yield the stages that were not known to be reached, or to stand."""
    standing_now = {(row.subject, row.stage) for row in rows if row.ended_on is None}
    for debt in found.debts:
        for one in debt.reached:
            if not any((name, one.stage.code) in standing_now for name in debt.debt.names):
                yield StageRow(debt.debt.subject, one.stage.code, one.stage.action, one.on)

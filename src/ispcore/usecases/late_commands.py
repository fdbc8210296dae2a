"""Commands about late payment: each is carried out, and what it spares is lifted in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, frozen

from ispcore.billing import Allocation, Holder, ReceivableBalance, SourceKind
from ispcore.customers import DisputeOutcome, LateCustomerCommand, Owing, ResolveDispute, decide_late
from ispcore.plans import ChangeLateTreatment, Exempt, GrantBonus
from ispcore.timeline import Fact
from ispcore.usecases.change_subscription import carry_out, to_change
from ispcore.usecases.customer_facts import record_on_customer
from ispcore.usecases.desk import begin
from ispcore.usecases.issue_slips import renew_slips
from ispcore.usecases.late import ease
from ispcore.usecases.open_subscription import Recorded
from ispcore.usecases.serve_customer import CustomerRecorded
from ispcore.usecases.settlements import check_unissued
from ispcore.values import CustomerId, Money, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ispcore.plans import Timeline
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk, Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.rows import SubscriptionRow

LateCommand: TypeAlias = GrantBonus | ChangeLateTreatment
"""The commands about late payment of a subscription that leave nothing beside."""


@frozen
class LateRecorded(CustomerRecorded):
    """What a command about a customer's late payment left.

    ``eased`` are the facts of subscriptions of which a reduction or block was lifted, ``waived`` what was let
    go.
    """

    eased: tuple[Fact[Any], ...] = ()
    waived: tuple[Allocation, ...] = ()


@frozen
class ExemptRecorded(Recorded):
    """What an exemption left: also the facts of ``others`` of the contract, and what was ``waived``."""

    others: tuple[Fact[Any], ...] = ()
    waived: tuple[Allocation, ...] = ()


def change_late(
    desk: Desk,
    command: LateCommand,
    *,
    actor: Actor,
    expected_version: int | None = None,
) -> Recorded:
    """Carry out *command*; what it spares is lifted at once, and among the facts.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
        ConcurrentChangeError: the subscription is not of *expected_version* any more.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        known = to_change(work, command, expected_version)
        recorded = carry_out(work, writing, command, known)
        eased = ease(work, writing, known[1].customer)
        return evolve(recorded, facts=(*recorded.facts, *eased))


def change_late_customer(desk: Desk, command: LateCustomerCommand, *, actor: Actor) -> LateRecorded:
    """Carry out a command about how a customer pays late; what it spares is lifted at once.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    customer = command.customer
    with desk.database.writing() as work:
        work.accounts.turns([customer])
        _, version = work.customers.get(customer)
        today = desk.earliest_today_of(work.catalogue.current())
        state = work.customers.state(customer)
        open_now = work.accounts.open([customer])[customer]
        owing = {one.receivable.id: Owing(one.open, one.receivable.due_on) for one in open_now}
        event = decide_late(command, state, owing, today)
        facts = record_on_customer(work, writing, (customer, version), (today, event), command)
        waived: tuple[Allocation, ...] = ()
        if isinstance(command, ResolveDispute) and command.outcome is DisputeOutcome.SETTLED:
            contested = [one for one in open_now if one.receivable.id == command.receivable]
            waived = tuple(_waivers(contested, facts[0].id, today, state.disputes[command.receivable]))
            _let_go(work, writing, customer, waived, today)
        eased = ease(work, writing, customer)
        return LateRecorded(customer, facts, eased=eased, waived=waived)


def exempt(desk: Desk, command: Exempt, *, actor: Actor) -> ExemptRecorded:
    """Exempt a contract: no days are charged, and what is open of it is let go.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        known = work.subscriptions.get(command.subscription)
        customer = known[1].customer
        today = desk.earliest_today_of(work.catalogue.current())
        mine = _of_contract(work, known)
        recorded = carry_out(work, writing, command, known)
        others: list[Fact[Any]] = []
        for timeline, row in mine:
            if row.id != command.subscription and timeline.end is None:
                others += carry_out(
                    work, writing, evolve(command, subscription=row.id), (timeline, row)
                ).facts
        names = {row.id for _, row in mine}
        owing = [
            one
            for one in work.accounts.open([customer])[customer]
            if one.receivable.key.subscription in names
            and not (command.keep_overdue and one.receivable.due_on < today)
        ]
        waived = tuple(_waivers(owing, recorded.facts[0].id, today))
        _let_go(work, writing, customer, waived, today)
        others += ease(work, writing, customer)
    return ExemptRecorded(
        recorded.subscription,
        recorded.facts,
        recorded.voided,
        recorded.successor,
        recorded.moves,
        others=tuple(others),
        waived=waived,
    )


def _of_contract(
    work: UnitOfWork, known: tuple[Timeline, SubscriptionRow]
) -> list[tuple[Timeline, SubscriptionRow]]:
    """Return the subscriptions of the same contract, and those that became them by a change of plan."""
    every = work.subscriptions.of_customer(known[1].customer)
    contract = known[0].last.contract
    names: set[SubscriptionId] = {known[1].id}
    if contract is not None:
        names |= {row.id for timeline, row in every if timeline.last.contract == contract}
    previous = {row.id: timeline.last.previous for timeline, row in every}
    for name in sorted(names):
        before = previous[name]
        while before is not None:
            names.add(before)
            before = previous.get(before)
    return [one for one in every if one[1].id in names]


def _let_go(
    work: UnitOfWork, writing: Writing, customer: CustomerId, waived: Sequence[Allocation], today: date
) -> None:
    """Let go, where no issued document forbids it; slips that ask for it are taken back or made anew."""
    names = [one.receivable for one in waived if one.receivable is not None]
    check_unissued(writing.desk, work, names)
    work.accounts.put(waived)
    if waived:
        renew_slips(work, writing, customer, names, today)


def _waivers(
    owing: Iterable[ReceivableBalance], source: str, on: date, most: Money | None = None
) -> Iterator[Allocation]:
    """Yield what lets go of all that is open, or of no more than so much of each."""
    for one in owing:
        receivable = one.receivable
        holder = Holder(receivable.customer, receivable.target.company, receivable.amount.currency.code)
        amount = one.open if most is None else min(one.open, most)
        if amount.minor > 0:
            yield Allocation(SourceKind.WAIVER, source, holder, receivable.id, amount, on)

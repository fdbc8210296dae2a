"""Carry out a command to a subscription: load, decide, fold again, save."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.errors import ConcurrentChangeError
from ispcore.plans import (
    ChangeAddress,
    ChangePlan,
    Delete,
    Setting,
    SubscriptionCommand,
    check_compositions,
    decide,
    fold_with,
)
from ispcore.plans.facts import PlanChanged
from ispcore.timeline import Subject, SubjectKind, voided, voided_by
from ispcore.usecases.desk import begin
from ispcore.usecases.open_subscription import Recorded, defaults_of, unit_at

if TYPE_CHECKING:
    from datetime import date

    from ispcore.plans import Decision, Timeline
    from ispcore.timeline import Actor, Fact
    from ispcore.usecases.desk import Desk, Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.rows import SubscriptionRow
    from ispcore.values import SubscriptionId


def change_subscription(
    desk: Desk, command: SubscriptionCommand, *, actor: Actor, expected_version: int | None = None
) -> Recorded:
    """Carry out *command* and return the facts that it left.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
        ConcurrentChangeError: the subscription is not of *expected_version* any more.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        known = work.subscriptions.get(command.subscription)
        if expected_version not in (None, known[1].version):
            raise ConcurrentChangeError("subscription", command.subscription)
        return carry_out(work, writing, command, known)


def carry_out(
    work: UnitOfWork, writing: Writing, command: SubscriptionCommand, known: tuple[Timeline, SubscriptionRow]
) -> Recorded:
    """Carry *command* out in the transaction of *work*, on a subscription as it was read there."""
    timeline, _ = known
    setting = _setting(writing, work, command, known)
    decision = decide(command, timeline, setting)
    events = [(event.on, event.payload) for event in decision.events]
    facts = writing.facts(timeline.recorded[0].subject, timeline.last_sequence, events, command.reason)
    after = fold_with(timeline, facts)
    check_compositions(timeline, after, setting.catalogue)
    _save(work, writing, known, after)
    if setting.successor is not None:
        _open_successor(work, writing, setting.successor, decision)
    gone = {sequence for fact in facts for sequence in voided_by(fact.payload)}
    return Recorded(
        subscription=command.subscription,
        facts=facts,
        voided=tuple(fact for fact in timeline.recorded if fact.sequence in gone),
        successor=setting.successor,
    )


def _setting(
    writing: Writing,
    work: UnitOfWork,
    command: SubscriptionCommand,
    known: tuple[Timeline, SubscriptionRow],
) -> Setting:
    timeline, row = known
    desk, catalogue = writing.desk, work.catalogue.current()
    day = command.on or desk.today_of(catalogue)
    state = timeline.on(day) or timeline.last
    unit = catalogue.unit(state.unit)
    if isinstance(command, ChangeAddress):
        customer, _ = work.customers.get(row.customer)
        unit = unit_at(catalogue, customer, command.address)
    return Setting(
        catalogue=catalogue,
        actor=writing.actor,
        today=desk.today(unit.zone),
        unit=unit,
        defaults=defaults_of(row.charging),
        allows_discounts=row.charging.allows_discounts,
        open_receivables=isinstance(command, Delete) and _has_open(work, row),
        closed_through=row.closed_through or row.dirty_from,  # the first cycle may be billed in part
        undone=_undone(work, timeline),
        successor=work.subscriptions.new_number() if isinstance(command, ChangePlan) else None,
    )


def _undone(work: UnitOfWork, timeline: Timeline) -> frozenset[SubscriptionId]:
    """Return the successors that live no day, so that the change of plan itself can be taken back."""
    found = set()
    for fact in timeline.recorded:
        if isinstance(fact.payload, PlanChanged):
            successor, _ = work.subscriptions.get(fact.payload.successor)
            if successor.end is not None and successor.end.on <= successor.last.started_on:
                found.add(successor.last.id)
    return frozenset(found)


def _has_open(work: UnitOfWork, row: SubscriptionRow) -> bool:
    mine = (one for one in work.ledger.receivables(row.customer) if one.receivable.key.subscription == row.id)
    return any(one.open.minor > 0 for one in mine)


def _save(
    work: UnitOfWork,
    writing: Writing,
    known: tuple[Timeline, SubscriptionRow],
    after: Timeline,
) -> None:
    timeline, row = known
    facts = after.recorded[len(timeline.recorded) :]
    work.facts.append(facts, writing.texts(facts))
    dirty = dirty_from(row, timeline, facts)
    work.subscriptions.update(after, row if dirty == row.dirty_from else evolve(row, dirty_from=dirty))


def dirty_from(row: SubscriptionRow, timeline: Timeline, new: tuple[Fact[Any], ...]) -> date | None:
    """Return the earliest day of what *new* facts change, where that lies in what was closed."""
    moved: list[Fact[Any]] = []
    if any(voided_by(fact.payload) for fact in new):
        before, after = voided(timeline.recorded), voided((*timeline.recorded, *new))
        moved = [one for one in timeline.recorded if (one.sequence in before) is not (one.sequence in after)]
    first = min(fact.effective_on for fact in (*new, *moved))
    if row.closed_through is None or first >= row.closed_through:
        return row.dirty_from
    return min(first, row.dirty_from or first)


def _open_successor(work: UnitOfWork, writing: Writing, number: SubscriptionId, decision: Decision) -> None:
    subject = Subject(SubjectKind.SUBSCRIPTION, str(number))
    facts = writing.facts(subject, 0, [(event.on, event.payload) for event in decision.successor])
    timeline = fold_with(None, facts)
    work.facts.append(facts, writing.texts(facts))
    work.subscriptions.insert(timeline)

"""Carry out a command to a subscription: load, decide, fold again, save."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.catalog import Bucket
from ispcore.errors import ConcurrentChangeError
from ispcore.plans import (
    MOVING_ON,
    Cancel,
    ChangeAddress,
    ChangeDiscount,
    ChangeItem,
    ChangePlan,
    ChangePrice,
    Delete,
    HoldCause,
    JoinContract,
    MigrateTechnology,
    Pause,
    Sell,
    Setting,
    SubscriptionCommand,
    Transfer,
    check_compositions,
    check_permitted,
    decide,
    fold_with,
)
from ispcore.plans.kinds import OWING_NOTHING
from ispcore.plans.linked_mail import check_still_shared
from ispcore.timeline import Subject, SubjectKind, voided, voided_by
from ispcore.usecases.additions import Life, reviewed
from ispcore.usecases.components import check_still_alike, others_to_change, shareable, with_secrets_kept
from ispcore.usecases.desk import begin
from ispcore.usecases.memberships import (
    agreement_of,
    check_accepted,
    check_no_combo,
    contract_for,
    own_contract,
    with_installation,
)
from ispcore.usecases.notices import tell_statuses
from ispcore.usecases.open_subscription import Recorded, defaults_of, unit_at
from ispcore.usecases.own_vlans import with_own_vlan
from ispcore.usecases.passwords import with_password_made
from ispcore.usecases.review import Review
from ispcore.usecases.sales import raised_by
from ispcore.usecases.serving import serve

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ispcore.notices import Notice
    from ispcore.plans import Decision, Timeline
    from ispcore.timeline import Actor, Fact
    from ispcore.usecases.desk import Desk, Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.rows import SubscriptionRow
    from ispcore.values import SubscriptionId


_MOVING = (ChangePlan, MigrateTechnology, Transfer)
"""The commands after which a successor goes on."""


_IN_A_CONTRACT = (Cancel, ChangePrice, JoinContract)
"""The commands about which a contract has something to say."""


def change_subscription(
    desk: Desk, command: SubscriptionCommand, *, actor: Actor, expected_version: int | None = None
) -> Recorded:
    """Carry out *command* and return the facts that it left.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
        ConcurrentChangeError: the subscription is not of *expected_version* any more.
    """
    check_permitted(command, actor)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        known = to_change(work, command, expected_version)
        return carry_out(work, writing, command, known)


def to_change(
    work: UnitOfWork, command: SubscriptionCommand, expected_version: int | None
) -> tuple[Timeline, SubscriptionRow]:
    """Return the subscription that *command* changes, with its row.

    Raises:
        NotFoundError: there is no such subscription.
        ConcurrentChangeError: it is not of *expected_version* any more.
    """
    known = work.subscriptions.get(command.subscription)
    if expected_version not in (None, known[1].version):
        raise ConcurrentChangeError("subscription", command.subscription)
    return known


def carry_out(
    work: UnitOfWork, writing: Writing, command: SubscriptionCommand, known: tuple[Timeline, SubscriptionRow]
) -> Recorded:
    """Carry *command* out in the transaction of *work*, on a subscription as it was read there."""
    timeline, _ = known
    setting = _setting(writing, work, command, known)
    given, password = with_password_made(command, writing.desk.passwords, setting.catalogue)
    asked = with_own_vlan(work, with_secrets_kept(work, given, timeline), timeline, setting.today)
    decision = decide(asked, timeline, setting)
    events = [(event.on, event.payload) for event in decision.events]
    facts = writing.facts(timeline.recorded[0].subject, timeline.last_sequence, events, command.reason)
    lives = [Life(fold_with(timeline, facts), facts, setting)]
    if setting.successor is not None:
        lives.append(_successor(writing, setting, decision))
    on = max(command.on or setting.today, timeline.last.started_on)
    review = Review(command, timeline.on(on), _all_new(lives), lives[0].timeline.on(on), on)
    changed, *opened = reviewed(work, writing, review, *lives)
    changed = _in_contract(work, writing, command, timeline, changed)
    check_compositions(timeline, changed.timeline, setting.catalogue)
    before, left = {timeline.last.id: timeline}, [life.timeline for life in (changed, *opened)]
    save_changed(work, writing, known, changed.timeline)
    work.accounts.raise_all(
        tuple(raised_by(changed.new, changed.timeline.last, setting.catalogue, setting.today))
    )
    for other, after in _others_saved(work, writing, known, changed):
        before.setdefault(other.last.id, other)
        left.append(after)
    check_still_alike(work, known, changed.new, left)
    _save_opened(work, writing, opened)
    gone = {sequence for fact in changed.new for sequence in voided_by(fact.payload)}
    return Recorded(
        subscription=command.subscription,
        facts=changed.new,
        voided=tuple(fact for fact in timeline.recorded if fact.sequence in gone),
        successor=setting.successor,
        moves=serve(work, left, writing.desk.clock.now(), before=[*before.values()]),
        notices=_told(work, writing, (changed, *opened), gone),
        password=password,
    )


def _save_opened(work: UnitOfWork, writing: Writing, opened: Sequence[Life]) -> None:
    for life in opened:
        work.facts.append(life.new, writing.texts(life.new))
        work.subscriptions.insert(life.timeline)


def _others_saved(
    work: UnitOfWork, writing: Writing, known: tuple[Timeline, SubscriptionRow], changed: Life
) -> Iterator[tuple[Timeline, Timeline]]:
    """Save what others record because of this, and yield each as it was and as it is."""
    for other, events in others_to_change(work, known, changed.new):
        before = other[0]
        shared = writing.facts(before.recorded[0].subject, before.last_sequence, events)
        after = fold_with(before, shared)
        check_still_shared(before, after)
        save_changed(work, writing, other, after)
        yield before, after


def _in_contract(
    work: UnitOfWork, writing: Writing, command: SubscriptionCommand, before: Timeline, life: Life
) -> Life:
    """Return a changed *life* with what joining a contract costs, once the contract admits the change."""
    after, customer = life.timeline.last, before.last.customer
    if after.contract is None:
        return life
    if isinstance(command, JoinContract):
        work.contracts.get(after.contract)
        contract = contract_for(work, customer, after.contract)
        check_no_combo(contract)
        check_accepted(contract, None, life.timeline.last)
        return with_installation(work, writing, life, contract)
    if after.bucket is Bucket.ACTIVE and before.last.bucket is not Bucket.ACTIVE:
        check_accepted(own_contract(work, customer, after.contract), before.last, after)
    return life


def _told(work: UnitOfWork, writing: Writing, lives: Sequence[Life], gone: set[int]) -> tuple[Notice, ...]:
    first, *others = lives
    asked = tell_statuses(work, writing.desk, first.timeline, first.new, gone)
    each = (tell_statuses(work, writing.desk, life.timeline, life.new) for life in others)
    return (*asked, *(notice for some in each for notice in some))


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
    unit, charging = catalogue.unit(state.unit), row.charging
    if isinstance(command, ChangeAddress):
        customer, _ = work.customers.get(row.customer)
        unit = unit_at(catalogue, customer, command.address)
    if isinstance(command, Transfer) and command.customer is not None:
        customer, _ = work.customers.get(command.customer)
        unit = unit_at(catalogue, customer, command.address)
        charging = work.subscriptions.charging_of(command.customer)
    return Setting(
        catalogue=catalogue,
        actor=writing.actor,
        today=desk.today(unit.zone),
        unit=unit,
        defaults=defaults_of(charging),
        allows_discounts=charging.allows_discounts,
        open_receivables=isinstance(command, Delete) and _has_open(work, row),
        closed_through=row.closed_through or row.dirty_from,  # the first cycle may be billed in part
        debit_number=_debit_number(work, command),
        documented_until=_documented_until(work, command),
        undone=_undone(work, timeline),
        successor=work.subscriptions.new_number() if isinstance(command, _MOVING) else None,
        resources=shareable(work, command, row, day),
        agreement=agreement_of(work, timeline, day) if isinstance(command, _IN_A_CONTRACT) else None,
        overdue=isinstance(command, Pause) and _is_overdue(work, command, row, desk.today(unit.zone)),
    )


def _debit_number(work: UnitOfWork, command: SubscriptionCommand) -> int | None:
    wanted = isinstance(command, Sell) and command.due_on is not None
    return work.accounts.new_number() if wanted else None


def _documented_until(work: UnitOfWork, command: SubscriptionCommand) -> date | None:
    """Return up to where documents were issued, where a discount may be given."""
    discounts = isinstance(command, ChangeDiscount | ChangeItem)
    return work.documents.issued_until(command.subscription) if discounts else None


def _undone(work: UnitOfWork, timeline: Timeline) -> frozenset[SubscriptionId]:
    """Return the successors that live no day, so that the change of plan itself can be taken back."""
    found = set()
    for fact in timeline.recorded:
        if isinstance(fact.payload, MOVING_ON):
            successor, _ = work.subscriptions.get(fact.payload.successor)
            if successor.end is not None and successor.end.on <= successor.last.started_on:
                found.add(successor.last.id)
    return frozenset(found)


def _has_open(work: UnitOfWork, row: SubscriptionRow) -> bool:
    mine = (one for one in work.ledger.receivables(row.customer) if one.receivable.key.subscription == row.id)
    return any(one.open.minor > 0 for one in mine)


def _is_overdue(work: UnitOfWork, command: Pause, row: SubscriptionRow, today: date) -> bool:
    """Tell whether the customer owes something that was due, where a pause asks for that."""
    asks = command.cause is HoldCause.SEASONAL and work.catalogue.current().seasonal.without_debt
    owed = work.accounts.open([row.customer])[row.customer] if asks else ()
    return any(one.receivable.due_on < today for one in owed)


def _all_new(lives: Sequence[Life]) -> tuple[Fact[Any], ...]:
    return tuple(fact for life in lives for fact in life.new)


def save_changed(
    work: UnitOfWork,
    writing: Writing,
    known: tuple[Timeline, SubscriptionRow],
    after: Timeline,
) -> None:
    """Keep a changed subscription with its new facts; what they change of what was billed is to be seen."""
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
    owing = [fact.effective_on for fact in (*new, *moved) if not isinstance(fact.payload, OWING_NOTHING)]
    first = min(owing, default=date.max)
    if row.closed_through is None or first >= row.closed_through:
        return row.dirty_from
    return min(first, row.dirty_from or first)


def _successor(writing: Writing, setting: Setting, decision: Decision) -> Life:
    """Return the subscription that a change of plan opens; nothing of it is billed yet."""
    subject = Subject(SubjectKind.SUBSCRIPTION, str(setting.successor))
    facts = writing.facts(subject, 0, [(event.on, event.payload) for event in decision.successor])
    return Life(fold_with(None, facts), facts, evolve(setting, successor=None, closed_through=None))

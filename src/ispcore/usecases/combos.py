"""Carry out commands to combos: members come, change and go, and each costs what the rule says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.catalog import ComboRule
from ispcore.contracts import AddToCombo, ChangeInCombo, ComboCommand, Contract, RemoveFromCombo
from ispcore.errors import ConcurrentChangeError, InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import Cancel, SubscriptionCommand, fold_with, member_discounts, own_discount
from ispcore.plans.facts import BillingTermsChanged, ComboLeft, ComboPriced, ContractJoined
from ispcore.timeline import Actor, Fact
from ispcore.usecases.change_subscription import carry_out, save_changed
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.open_subscription import Recorded
from ispcore.usecases.ports import UnitOfWork
from ispcore.values import ContractNumber, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.plans import State, Timeline
    from ispcore.usecases.rows import SubscriptionRow


@frozen
class ComboRecorded:
    """What a command to a combo left: facts of its members, in their order."""

    contract: ContractNumber
    facts: tuple[Fact[Any], ...]


@frozen
class _Combo:
    """A combo in a transaction: members are read anew each time, since facts move them."""

    work: UnitOfWork
    writing: Writing
    contract: Contract
    rule: ComboRule
    today: date

    @property
    def customer(self) -> CustomerId:
        return self.contract.state.customer

    def member(self, number: SubscriptionId) -> tuple[Timeline, SubscriptionRow]:
        """Return a member that lives, or raise NotFoundError."""
        for known in self.members():
            if known[1].id == number:
                return known
        there = ", ".join(str(row.id) for _, row in self.members()) or "none"
        raise NotFoundError("member", number, hint=f"Combo {self.contract.number} has: {there}.")

    def members(self) -> list[tuple[Timeline, SubscriptionRow]]:
        every = self.work.subscriptions.of_customer(self.customer)
        return [one for one in every if one[0].last.contract == self.contract.number and _lives(one[0])]

    def record(
        self, known: tuple[Timeline, SubscriptionRow], payloads: Sequence[Any]
    ) -> tuple[Fact[Any], ...]:
        """Record *payloads* of today on a subscription."""
        timeline, _ = known
        on = max(self.today, timeline.last.started_on)
        events = [(on, payload) for payload in payloads]
        facts = self.writing.facts(timeline.recorded[0].subject, timeline.last_sequence, events)
        save_changed(self.work, self.writing, known, fold_with(timeline, facts))
        return facts

    def price(self) -> tuple[Fact[Any], ...]:
        """Let each member cost what the rule says, and return the facts of those that did not."""
        known = {one[1].id: one for one in self.members()}
        wanted = member_discounts(self.rule, {number: one[0].last for number, one in known.items()})
        facts: list[Fact[Any]] = []
        for number, one in known.items():
            state, discount = one[0].last, wanted[number]
            if state.combo is None or state.plan.discount != discount:
                facts += self.record(one, [ComboPriced(discount, own_discount(state))])
        return tuple(facts)


def change_combo(desk: Desk, command: ComboCommand, *, actor: Actor) -> ComboRecorded:
    """Carry out a command to a combo.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it; nothing is saved.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        combo = _combo(work, writing, command.contract, command.on)
        match command:
            case AddToCombo(subscription=number):
                facts = _added(combo, number)
            case RemoveFromCombo(subscription=number):
                facts = combo.record(combo.member(number), [ComboLeft(), ContractJoined(None)])
            case ChangeInCombo(command=asked):
                facts = _changed(combo, asked)
            case _:
                raise NotFoundError("combo command", type(command).__name__)
        return ComboRecorded(command.contract, (*facts, *combo.price()))


def cancel(desk: Desk, command: Cancel, *, actor: Actor, expected_version: int | None = None) -> Recorded:
    """Cancel a subscription; a combo that it leaves by it is priced anew.

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
        recorded = carry_out(work, writing, command, known)
        _price_others(work, writing, known[0].last)
    return recorded


def _price_others(work: UnitOfWork, writing: Writing, state: State) -> None:
    """Let those cost what the rule says who stay in a combo that one member of it has left.

    What would cost more together than alone costs what it costs alone.
    """
    if state.combo is None or state.contract is None:
        return
    combo = _combo(work, writing, ContractNumber(state.contract))
    try:
        combo.price()
    except RefusedError:
        for known in combo.members():
            alone = own_discount(known[0].last)
            combo.record(known, [ComboPriced(alone, alone)])


def _combo(work: UnitOfWork, writing: Writing, number: ContractNumber, on: date | None = None) -> _Combo:
    contract, _ = work.contracts.get(number)
    work.accounts.turns([contract.state.customer])
    rule = contract.terms.combo
    if rule is None:
        raise RefusedError(
            f"Contract {number} is no combo.", rule="no-combo", hint="Its template has no table 'combo'."
        )
    today = writing.desk.today_of(work.catalogue.current())
    if on is not None and on > today:
        raise RefusedError(
            f"A combo cannot be changed for {on}: today is {today}.",
            rule="later-day",
            hint="Give the command on its day.",
        )
    return _Combo(work, writing, contract, rule, on or today)


def _lives(timeline: Timeline) -> bool:
    return timeline.last.end is None


def _added(combo: _Combo, number: SubscriptionId) -> tuple[Fact[Any], ...]:
    known = combo.work.subscriptions.get(number)
    state, name = known[0].last, f"Subscription {number}"
    if known[1].customer != combo.customer:
        raise RefusedError(
            f"{name} is of customer {known[1].customer}, and the combo of customer {combo.customer}.",
            rule="contract-of-another",
            hint="Name a subscription of the same customer.",
        )
    if not _lives(known[0]):
        raise RefusedError(f"{name} has ended.", rule="ended", hint="Open a new one instead.")
    if state.combo is not None:
        raise RefusedError(
            f"{name} is in the combo {state.contract} already.",
            rule="in-combo",
            hint="Take it out of that one first.",
        )
    if combo.rule.plans and state.plan.offer not in combo.rule.plans:
        raise RefusedError(
            f"{name} has the plan {state.plan.offer!r}, which is not in combo {combo.contract.number}.",
            rule="plan-not-in-combo",
            hint=f"It is of: {', '.join(combo.rule.plans)}.",
        )
    payloads = _joining(combo, state)
    return combo.record(known, payloads) if payloads else ()


def _joining(combo: _Combo, state: State) -> list[Any]:
    """Return what brings a new member into the contract and onto the slip of the first one."""
    payloads: list[Any] = []
    if state.contract != combo.contract.number:
        payloads.append(ContractJoined(combo.contract.number))
    first = next((one.last.terms for one, row in combo.members() if row.id != state.id), None)
    if first is not None and (first.due_day, first.charge_method) != (
        state.terms.due_day,
        state.terms.charge_method,
    ):
        payloads.append(BillingTermsChanged(due_day=first.due_day, charge_method=first.charge_method))
    return payloads


def _changed(combo: _Combo, command: object) -> tuple[Fact[Any], ...]:
    if not isinstance(command, SubscriptionCommand):
        raise InvalidValueError(
            f"{type(command).__name__} is no command to a subscription.", hint="Give it on its own."
        )
    combo.writing.actor.require(command.permission)
    alone = combo.record(combo.member(command.subscription), [ComboLeft()])
    known = combo.work.subscriptions.get(command.subscription)
    done = carry_out(combo.work, combo.writing, command, known)
    return (*alone, *done.facts)

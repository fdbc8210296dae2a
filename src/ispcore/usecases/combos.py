"""Carry out commands to combos: members come, change and go, and each costs what the rule says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore.catalog import ComboRule
from ispcore.contracts import AddToCombo, ChangeInCombo, ComboCommand, Contract, RemoveFromCombo
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    PAYMENT_TERMS,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    CustomiseComposition,
    RestoreComposition,
    SubscriptionCommand,
    check_permitted,
    dated_own_discount,
    fold_with,
    member_discounts,
    own_discount,
)
from ispcore.plans.facts import BillingTermsChanged, ComboLeft, ComboPriced, ContractJoined
from ispcore.timeline import Actor, Fact
from ispcore.usecases.change_subscription import carry_out, save_changed, to_change
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.memberships import check_accepted, check_free_to_leave, installation_for
from ispcore.usecases.open_subscription import Recorded
from ispcore.usecases.ports import UnitOfWork
from ispcore.values import ContractNumber, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.plans import State, Timeline
    from ispcore.usecases.rows import SubscriptionRow


_CHANGES = (
    ChangePrice,
    ChangeDiscount,
    ChangePlan,
    ChangeBillingTerms,
    CustomiseComposition,
    RestoreComposition,
)
"""What a member takes through its combo."""


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
        mine = (one for one in every if one[0].last.contract == self.contract.number)
        return [one for one in mine if self.lives(one[0])]

    def lives(self, timeline: Timeline) -> bool:
        """Tell whether a subscription goes on today."""
        return timeline.end is None or timeline.end.on > self.today

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
        for timeline, row in known.values():
            self.check_plan(row.id, timeline.last)
        wanted = member_discounts(self.rule, {number: one[0].last for number, one in known.items()})
        facts: list[Fact[Any]] = []
        for number, one in known.items():
            state, discount = one[0].last, wanted[number]
            if state.combo is None or state.plan.discount != discount:
                facts += self.record(one, [ComboPriced(discount, dated_own_discount(state))])
        return tuple(facts)

    def install(self, number: SubscriptionId) -> tuple[Fact[Any], ...]:
        """Charge the installation of the contract with a new member, unless another one carries it."""
        known = self.work.subscriptions.get(number)
        event = installation_for(self.work, self.writing, known[0], self.contract)
        return () if event is None else self.record(known, [event])

    def check_plan(self, number: SubscriptionId, state: State) -> None:
        """Refuse a member with a plan that the combo does not take."""
        if self.rule.plans and state.plan.offer not in self.rule.plans:
            raise RefusedError(
                f"Subscription {number} has the plan {state.plan.offer!r}, which is not in combo"
                f" {self.contract.number}.",
                rule="plan-not-in-combo",
                hint=f"It is of: {', '.join(self.rule.plans)}.",
            )


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
                known = combo.member(number)
                check_free_to_leave(work, writing, known[0], combo.today)
                facts = combo.record(known, [ComboLeft(), ContractJoined(None)])
            case ChangeInCombo(command=asked):
                facts = _changed(combo, asked)
            case _:
                raise NotFoundError("combo command", type(command).__name__)
        return ComboRecorded(command.contract, (*facts, *combo.price()))


def end_or_restore(
    desk: Desk, command: SubscriptionCommand, *, actor: Actor, expected_version: int | None = None
) -> Recorded:
    """End a subscription, or take an end back; the combo that it is in is priced anew.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
        ConcurrentChangeError: the subscription is not of *expected_version* any more.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        known = to_change(work, command, expected_version)
        recorded = carry_out(work, writing, command, known)
        after, _ = work.subscriptions.get(command.subscription)
        for state in {one.contract: one for one in (known[0].last, after.last) if one.combo}.values():
            _price_others(work, writing, state)
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
            combo.record(known, [ComboPriced(alone, dated_own_discount(known[0].last))])


def _combo(work: UnitOfWork, writing: Writing, number: ContractNumber, on: date | None = None) -> _Combo:
    contract, _ = work.contracts.get(number)
    work.accounts.turns([contract.state.customer])
    rule = contract.terms.combo
    if rule is None:
        raise RefusedError(
            f"Contract {number} is no combo.", rule="no-combo", hint="Its template has no table 'combo'."
        )
    today = writing.desk.today_of(work.catalogue.current())
    if on not in (None, today):
        raise RefusedError(
            f"A combo is changed today, {today}, not on {on}.",
            rule="combo-day",
            hint="Give the command on its day.",
        )
    return _Combo(work, writing, contract, rule, today)


def _added(combo: _Combo, number: SubscriptionId) -> tuple[Fact[Any], ...]:
    known = combo.work.subscriptions.get(number)
    state, name = known[0].last, f"Subscription {number}"
    if known[1].customer != combo.customer:
        raise RefusedError(
            f"{name} is of customer {known[1].customer}, and the combo of customer {combo.customer}.",
            rule="contract-of-another",
            hint="Name a subscription of the same customer.",
        )
    if not combo.lives(known[0]):
        raise RefusedError(f"{name} has ended.", rule="ended", hint="Open a new one instead.")
    if state.combo is not None:
        raise RefusedError(
            f"{name} is in the combo {state.contract} already.",
            rule="in-combo",
            hint="Take it out of that one first.",
        )
    combo.check_plan(number, state)
    check_accepted(combo.contract, None, state)
    check_free_to_leave(combo.work, combo.writing, known[0], combo.today)
    payloads = _joining(combo, state)
    facts = combo.record(known, payloads) if payloads else ()
    return (*facts, *combo.install(number))


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
        combo.writing.actor.require(PAYMENT_TERMS)
        payloads.append(BillingTermsChanged(due_day=first.due_day, charge_method=first.charge_method))
    return payloads


def _changed(combo: _Combo, command: object) -> tuple[Fact[Any], ...]:
    """Carry out a command to a member that is outside of its combo for so long; terms are those of all."""
    if not isinstance(command, _CHANGES):
        names = ", ".join(kind.__name__ for kind in _CHANGES)
        raise InvalidValueError(
            f"{type(command).__name__} is not given through a combo.", hint=f"These are: {names}."
        )
    if command.on not in (None, combo.today):
        raise RefusedError(
            f"A member of a combo is changed today, not on {command.on}.",
            rule="combo-day",
            hint="Give the command on its day.",
        )
    check_permitted(command, combo.writing.actor)
    first = _changed_alone(combo, command)
    if not isinstance(command, ChangeBillingTerms):
        return first
    others = [row.id for _, row in combo.members() if row.id != command.subscription]
    rest = [_changed_alone(combo, evolve(command, subscription=number)) for number in others]
    return (*first, *(fact for facts in rest for fact in facts))


def _changed_alone(combo: _Combo, command: SubscriptionCommand) -> tuple[Fact[Any], ...]:
    alone = combo.record(combo.member(command.subscription), [ComboLeft()])
    known = combo.work.subscriptions.get(command.subscription)
    done = carry_out(combo.work, combo.writing, command, known)
    return (*alone, *done.facts)

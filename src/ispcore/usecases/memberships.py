"""Subscriptions in contracts: which one they may join, what that charges, and what leaving costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import Acceptance, Bucket
from ispcore.contracts import PENALTY_PERMISSION, AcceptanceState, Agreement
from ispcore.errors import RefusedError
from ispcore.plans import (
    EndKind,
    EventKind,
    Setting,
    fold_with,
    installation_event,
    installation_text,
    pauses,
    penalty_text,
)
from ispcore.plans.facts import BillingEventAdded
from ispcore.timeline import EVERYTHING, Actor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ispcore.contracts import Contract
    from ispcore.plans import State, Timeline
    from ispcore.usecases.additions import Life
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ContractNumber, CustomerId


_NEVER_LIVED = (EndKind.ANNULLED, EndKind.DELETED)


def members(work: UnitOfWork, customer: CustomerId, number: ContractNumber | str) -> tuple[Timeline, ...]:
    """Return the subscriptions of a customer that are in a contract, the oldest first."""
    return in_contract((timeline for timeline, _ in work.subscriptions.of_customer(customer)), number)


def in_contract(lives: Iterable[Timeline], number: str) -> tuple[Timeline, ...]:
    """Return those of a customer's subscriptions that are in a contract."""
    return tuple(timeline for timeline in lives if timeline.last.contract == number)


def contract_for(work: UnitOfWork, customer: CustomerId, number: str | None) -> Contract | None:
    """Return the contract of this number that the customer joins; None where it is only a name.

    Raises:
        RefusedError: it is another customer's.
    """
    found = None if number is None else work.contracts.find(number)
    if found is None:
        return None
    contract, _ = found
    if contract.state.customer != customer:
        raise RefusedError(
            f"Contract {number} is one of customer {contract.state.customer}, not of customer {customer}.",
            rule="contract-of-another",
            hint="Name a contract of the same customer, or hand the subscription over.",
        )
    return contract


def own_contract(work: UnitOfWork, customer: CustomerId, number: str | None) -> Contract | None:
    """Return the customer's contract of this number; a name that others' contracts have too is none."""
    found = None if number is None else work.contracts.find(number)
    return found[0] if found is not None and found[0].state.customer == customer else None


def check_no_combo(contract: Contract | None) -> None:
    """Refuse that a subscription joins a combo by itself.

    Raises:
        RefusedError: the contract is one.
    """
    if contract is not None and contract.terms.combo is not None:
        raise RefusedError(
            f"Contract {contract.number} is a combo.",
            rule="use-combo",
            hint="Add it with AddToCombo.",
        )


def check_accepted(contract: Contract | None, before: State | None, after: State) -> None:
    """Refuse that a subscription becomes active before its contract was accepted, where that is asked for.

    Raises:
        RefusedError: it was not.
    """
    if contract is None or contract.state.demands is not Acceptance.BEFORE_ENABLING:
        return
    was_active = before is not None and before.bucket is Bucket.ACTIVE
    if not was_active and after.bucket is Bucket.ACTIVE and not _is_accepted(contract):
        raise RefusedError(
            f"Contract {contract.number} is not accepted: that is {contract.state.acceptance.value}.",
            rule="not-accepted",
            hint="Have it accepted first.",
        )


def _is_accepted(contract: Contract) -> bool:
    return contract.state.acceptance is AcceptanceState.ACCEPTED


def installation_for(
    work: UnitOfWork, writing: Writing, timeline: Timeline, contract: Contract
) -> BillingEventAdded | None:
    """Return what the installation of a contract costs, where no subscription carries it yet."""
    fee = contract.terms.installation
    if fee is None or fee.unpaid.is_zero or _is_charged(work, contract):
        return None
    catalogue, state = work.catalogue.current(), timeline.last
    unit = catalogue.unit(state.unit)
    entitled = Actor(writing.actor.id, {EVERYTHING})
    setting = Setting(catalogue=catalogue, actor=entitled, today=writing.desk.today(unit.zone), unit=unit)
    added: BillingEventAdded = installation_event(timeline, setting, contract.number, fee).payload
    return added


def with_installation(work: UnitOfWork, writing: Writing, life: Life, contract: Contract | None) -> Life:
    """Return a *life* that joins a contract with what its installation costs, which the first one carries."""
    added = None if contract is None else installation_for(work, writing, life.timeline, contract)
    if added is None:
        return life
    subject, last = life.timeline.recorded[0].subject, life.timeline.last_sequence
    on = max(life.setting.today, life.timeline.last.started_on)
    new = writing.facts(subject, last, [(on, added)])
    return evolve(life, timeline=fold_with(life.timeline, new), new=(*life.new, *new))


def _is_charged(work: UnitOfWork, contract: Contract) -> bool:
    """Tell whether a subscription carries the installation, be it in the contract still or not."""
    said = installation_text(contract.number)
    return any(_carries(one, EventKind.INSTALLATION, said) for one in _lives_of(work, contract))


def _lives_of(work: UnitOfWork, contract: Contract) -> tuple[Timeline, ...]:
    """Return every subscription of the customer that was delivered."""
    every = work.subscriptions.of_customer(contract.state.customer)
    return tuple(one for one, _ in every if one.end is None or one.end.kind not in _NEVER_LIVED)


def _carries(timeline: Timeline, kind: EventKind, said: str) -> bool:
    return any(event.kind is kind and event.description == said for event in timeline.last.events)


def agreement_of(work: UnitOfWork, timeline: Timeline, on: date) -> Agreement | None:
    """Return the contract of a subscription as it stands for one who leaves on a day.

    The last one to end ends it, on the day on which all have ended; what was asked for is not asked again.
    """
    state = timeline.last
    contract = own_contract(work, state.customer, state.contract)
    if contract is None:
        return None
    its = members(work, state.customer, contract.number)
    others = [one for one in its if one.last.id != state.id and one.final.activations]
    ends = [one.end.on for one in others if one.end is not None and not one.end.moves_on]
    said = penalty_text(contract.number)
    asked = any(_carries(one, EventKind.PENALTY, said) for one in others)
    terms = contract.state.terms_on(on)
    return Agreement(
        contract.number,
        terms,
        terms.starts_on or first_active(its, contract.number),
        asked or any(one.end is None for one in others),
        pauses(its, on),
        max(ends, default=None),
    )


def check_free_to_leave(work: UnitOfWork, writing: Writing, timeline: Timeline, on: date) -> None:
    """Refuse to take a subscription out of a contract that would ask for a penalty, but to who may waive one.

    Raises:
        NotPermittedError: the actor may not.
    """
    agreement = agreement_of(work, timeline, on)
    found = None if agreement is None else agreement.penalty(on, None, timeline.last.plan.to_pay())
    if found is not None and not found.amount.is_zero:
        writing.actor.require(PENALTY_PERMISSION)


def first_active(timelines: Iterable[Timeline], number: str) -> date | None:
    """Return the day on which one of several subscriptions was first active in a contract."""
    days = (
        span.since
        for one in timelines
        if one.end is None or one.end.kind not in _NEVER_LIVED
        for span in one.spans
        if span.state.contract == number and span.state.bucket is Bucket.ACTIVE
    )
    return min(days, default=None)

"""Subscriptions in contracts: which one they may join, what that charges, and what leaving costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import Acceptance, Bucket
from ispcore.contracts import AcceptanceState, Agreement
from ispcore.errors import RefusedError
from ispcore.plans import fold_with, installation_event, pauses
from ispcore.timeline import EVERYTHING, Actor

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ispcore.contracts import Contract
    from ispcore.plans import State, Timeline
    from ispcore.usecases.additions import Life
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import ContractNumber, CustomerId, SubscriptionId


def members(work: UnitOfWork, customer: CustomerId, number: ContractNumber | str) -> tuple[Timeline, ...]:
    """Return the subscriptions of a customer that are in a contract, the oldest first."""
    every = work.subscriptions.of_customer(customer)
    return tuple(timeline for timeline, _ in every if timeline.last.contract == number)


def contract_for(work: UnitOfWork, customer: CustomerId, number: str | None) -> Contract | None:
    """Return the contract of this number; None where it is only a name that the customer's contract has.

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


def with_installation(work: UnitOfWork, writing: Writing, life: Life, contract: Contract | None) -> Life:
    """Return a *life* that joins a contract with what its installation costs, which the first one carries."""
    fee = None if contract is None else contract.terms.installation
    if contract is None or fee is None or fee.unpaid.is_zero:
        return life
    state = life.timeline.last
    if any(one.last.id != state.id for one in members(work, state.customer, contract.number)):
        return life
    entitled = Actor(life.setting.actor.id, {EVERYTHING})
    event = installation_event(life.timeline, evolve(life.setting, actor=entitled), contract.number, fee)
    subject, last = life.timeline.recorded[0].subject, life.timeline.last_sequence
    new = writing.facts(subject, last, [(event.on, event.payload)])
    return evolve(life, timeline=fold_with(life.timeline, new), new=(*life.new, *new))


def agreement_of(work: UnitOfWork, timeline: Timeline, on: date) -> Agreement | None:
    """Return the contract of a subscription as it stands for one who leaves on a day."""
    state = timeline.last
    contract = contract_for(work, state.customer, state.contract)
    if contract is None:
        return None
    its = members(work, state.customer, contract.number)
    return Agreement(
        contract.number,
        contract.terms,
        contract.terms.starts_on or first_active(its),
        _others_go_on(its, state.id, on),
        pauses(its, on),
    )


def first_active(timelines: Iterable[Timeline]) -> date | None:
    """Return the day on which one of several subscriptions first became active."""
    return min((day for one in timelines for day in one.final.activations[:1]), default=None)


def _others_go_on(its: Iterable[Timeline], leaving: SubscriptionId, on: date) -> bool:
    others = (one for one in its if one.last.id != leaving)
    return any(one.end is None or one.end.on > on for one in others)

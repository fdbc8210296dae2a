"""Carry out a move to another technology: a change of plan, and work that is ordered with the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.contracts import InstallationOrder, fold_contract
from ispcore.contracts.facts import ContractEdited
from ispcore.timeline import Subject, SubjectKind
from ispcore.usecases.change_subscription import carry_out, to_change
from ispcore.usecases.desk import begin
from ispcore.usecases.memberships import own_contract

if TYPE_CHECKING:
    from ispcore.contracts import Contract
    from ispcore.plans import MigrateTechnology
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk, Writing
    from ispcore.usecases.open_subscription import Recorded
    from ispcore.usecases.ports import UnitOfWork


def migrate(
    desk: Desk, command: MigrateTechnology, *, actor: Actor, expected_version: int | None = None
) -> Recorded:
    """Move a subscription to another technology.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
        ConcurrentChangeError: the subscription is not of *expected_version* any more.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        known = to_change(work, command, expected_version)
        recorded = carry_out(work, writing, command, known)
        contract = own_contract(work, known[1].customer, known[0].last.contract)
        if contract is not None:
            _order(work, writing, command, contract)
    return recorded


def _order(work: UnitOfWork, writing: Writing, command: MigrateTechnology, contract: Contract) -> None:
    """Order the work with the contract, in the place of what was ordered before."""
    catalogue = work.catalogue.current()
    technology = catalogue.plan(command.plan).technology.value
    order = InstallationOrder(
        service=f"Migration to {technology}",
        responsible=command.responsible,
        planned_on=command.planned_on,
        migrates=True,
    )
    subject = Subject(SubjectKind.CONTRACT, contract.number)
    before = work.facts.of(subject)
    last = max(fact.sequence for fact in before)
    on = command.on or writing.desk.today_of(catalogue)
    facts = writing.facts(subject, last, [(on, ContractEdited(evolve(contract.terms, order=order)))])
    work.facts.append(facts, writing.texts(facts))
    _, version = work.contracts.get(contract.number)
    work.contracts.update(fold_contract((*before, *facts)), version)

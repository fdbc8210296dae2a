"""Make contracts and change them; their free text is kept apart from the facts that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore.catalog import ContractTemplate
from ispcore.contracts import (
    ContractCommand,
    ContractEvent,
    ContractSetting,
    OpenContract,
    decide_contract,
    decide_contract_opening,
    fold_contract,
)
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import pauses
from ispcore.timeline import Actor, Fact, Subject, SubjectKind
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.memberships import first_active, members
from ispcore.values import ContractNumber

if TYPE_CHECKING:
    from datetime import date

    from ispcore.contracts import Contract
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork

_TEXTS = ("note", "document_text", "guarantor_note")


@frozen
class ContractRecorded:
    """The contract that a command was about, and the facts that it left."""

    contract: ContractNumber
    facts: tuple[Fact[Any], ...]


def open_contract(desk: Desk, command: OpenContract, *, actor: Actor) -> ContractRecorded:
    """Make a contract and return its number.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        return opened_contract(work, writing, command)


def opened_contract(work: UnitOfWork, writing: Writing, command: OpenContract) -> ContractRecorded:
    """Make a contract in the transaction of *work*; errors are those of :func:`open_contract`."""
    setting = _setting(work, writing, command.customer)
    on = command.on or setting.today
    template = setting.catalogue.contract(command.template)
    number = command.number or _next_number(work, template, on)
    event = decide_contract_opening(command, number, setting)
    taken = work.contracts.find(number)
    if template.combo is not None and members(work, command.customer, number):
        raise RefusedError(
            f"Subscriptions name the number {number!r}, which is to be a combo.",
            rule="use-combo",
            hint="Give another number, and add them with AddToCombo.",
        )
    if taken is not None:
        raise RefusedError(
            f"The number {number!r} is that of a contract of customer {taken[0].state.customer}.",
            rule="contract-number-taken",
            hint="Give another number.",
        )
    facts = _recorded(work, writing, Subject(SubjectKind.CONTRACT, number), 0, on, event)
    work.contracts.insert(fold_contract(facts))
    return ContractRecorded(ContractNumber(number), facts)


def change_contract(desk: Desk, command: ContractCommand, *, actor: Actor) -> ContractRecorded:
    """Carry out a command to a contract.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        contract, version = work.contracts.get(command.contract)
        setting = _with_lives(work, contract, _setting(work, writing, contract.state.customer))
        event = decide_contract(command, contract.state, _texts_of(contract), setting)
        subject = Subject(SubjectKind.CONTRACT, contract.number)
        before = work.facts.of(subject)
        last = max(fact.sequence for fact in before)
        facts = _recorded(work, writing, subject, last, command.on or setting.today, event)
        work.contracts.update(fold_contract((*before, *facts)), version)
        return ContractRecorded(contract.number, facts)


def _setting(work: UnitOfWork, writing: Writing, customer: Any) -> ContractSetting:  # noqa: ANN401 - a number
    who, _ = work.customers.get(customer)
    catalogue = work.catalogue.current()
    return ContractSetting(catalogue, writing.actor, who, writing.desk.today_of(catalogue))


def _with_lives(work: UnitOfWork, contract: Contract, setting: ContractSetting) -> ContractSetting:
    """Return *setting* with what the contract's subscriptions tell of it."""
    its = members(work, contract.state.customer, contract.number)
    return evolve(setting, begun=first_active(its, contract.number), pauses=pauses(its, setting.today))


def _next_number(work: UnitOfWork, template: ContractTemplate, on: date) -> str:
    """Return the next number of the template's series that nobody typed before."""
    if template.number is None:
        raise InvalidValueError(
            f"A contract by {template.code!r} needs a number.",
            hint="Its template has no pattern.",
        )
    while True:
        number = template.number.number(on, work.contracts.next_in(template.number.series(on)))
        if work.contracts.find(number) is None:
            return number


def _recorded(  # noqa: PLR0913, PLR0917 - of this module
    work: UnitOfWork, writing: Writing, subject: Subject, last: int, on: date, event: ContractEvent
) -> tuple[Fact[Any], ...]:
    facts = writing.facts(subject, last, [(on, event.payload)])
    texts = writing.texts(facts)
    work.facts.append(facts, texts | {(facts[0].sequence, path): text for path, text in event.texts.items()})
    return facts


def _texts_of(contract: Contract) -> dict[str, str]:
    return {name: text for name in _TEXTS if (text := getattr(contract, name))}

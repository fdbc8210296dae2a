"""Deciding commands to contracts: what would remain of one, or the rule that forbids it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from ispcore.catalog import LONGEST_NUMBER, Catalogue, Formula, PenaltyRule
from ispcore.contracts import commands as c
from ispcore.contracts import facts as f
from ispcore.contracts.term import term_on
from ispcore.contracts.terms import AcceptanceState, ContractTerms, Installation, InstallationOrder
from ispcore.customers import Customer, PersonKind
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.timeline import Actor
from ispcore.values import PROSE, Period, check_length, zero

if TYPE_CHECKING:
    from ispcore.catalog import ContractTemplate
    from ispcore.contracts.state import ContractState

_LONGEST_NAME = 200
_HASH = re.compile(r"[0-9a-f]{64}")
_INSTALLATION = ("installation_fee", "installation_discount", "installation_paid", "installation_instalments")
_PENALTY = ("penalty_fixed", "penalty_formula", "penalty_instalments", "benefit")
_TEXTS = {"contract_note": "note", "document_text": "document_text", "guarantor_note": "guarantor_note"}
_CLEARABLE = (
    "starts_on",
    "order",
    "salesperson",
    "responsible",
    "guarantor",
    "address",
    "installation",
    *_TEXTS,
)


@frozen
class ContractSetting:
    """What a command to a contract is decided with.

    ``begun`` is the day on which a subscription of it first became active, ``pauses`` are when all rested.
    """

    catalogue: Catalogue
    actor: Actor
    customer: Customer
    today: date
    begun: date | None = None
    pauses: tuple[Period, ...] = ()


@frozen
class ContractEvent:
    """A fact in the making, and the texts that it brings, by path."""

    payload: Any
    texts: Mapping[str, str] = field(factory=dict)


def decide_contract_opening(command: c.OpenContract, number: str, setting: ContractSetting) -> ContractEvent:
    """Return what making a contract of this *number* leaves behind.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: it cannot be agreed so.
    """
    setting.actor.require(command.permission)
    template = setting.catalogue.contract(command.template)
    check_number(number)
    on = command.on or setting.today
    if command.months is None and template.months is None:
        raise InvalidValueError(
            f"A contract by {template.code!r} needs its months.",
            hint="The template says none.",
        )
    nothing = zero(setting.catalogue.currency)
    fee = template.installation_fee
    terms = ContractTerms(
        dated_on=on,
        sold_on=on,
        months=template.months or command.months or 0,
        fidelity_months=template.fidelity_months if command.months is None else 0,
        price_rise_months=template.price_rise_months,
        renewal=template.renewal,
        renews_fidelity=template.renews_fidelity,
        penalty=template.penalty,
        benefit=template.benefit or nothing,
        combo=template.combo,
        installation=None
        if fee is None
        else Installation(fee=fee, discount=nothing, paid=nothing, instalments=template.instalments),
        order=InstallationOrder(service=template.order_service) if template.order_service else None,
    )
    if command.months is not None and command.fidelity_months is None:
        command = evolve(command, fidelity_months=min(template.fidelity_months, command.months))
    agreed = _agreed(command, terms, template, setting)
    texts = _texts(command)
    return ContractEvent(
        f.ContractOpened(command.customer, template.code, template.acceptance, agreed, tuple(texts)), texts
    )


def check_number(number: str) -> None:
    """Refuse what cannot be the number of a contract.

    Raises:
        InvalidValueError: it is empty, too long, or not on one printable line.
    """
    if not number.strip() or not number.isprintable() or len(number) > LONGEST_NUMBER:
        raise InvalidValueError(
            f"{number[:60]!r} cannot be the number of a contract.",
            hint=f"Use 1 to {LONGEST_NUMBER} printable characters.",
        )


def decide_contract(
    command: c.ContractCommand, state: ContractState, texts: Mapping[str, str], setting: ContractSetting
) -> ContractEvent:
    """Return what *command* leaves behind; *texts* are those that the contract has.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: it cannot be so.
    """
    setting.actor.require(command.permission)
    match command:
        case c.EditContract():
            return _edited(command, state, texts, setting)
        case c.RenewContract():
            return ContractEvent(_renewed(command, state, setting))
        case c.AcceptContract():
            return _accepted(command, state)
        case _:
            if state.acceptance is not AcceptanceState.PENDING:
                raise _not_pending(state)
            return ContractEvent(f.ContractRefused())


def _edited(
    command: c.EditContract, state: ContractState, texts: Mapping[str, str], setting: ContractSetting
) -> ContractEvent:
    for name in command.clear:
        if name not in _CLEARABLE:
            raise NotFoundError("field to clear", name, hint=f"There are: {', '.join(_CLEARABLE)}.")
    known = state.terms_on(command.on or setting.today)
    gone: dict[str, Any] = {name: None for name in command.clear if name not in _TEXTS}
    template = setting.catalogue.contracts.get(state.template)
    terms = _agreed(command, evolve(known, **gone), template, setting)
    new = {name: text for name, text in _texts(command).items() if texts.get(name) != text}
    cleared = tuple(_TEXTS[name] for name in _TEXTS if name in command.clear and _TEXTS[name] in texts)
    if _binds_less(known, terms):
        setting.actor.require(c.PENALTY_PERMISSION)
    if terms == known and not new and not cleared:
        raise RefusedError(f"Contract {state.number} says this already.", rule="nothing")
    return ContractEvent(f.ContractEdited(terms, tuple(new), cleared), new)


def _binds_less(before: ContractTerms, after: ContractTerms) -> bool:
    """Tell whether who leaves would pay otherwise: the days and months that a penalty is counted by move."""
    names = ("dated_on", "starts_on", "months", "fidelity_months")
    return any(getattr(before, name) != getattr(after, name) for name in names)


def _agreed(
    command: c.AgreedFields,
    terms: ContractTerms,
    template: ContractTemplate | None,
    setting: ContractSetting,
) -> ContractTerms:
    """Return *terms* with what *command* says."""
    plain = ("dated_on", "sold_on", "starts_on", "months", "fidelity_months", "renewal", "benefit", "order")
    people = ("salesperson", "responsible", "witnesses", "guarantor", "address")
    given = {name: value for name in (*plain, *people) if (value := getattr(command, name)) is not None}
    if any(getattr(command, name) is not None for name in _PENALTY):
        setting.actor.require(c.PENALTY_PERMISSION)
        given["penalty"] = _penalty(command, terms.penalty)
    if any(getattr(command, name) is not None for name in _INSTALLATION):
        given["installation"] = _installation(command, terms, setting)
    found = evolve(terms, **given)
    _check_fidelity(found.fidelity_months, template, setting)
    _check_people(found, setting)
    return found


def _penalty(command: c.AgreedFields, rule: PenaltyRule) -> PenaltyRule:
    instalments = command.penalty_instalments or rule.instalments
    if command.penalty_fixed is None and command.penalty_formula is None:
        return evolve(rule, instalments=instalments)
    formula = None if command.penalty_formula is None else Formula.parse(command.penalty_formula)
    return evolve(rule, fixed=command.penalty_fixed, formula=formula, instalments=instalments)


def _installation(command: c.AgreedFields, terms: ContractTerms, setting: ContractSetting) -> Installation:
    nothing = zero(setting.catalogue.currency)
    known = terms.installation or Installation(fee=nothing, discount=nothing, paid=nothing)
    given = {name.removeprefix("installation_"): getattr(command, name) for name in _INSTALLATION}
    return evolve(known, **{name: value for name, value in given.items() if value is not None})


def _check_fidelity(months: int, template: ContractTemplate | None, setting: ContractSetting) -> None:
    if template is None:
        return
    company = setting.customer.kind is PersonKind.COMPANY
    most = template.most_fidelity_company if company else template.most_fidelity_person
    if months > most:
        raise RefusedError(
            f"A {setting.customer.kind.value} cannot be bound for {months} months by {template.code!r}.",
            rule="fidelity-too-long",
            hint=f"Use up to {most}.",
        )


def _check_people(terms: ContractTerms, setting: ContractSetting) -> None:
    for contact in terms.contacts:
        setting.customer.contact(contact)
    if terms.address is not None:
        setting.customer.address(terms.address)
    if len(set(terms.witnesses)) < len(terms.witnesses):
        raise RefusedError("One person is a witness twice.", rule="witness-twice", hint="Name each once.")
    check_length("salesperson", terms.salesperson, 100)
    if terms.order is not None:
        for text in (terms.order.service, terms.order.state, terms.order.responsible):
            check_length("installation order", text, _LONGEST_NAME)


def _texts(command: c.AgreedFields) -> dict[str, str]:
    found = {kept: getattr(command, name) for name, kept in _TEXTS.items()}
    return {name: PROSE.parse(text) for name, text in found.items() if text}


def _renewed(command: c.RenewContract, state: ContractState, setting: ContractSetting) -> f.ContractRenewed:
    on = command.on or setting.today
    terms = state.terms_on(on)
    begun = terms.starts_on or setting.begun
    running = None if begun is None else term_on(terms, begun, on, setting.pauses)
    start = command.starts_on or (running.ends_on if running else None)
    if start is None:
        raise RefusedError(
            f"Contract {state.number} has not begun.",
            rule="not-begun",
            hint="Give the day on which it begins anew.",
        )
    latest = max((one.starts_on for one in state.renewals), default=begun)
    if latest is not None and start <= latest:
        raise RefusedError(
            f"Contract {state.number} began on {latest}: it is not renewed on {start}.",
            rule="before-its-start",
            hint="Give a later day.",
        )
    if running is not None and running.bound_until is not None and start < running.bound_until:
        setting.actor.require(c.PENALTY_PERMISSION)
    months = command.months or terms.months
    usual = min(terms.fidelity_months, months) if terms.renews_fidelity else 0
    fidelity = usual if command.fidelity_months is None else command.fidelity_months
    evolve(terms, months=months, fidelity_months=fidelity)  # refuses what makes no term
    _check_fidelity(fidelity, setting.catalogue.contracts.get(state.template), setting)
    return f.ContractRenewed(start, months, fidelity)


def _accepted(command: c.AcceptContract, state: ContractState) -> ContractEvent:
    if state.acceptance not in (AcceptanceState.PENDING, AcceptanceState.REFUSED):
        raise _not_pending(state)
    if not _HASH.fullmatch(command.document_hash):
        raise InvalidValueError(
            f"{command.document_hash[:80]!r} is no SHA-256 in hexadecimal.",
            hint="Give the 64 small letters and digits of the document that was shown.",
        )
    by = command.by.strip()
    if not by or not by.isprintable():
        raise InvalidValueError("Who accepted a contract has a name.", hint="Give it, on one line.")
    check_length("name of who accepted", by, _LONGEST_NAME)
    return ContractEvent(
        f.ContractAccepted(command.how, command.document_hash, ("accepted_by",)), {"accepted_by": by}
    )


def _not_pending(state: ContractState) -> RefusedError:
    return RefusedError(
        f"Contract {state.number} does not wait to be accepted: that is {state.acceptance.value}.",
        rule="not-pending",
    )

"""A contract as the fold of its facts; texts are references until they are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from ispcore.catalog import Acceptance
from ispcore.contracts import facts as f
from ispcore.contracts.terms import AcceptanceState, ContractTerms
from ispcore.customers import ERASED, TextRef
from ispcore.errors import RefusedError
from ispcore.values import LAST_DAY, ContractNumber, CustomerId, as_tuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.timeline import Fact

TEXTS = ("note", "document_text", "guarantor_note", "accepted_by")
"""What is kept beside the facts: a remark, what fiscal documents say too, of the guarantor, who accepted."""


@frozen
class ContractState:
    """A contract without its texts.

    ``terms`` are those of its beginning, or of the last edit; ``renewals`` come after, on their days.
    ``demands`` is what its template said of acceptance when it was made. ``accepted_on`` and
    ``document_hash`` are those of the acceptance that counts.
    """

    number: ContractNumber
    customer: CustomerId
    template: str
    terms: ContractTerms
    opened_on: date
    demands: Acceptance
    acceptance: AcceptanceState
    accepted_on: date | None = None
    document_hash: str | None = None
    texts: Mapping[str, TextRef] = field(factory=dict)
    renewals: tuple[f.ContractRenewed, ...] = field(default=(), converter=as_tuple)

    def terms_on(self, on: date) -> ContractTerms:
        """Return what was agreed as it counts on a day: with the renewals that have begun by then."""
        terms = self.terms
        for renewal in self.renewals:
            if renewal.starts_on <= on:
                terms = renewed(terms, renewal)
        return terms


def renewed(terms: ContractTerms, renewal: f.ContractRenewed) -> ContractTerms:
    """Return *terms* once they begin anew."""
    return evolve(
        terms,
        starts_on=renewal.starts_on,
        months=renewal.months,
        fidelity_months=renewal.fidelity_months,
    )


@frozen
class Contract:
    """A contract as people see it."""

    state: ContractState
    note: str = ""
    document_text: str = ""
    guarantor_note: str = ""
    accepted_by: str = ""

    @property
    def number(self) -> ContractNumber:
        """Its number."""
        return self.state.number

    @property
    def terms(self) -> ContractTerms:
        """What was agreed last, also where it is to begin."""
        return self.state.terms_on(LAST_DAY)


def fold_contract(recorded: Iterable[Fact[Any]]) -> ContractState:
    """Return the contract that the facts make.

    Raises:
        RefusedError: they do not begin with its making, or one is of another kind.
    """
    state: ContractState | None = None
    for fact in sorted(recorded, key=lambda fact: fact.sequence):
        state = _opened(fact) if state is None else _evolved(state, fact)
    if state is None:
        raise RefusedError("A contract needs facts.", rule="not-open")
    return state


def _opened(fact: Fact[Any]) -> ContractState:
    payload = fact.payload
    if not isinstance(payload, f.ContractOpened):
        raise RefusedError(f"{str(fact.subject).capitalize()} does not exist before {fact}.", rule="not-open")
    return ContractState(
        number=ContractNumber(fact.subject.id),
        customer=payload.customer,
        template=payload.template,
        terms=payload.terms,
        opened_on=fact.effective_on,
        demands=payload.acceptance,
        acceptance=_asked(payload.acceptance),
        texts=_moved({}, fact, payload.texts, ()),
    )


def _evolved(state: ContractState, fact: Fact[Any]) -> ContractState:
    payload = fact.payload
    match payload:
        case f.ContractEdited():
            texts = _moved(state.texts, fact, payload.texts, payload.cleared)
            to_come = tuple(one for one in state.renewals if one.starts_on > fact.effective_on)
            edited = evolve(state, terms=payload.terms, texts=texts, renewals=to_come)
            same = payload.terms.binding == state.terms_on(fact.effective_on).binding
            return edited if same else _asked_again(edited)
        case f.ContractRenewed():
            later = sorted((*state.renewals, payload), key=lambda one: one.starts_on)
            return _asked_again(evolve(state, renewals=later))
        case f.ContractAccepted():
            return evolve(
                state,
                acceptance=AcceptanceState.ACCEPTED,
                accepted_on=fact.effective_on,
                document_hash=payload.document_hash,
                texts=_moved(state.texts, fact, payload.texts, ()),
            )
        case f.ContractRefused():
            return evolve(state, acceptance=AcceptanceState.REFUSED, accepted_on=None, document_hash=None)
        case _:
            raise RefusedError(f"{fact} does not fit contract {state.number}.", rule="unknown-fact")


def _asked(demands: Acceptance) -> AcceptanceState:
    return AcceptanceState.NOT_ASKED if demands is Acceptance.NONE else AcceptanceState.PENDING


def _asked_again(state: ContractState) -> ContractState:
    """Return *state* to be accepted once more: something else is agreed."""
    texts = {name: ref for name, ref in state.texts.items() if name != "accepted_by"}
    return evolve(state, acceptance=_asked(state.demands), accepted_on=None, document_hash=None, texts=texts)


def _moved(
    old: Mapping[str, TextRef], fact: Fact[Any], texts: tuple[str, ...], cleared: tuple[str, ...]
) -> dict[str, TextRef]:
    kept = {name: ref for name, ref in old.items() if name not in cleared}
    return kept | {name: TextRef(fact.sequence, name) for name in texts}


def shown_contract(state: ContractState, texts: Mapping[TextRef, str | None]) -> Contract:
    """Return *state* with its texts; an erased one shows that it was."""
    return Contract(state, **{name: texts.get(ref) or ERASED for name, ref in state.texts.items()})

"""Forget a customer: the texts are erased, facts and entries stay, and so does what tax law wants kept."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.customers import CustomerEvent, Forget, Ties, decide_forget, kept_texts
from ispcore.errors import RefusedError
from ispcore.timeline import EVERYTHING, Subject, SubjectKind
from ispcore.usecases.customer_facts import record_on_customer
from ispcore.usecases.desk import ACTOR_ADDRESS, Desk, Writing, begin
from ispcore.usecases.serve_customer import CustomerRecorded
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from ispcore.plans import Timeline
    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId


@frozen
class PersonForgotten(CustomerRecorded):
    """A customer who was forgotten: how many texts were ``erased``, what was ``kept``, and ``until`` when."""

    erased: int = 0
    kept: tuple[str, ...] = ()
    until: date | None = None


def forget(desk: Desk, command: Forget, *, actor: Actor) -> PersonForgotten:
    """Forget a customer.

    The name, the tax id, addresses, extra fields, remarks and reasons are erased; where an actor acted from
    is not the customer's, and stays.

    Raises:
        NotFoundError: there is no such customer.
        RefusedError: a subscription goes on, money is open, or nothing is left to be forgotten.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        return _forgotten(work, writing, command)


def forget_due(desk: Desk, on: date, *, actor: Actor) -> int:
    """Erase what was kept of those who were forgotten and is not wanted any more, and return of how many.

    Who has become a customer again is left alone.
    """
    actor.require(Forget.permission)
    allowed = evolve(actor, permissions=frozenset({EVERYTHING}))
    with desk.database.reading() as work:
        known = work.customers.forgotten()
        states = work.customers.states(known) if known else {}
    count = 0
    for customer in known:
        kept = states[customer].forgotten
        if kept is None or kept.until is None or kept.until > on:
            continue
        try:
            forget(desk, Forget(customer=customer), actor=allowed)
        except RefusedError:
            continue
        count += 1
    return count


def _forgotten(work: UnitOfWork, writing: Writing, command: Forget) -> PersonForgotten:
    customer = command.customer
    work.customers.check(customer)
    # First, as whoever carries a task out has its row before asking for the customer's turn.
    erased = work.tasks.erase_texts(customer)
    work.accounts.turns([customer])
    _, version = work.customers.get(customer)
    catalogue = work.catalogue.current()
    today = writing.desk.earliest_today_of(catalogue)
    state = work.customers.state(customer)
    lives = [timeline for timeline, _ in work.subscriptions.of_customer(customer)]
    found = decide_forget(state, _ties(work, customer, lives, today), catalogue.privacy, today)
    facts = record_on_customer(work, writing, (customer, version), (today, CustomerEvent(found)), command)
    kept = {(ref.sequence, ref.path) for ref in kept_texts(state, found.kept)}
    kept |= {(fact.sequence, fact.recorded.note_ref) for fact in facts if fact.recorded.note_ref}
    erased += _erase(work, Subject(SubjectKind.CUSTOMER, str(customer)), kept)
    for life in lives:
        erased += _erase(work, Subject(SubjectKind.SUBSCRIPTION, str(life.last.id)), set())
    for contract in work.contracts.of_customer(customer):
        erased += _erase(work, Subject(SubjectKind.CONTRACT, contract.number), set())
    erased += work.payments.erase_reasons(customer)
    if "tax_id" not in found.kept:
        work.customers.identify(state.person, None)
    return PersonForgotten(customer, facts, erased=erased, kept=found.kept, until=found.until)


def _ties(work: UnitOfWork, customer: CustomerId, lives: list[Timeline], today: date) -> Ties:
    entries = [one.receivable for one in work.ledger.receivables(customer)]
    return Ties(
        go_on=tuple(SubscriptionId(life.last.id) for life in lives if _goes_on(life, today)),
        owes=bool(work.accounts.open([customer])[customer]),
        balance=any(amount.minor for amount in work.ledger.balances(customer).values()),
        last_entry=max((max(one.issued_on, one.due_on) for one in entries), default=None),
    )


def _goes_on(life: Timeline, today: date) -> bool:
    return life.end is None or life.end.on > today


def _erase(work: UnitOfWork, subject: Subject, kept: set[tuple[int, str]]) -> int:
    addresses = {one for one in work.facts.texts(subject) if one[1] == ACTOR_ADDRESS}
    return work.facts.erase(subject, kept | addresses)

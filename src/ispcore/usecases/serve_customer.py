"""Register and change customers; their texts are kept apart from the facts that name them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.customers import (
    CustomerCommand,
    RegisterCustomer,
    SaveAddress,
    decide_customer,
    decide_registration,
    fold_customer,
)
from ispcore.errors import RefusedError
from ispcore.plans import ChangeAddress
from ispcore.timeline import Actor, Fact, Subject, SubjectKind
from ispcore.usecases.additions import review_customer
from ispcore.usecases.change_subscription import carry_out
from ispcore.usecases.customer_facts import record_on_customer, texts_of
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.open_subscription import unit_at
from ispcore.usecases.review import Review
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ispcore.customers import Customer, CustomerEvent
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork


@frozen
class CustomerRecorded:
    """The customer a command was about, and the facts that it left.

    ``moved`` are facts of subscriptions that came to another business unit with their city.
    """

    customer: CustomerId
    facts: tuple[Fact[Any], ...]
    moved: tuple[Fact[Any], ...] = ()


def register_customer(desk: Desk, command: RegisterCustomer, *, actor: Actor) -> CustomerRecorded:
    """Register a customer and return the number.

    Raises:
        RefusedError: the person is a customer already, or a rule forbids it.
        InvalidValueError: a text, tax id or extra field that cannot be.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        return registered(work, writing, command)


def registered(work: UnitOfWork, writing: Writing, command: RegisterCustomer) -> CustomerRecorded:
    """Register a customer in the transaction of *work*; errors are those of :func:`register_customer`."""
    desk = writing.desk
    catalogue = work.catalogue.current()
    on = command.on or desk.today_of(catalogue)
    tax_id = command.details.tax_id and desk.tax_ids.normalise(command.details.tax_id, command.kind)
    person, known = work.customers.person_for(tax_id)
    if known is not None:
        raise _known_person(str(tax_id), known)
    customer = work.customers.new_number()
    events = decide_registration(
        command, customer=customer, person=person, catalogue=catalogue, tax_ids=desk.tax_ids, on=on
    )
    subject = Subject(SubjectKind.CUSTOMER, str(customer))
    facts = writing.facts(subject, 0, [(on, event.payload) for event in events])
    state = fold_customer(facts)
    review_customer(work, writing, Review(command, None, facts, state, on))
    work.facts.append(facts, texts_of(writing, facts, events))
    work.customers.insert(state, tax_id)
    return CustomerRecorded(customer, facts)


def change_customer(desk: Desk, command: CustomerCommand, *, actor: Actor) -> CustomerRecorded:
    """Carry out a command to a customer.

    Raises:
        RefusedError, InvalidValueError, NotFoundError: as the decision says; also when a city brings a
            subscription to a business unit that does not serve it so.
    """
    actor.require(command.permission)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        customer, version = work.customers.get(command.customer)
        catalogue = work.catalogue.current()
        event = decide_customer(command, customer, catalogue, desk.tax_ids)
        _identify(work, customer, event)
        on = command.on or desk.today_of(catalogue)
        facts = record_on_customer(work, writing, (command.customer, version), (on, event), command)
        moved = _moved(work, writing, command.customer, on) if isinstance(command, SaveAddress) else ()
        return CustomerRecorded(command.customer, facts, tuple(moved))


def _moved(work: UnitOfWork, writing: Writing, number: CustomerId, on: date) -> Iterator[Fact[Any]]:
    """Bring subscriptions to the business unit of their address's city, where that is another one now."""
    customer, _ = work.customers.get(number)
    for known in work.subscriptions.of_customer(number):
        state = known[0].on(on)
        if state is None or state.end is not None or state.address is None:
            continue
        if unit_at(work.catalogue.current(), customer, state.address).code != state.unit:
            command = ChangeAddress(subscription=state.id, on=on, address=state.address)
            yield from carry_out(work, writing, command, known).facts


def _identify(work: UnitOfWork, customer: Customer, event: CustomerEvent) -> None:
    """Keep the tax id that *event* brings or clears, unless it is somebody else's."""
    tax_id = event.texts.get("tax_id")
    if tax_id is not None:
        person, known = work.customers.person_for(tax_id)
        if known is not None and person != customer.person:
            raise _known_person(tax_id, known)
    if tax_id is not None or "tax_id" in getattr(event.payload, "cleared", ()):
        work.customers.identify(customer.person, tax_id)


def _known_person(tax_id: str, known: CustomerId) -> RefusedError:
    return RefusedError(
        f"The tax id {tax_id!r} is that of customer {known}.",
        rule="known-person",
        hint="Open the new subscription for that customer.",
    )

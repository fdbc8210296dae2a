"""Open a subscription: a new one, or one that lived in another system."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from attrs import evolve, frozen

from ispcore.catalog import unit_of
from ispcore.customers import AddressType, CustomerEvent
from ispcore.customers.facts import BillingDefaultsSet
from ispcore.network import Move
from ispcore.notices import Notice
from ispcore.plans import (
    BillingDefaults,
    OpeningCommand,
    Setting,
    Subscribe,
    Transfer,
    billing_defaults,
    check_permitted,
    decide_opening,
    fold_with,
)
from ispcore.timeline import Actor, Fact, Subject, SubjectKind
from ispcore.usecases.additions import Life, reviewed
from ispcore.usecases.customer_facts import record_on_customer
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.memberships import check_accepted, check_no_combo, contract_for, with_installation
from ispcore.usecases.notices import tell_statuses
from ispcore.usecases.review import Review
from ispcore.usecases.serving import serve
from ispcore.values import SecretText, SubscriptionId

if TYPE_CHECKING:
    from ispcore.catalog import BusinessUnit, Catalogue
    from ispcore.customers import Customer
    from ispcore.usecases.rows import Charging
    from ispcore.values import AddressId

C = TypeVar("C", OpeningCommand, Transfer)


@frozen
class Recorded:
    """What a command to a subscription left: its facts, those it voided, and the successor it opened.

    ``moves`` are the placements on the network that want something else by it, ``notices`` what customers
    are told of it. ``password`` is the one that was generated, told here and nowhere else.
    """

    subscription: SubscriptionId
    facts: tuple[Fact[Any], ...]
    voided: tuple[Fact[Any], ...] = ()
    successor: SubscriptionId | None = None
    moves: tuple[Move, ...] = ()
    notices: tuple[Notice, ...] = ()
    password: SecretText | None = None


def open_subscription(desk: Desk, command: OpeningCommand, *, actor: Actor) -> Recorded:
    """Open a subscription and return its number.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
    """
    check_permitted(command, actor)
    writing = begin(desk, actor, command.note)
    with desk.database.writing() as work:
        customer, version = work.customers.get(command.customer)
        catalogue = work.catalogue.current()
        command = at_installation(command, customer)
        unit = unit_at(catalogue, customer, command.address)
        setting = Setting(
            catalogue=catalogue,
            actor=actor,
            today=desk.today(unit.zone),
            unit=unit,
            defaults=defaults_of(customer),
            allows_discounts=customer.allows_discounts,
        )
        event = decide_opening(command, setting)
        number = work.subscriptions.new_number()
        subject = Subject(SubjectKind.SUBSCRIPTION, str(number))
        facts = writing.facts(subject, 0, [(event.on, event.payload)])
        life = Life(fold_with(None, facts), facts, setting)
        review = Review(command, None, facts, life.timeline.on(event.on), event.on)
        (life,) = reviewed(work, writing, review, life)
        contract = contract_for(work, command.customer, command.contract)
        check_no_combo(contract)
        check_accepted(contract, None, life.timeline.on(event.on) or life.timeline.last)
        if isinstance(command, Subscribe):  # what is imported was installed before
            life = with_installation(work, writing, life, contract)
        work.facts.append(life.new, writing.texts(life.new))
        work.subscriptions.insert(life.timeline)
        moves = serve(work, [life.timeline], desk.clock.now())
        notices = tell_statuses(work, desk, life.timeline, life.new)
        if setting.defaults is None:
            given = billing_defaults(event.payload)
            payload = BillingDefaultsSet(given.charge_method, given.due_day)
            known = (customer.id, version)
            record_on_customer(work, writing, known, (setting.today, CustomerEvent(payload)))
    return Recorded(number, life.new, moves=moves, notices=notices)


def at_installation(command: C, customer: Customer) -> C:
    """Return *command* with the customer's address of installation, where it names none."""
    if command.address is not None:
        return command
    address = customer.address_for(AddressType.INSTALLATION)
    return command if address is None else evolve(command, address=address.id)


def unit_at(catalogue: Catalogue, customer: Customer, address: AddressId | None) -> BusinessUnit:
    """Return the business unit of the *address*'s city, else of the customer's registered one.

    Raises:
        RefusedError: no unit serves it.
        NotFoundError: the customer has no such address.
    """
    cities = [customer.address(address).city] if address is not None else []
    registered = customer.address_for(AddressType.REGISTERED)
    if registered is not None:
        cities.append(registered.city)
    return unit_of(catalogue.units.values(), cities)


def defaults_of(customer: Customer | Charging) -> BillingDefaults | None:
    """Return how the customer's subscriptions are charged by default, once the first one has said so."""
    if customer.charge_method is None or customer.due_day is None:
        return None
    return BillingDefaults(customer.charge_method, customer.due_day)

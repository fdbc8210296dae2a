"""A customer as the fold of their facts; texts are references until they are looked up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from ispcore.catalog import LateTreatment, Topic
from ispcore.customers import facts as f
from ispcore.customers.people import (
    ADDRESS_FIELDS,
    PERSON_FIELDS,
    Address,
    AddressType,
    Contact,
    ContactKind,
    PersonDetails,
    PersonKind,
)
from ispcore.errors import NotFoundError, RefusedError
from ispcore.timeline import in_force
from ispcore.values import AddressId, ChargeId, ContactId, CustomerId, Money, PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.timeline import Fact

Unwanted: TypeAlias = "tuple[Topic, str | None]"
"""A topic of which a customer wants nothing by a channel; None is every channel."""

ERASED = "(erased)"
"""What is shown where a text was erased."""


@frozen
class TextRef:
    """Where a text is kept: the sequence of the fact that brought it, and the field's path."""

    sequence: int
    path: str


@frozen
class AddressState:
    """An address: its type, and where each of its texts is."""

    type: AddressType
    texts: Mapping[str, TextRef]


@frozen
class ContactState:
    """A contact: what about, whether they agreed to be written to, and where each of their texts is."""

    kind: ContactKind
    consents: bool
    texts: Mapping[str, TextRef]


@frozen
class CustomerState:
    """A customer without the texts.

    ``promises`` say by which day, that day included, a receivable was last promised to be paid; ``disputes``
    how much of one is contested now. ``forgotten`` is what stayed when the person was, until a text is new.
    """

    id: CustomerId
    person: PersonId
    kind: PersonKind
    code: str
    registered_on: date
    texts: Mapping[str, TextRef] = field(factory=dict)
    addresses: Mapping[AddressId, AddressState] = field(factory=dict)
    contacts: Mapping[ContactId, ContactState] = field(factory=dict)
    charge_method: str | None = None
    due_day: int | None = None
    allows_discounts: bool = True
    slip_fee_exempt: bool = False
    late: LateTreatment = LateTreatment()
    promises: Mapping[ChargeId, date] = field(factory=dict)
    disputes: Mapping[ChargeId, Money] = field(factory=dict)
    unwanted: frozenset[Unwanted] = frozenset()
    forgotten: f.Forgotten | None = None


@frozen
class Customer:
    """A customer as people see them."""

    id: CustomerId
    person: PersonId
    kind: PersonKind
    code: str
    registered_on: date
    details: PersonDetails
    addresses: tuple[Address, ...]
    extra: Mapping[str, str]
    charge_method: str | None
    due_day: int | None
    allows_discounts: bool
    slip_fee_exempt: bool = False
    unwanted: frozenset[Unwanted] = frozenset()
    contacts: tuple[Contact, ...] = ()

    def wants(self, topic: Topic, channel: str) -> bool:
        """Tell whether notices about *topic* may come by *channel*."""
        return self.unwanted.isdisjoint({(topic, channel), (topic, None)})

    def address(self, address_id: AddressId) -> Address:
        """Return the address *address_id*, or raise NotFoundError."""
        for address in self.addresses:
            if address.id == address_id:
                return address
        known = ", ".join(address.id for address in self.addresses) or "none"
        raise NotFoundError("address", address_id, hint=f"Customer {self.id} has: {known}.")

    def contact(self, contact_id: ContactId) -> Contact:
        """Return the contact *contact_id*, or raise NotFoundError."""
        for contact in self.contacts:
            if contact.id == contact_id:
                return contact
        known = ", ".join(contact.id for contact in self.contacts) or "none"
        raise NotFoundError("contact", contact_id, hint=f"Customer {self.id} has: {known}.")

    def address_for(self, kind: AddressType) -> Address | None:
        """Return the first address of this *kind*, else the registered one, else the first."""
        for wanted in (kind, AddressType.REGISTERED):
            for address in self.addresses:
                if address.type is wanted:
                    return address
        return self.addresses[0] if self.addresses else None


def address_path(address: AddressId, name: str) -> str:
    """Return the path of a text of an address."""
    return f"address.{address}.{name}"


def contact_path(contact: ContactId, name: str) -> str:
    """Return the path of a text of a contact."""
    return f"contact.{contact}.{name}"


def fold_customer(recorded: Iterable[Fact[Any]]) -> CustomerState:
    """Return the customer that the facts make.

    Raises:
        RefusedError: the facts do not begin with a registration.
    """
    state: CustomerState | None = None
    for fact in sorted(in_force(recorded), key=lambda fact: fact.sequence):
        state = evolve_customer(state, fact)
    if state is None:
        raise RefusedError("A customer needs a registration.", rule="not-registered")
    return state


def evolve_customer(state: CustomerState | None, fact: Fact[Any]) -> CustomerState:
    """Return the customer after *fact*."""
    payload = fact.payload
    if state is None:
        return _registered(fact)
    match payload:
        case f.DetailsChanged():
            texts = _moved(state.texts, fact, _own(payload.texts), payload.cleared)
            return evolve(state, texts=texts, forgotten=None)
        case f.AddressSaved():
            return evolve(state, addresses=_with_address(state, fact), forgotten=None)
        case f.ContactSaved():
            return evolve(state, contacts=_with_contact(state, fact), forgotten=None)
        case f.BillingDefaultsSet():
            return evolve(state, charge_method=payload.charge_method, due_day=payload.due_day)
        case f.PromotionsSet():
            return evolve(state, allows_discounts=payload.allowed)
        case f.NoticesSet():
            return evolve(state, unwanted=_unwanted(state.unwanted, payload))
        case f.SlipFeeExemptionSet():
            return evolve(state, slip_fee_exempt=payload.exempt)
        case f.Forgotten():
            return evolve(state, forgotten=payload)
        case _:
            return _late(state, fact)


def _with_address(state: CustomerState, fact: Fact[Any]) -> dict[AddressId, AddressState]:
    payload: f.AddressSaved = fact.payload
    old = state.addresses.get(payload.address)
    paths = {name: address_path(payload.address, name) for name in payload.texts}
    texts = _moved(old.texts if old else {}, fact, paths, payload.cleared)
    return {**state.addresses, payload.address: AddressState(payload.type, texts)}


def _with_contact(state: CustomerState, fact: Fact[Any]) -> dict[ContactId, ContactState]:
    payload: f.ContactSaved = fact.payload
    old = state.contacts.get(payload.contact)
    paths = {name: contact_path(payload.contact, name) for name in payload.texts}
    texts = _moved(old.texts if old else {}, fact, paths, payload.cleared)
    return {**state.contacts, payload.contact: ContactState(payload.kind, payload.consents, texts)}


def _late(state: CustomerState, fact: Fact[Any]) -> CustomerState:
    payload = fact.payload
    match payload:
        case f.LateTreatmentSet(treatment):
            return evolve(state, late=treatment)
        case f.PaymentPromised(receivables, until):
            return evolve(state, promises={**state.promises, **dict.fromkeys(receivables, until)})
        case f.DisputeOpened(receivable, amount):
            return evolve(state, disputes={**state.disputes, receivable: amount})
        case f.DisputeResolved(receivable):
            left = {name: amount for name, amount in state.disputes.items() if name != receivable}
            return evolve(state, disputes=left)
        case _:
            raise RefusedError(f"{fact} does not fit customer {state.id}.", rule="unknown-fact")


def _unwanted(before: frozenset[Unwanted], payload: f.NoticesSet) -> frozenset[Unwanted]:
    """Return what is not wanted any more; what is said of every channel holds for each of them."""
    if payload.channel is None:
        before = frozenset(one for one in before if one[0] is not payload.topic)
    this = {(payload.topic, payload.channel)}
    return before - this if payload.wanted else before | this


def _registered(fact: Fact[Any]) -> CustomerState:
    payload = fact.payload
    if not isinstance(payload, f.Registered):
        subject = str(fact.subject).capitalize()
        raise RefusedError(f"{subject} is not registered before {fact}.", rule="not-registered")
    return CustomerState(
        id=CustomerId(int(fact.subject.id)),
        person=payload.person,
        kind=payload.kind,
        code=payload.code,
        registered_on=payload.registered_on,
        texts=_moved({}, fact, _own(payload.texts), ()),
        allows_discounts=payload.allows_discounts,
    )


def _own(names: tuple[str, ...]) -> dict[str, str]:
    return {name: name for name in names}


def _moved(
    old: Mapping[str, TextRef], fact: Fact[Any], paths: Mapping[str, str], cleared: tuple[str, ...]
) -> dict[str, TextRef]:
    """Return where texts are after *fact*, which brought those in *paths*."""
    kept = {name: ref for name, ref in old.items() if name not in cleared}
    return kept | {name: TextRef(fact.sequence, path) for name, path in paths.items()}


def shown(state: CustomerState, texts: Mapping[TextRef, str | None]) -> Customer:
    """Return *state* with its texts; an erased one shows that it was."""

    def read(refs: Mapping[str, TextRef]) -> dict[str, str]:
        return {name: texts.get(ref) or ERASED for name, ref in refs.items()}

    mine = read(state.texts)
    person = {name: mine[name] for name in PERSON_FIELDS if name in mine}
    return Customer(
        id=state.id,
        person=state.person,
        kind=state.kind,
        code=state.code,
        registered_on=state.registered_on,
        details=PersonDetails(**{"name": ERASED, **person}),
        addresses=tuple(_address(key, one.type, read(one.texts)) for key, one in state.addresses.items()),
        extra={name.removeprefix("extra."): text for name, text in mine.items() if name.startswith("extra.")},
        charge_method=state.charge_method,
        due_day=state.due_day,
        allows_discounts=state.allows_discounts,
        slip_fee_exempt=state.slip_fee_exempt,
        unwanted=state.unwanted,
        contacts=tuple(_contact(key, one, read(one.texts)) for key, one in state.contacts.items()),
    )


def _contact(key: ContactId, state: ContactState, texts: Mapping[str, str]) -> Contact:
    return Contact(id=key, kind=state.kind, consents=state.consents, **{"name": ERASED, **texts})


def _address(key: AddressId, kind: AddressType, texts: Mapping[str, str]) -> Address:
    known = {name: texts[name] for name in ADDRESS_FIELDS if name in texts}
    return Address(id=key, type=kind, **{"city": ERASED, **known})

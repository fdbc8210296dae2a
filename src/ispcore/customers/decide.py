"""What can be asked of a customer, and what remains of it.

A decision brings its texts apart from the payload, so that the payload can be kept for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from attrs import field, frozen

from ispcore.catalog import FieldOwner, Topic, parse_extra_fields
from ispcore.customers import facts as f
from ispcore.customers.people import (
    PERSON_FIELDS,
    Address,
    Contact,
    PersonDetails,
    PersonKind,
    address_texts,
    contact_texts,
    person_texts,
)
from ispcore.customers.state import address_path, contact_path
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.values import AddressId, CustomerId, PersonId, check_code, check_length, check_types

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.customers.state import Customer
    from ispcore.customers.tax_ids import TaxIds

_LONGEST = 500
_LONGEST_CODE = 40
_COMPANY_ONLY = ("trade_name", "state_registration")


@frozen(kw_only=True)
class RegisterCustomer:
    """Register a person or company as a customer; ``code`` is the provider's own, the number by default."""

    permission: ClassVar[str] = "customer.register"
    kind: PersonKind
    details: PersonDetails
    addresses: tuple[Address, ...] = ()
    code: str | None = None
    allows_discounts: bool = True
    extra: Mapping[str, object] = field(factory=dict)
    on: date | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class CustomerCommand:
    """A command to a customer who is registered."""

    permission: ClassVar[str] = "customer.change"
    customer: CustomerId
    on: date | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class ChangeCustomer(CustomerCommand):
    """Change texts of the person and extra fields; None clears one."""

    details: Mapping[str, str | None] = field(factory=dict)
    extra: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class SaveAddress(CustomerCommand):
    """Add an address, or edit the one with this id as a whole."""

    address: Address


@frozen(kw_only=True)
class SaveContact(CustomerCommand):
    """Add a contact, or edit the one with this id as a whole."""

    contact: Contact


@frozen(kw_only=True)
class AllowPromotions(CustomerCommand):
    """Allow promotional discounts, or bar them."""

    allowed: bool


@frozen(kw_only=True)
class ExemptFromSlipFee(CustomerCommand):
    """Exempt the customer from the fees of slips, or let them be paid again."""

    exempt: bool


@frozen(kw_only=True)
class SetNotices(CustomerCommand):
    """Say whether notices about a topic are *wanted* by a channel, or by any."""

    permission: ClassVar[str] = "customer.notices"
    topic: Topic
    wanted: bool
    channel: str | None = None


@frozen
class CustomerEvent:
    """A fact in the making, and the texts that it brings, by path."""

    payload: Any
    texts: Mapping[str, str] = field(factory=dict)


def decide_registration(  # noqa: PLR0913 - numbers and day are given out by the caller, each by its name
    command: RegisterCustomer,
    *,
    customer: CustomerId,
    person: PersonId,
    catalogue: Catalogue,
    tax_ids: TaxIds,
    on: date,
) -> tuple[CustomerEvent, ...]:
    """Return what registering a customer leaves behind.

    Raises:
        RefusedError: no name, fields of a company for a person, or an address id twice.
        InvalidValueError: a text, a tax id or an extra field that cannot be.
    """
    code = str(customer) if command.code is None else command.code
    _check_texts({"code": code})
    check_length("code", code, _LONGEST_CODE)
    texts = _checked_person(person_texts(command.details), command.kind, tax_ids)
    if "name" not in texts:
        raise _nameless()
    extra = catalogue.extra(FieldOwner.CUSTOMER, command.extra)  # noqa: S610 - no Django
    texts |= _checked_extra(extra)
    ids = [address.id for address in command.addresses]
    if len(set(ids)) < len(ids):
        raise RefusedError(f"Two addresses have one id: {', '.join(sorted(ids))}.", rule="address-twice")
    registered = f.Registered(
        person=person,
        kind=command.kind,
        code=code,
        registered_on=on,
        texts=tuple(texts),
        allows_discounts=command.allows_discounts,
    )
    return (CustomerEvent(registered, texts), *(_saved(address, None) for address in command.addresses))


def decide_customer(
    command: CustomerCommand, customer: Customer, catalogue: Catalogue, tax_ids: TaxIds
) -> CustomerEvent:
    """Return what *command* leaves behind.

    Raises:
        RefusedError: it changes nothing, or a rule forbids it.
        InvalidValueError: a text that cannot be.
        NotFoundError: a field that a person does not have.
    """
    match command:
        case ChangeCustomer():
            return _changed(command, customer, catalogue, tax_ids)
        case SaveAddress():
            known = {address.id: address for address in customer.addresses}
            return _saved(command.address, known.get(command.address.id))
        case SaveContact():
            return _contact_saved(command.contact, customer, tax_ids)
        case AllowPromotions():
            if command.allowed is customer.allows_discounts:
                raise RefusedError(f"Customer {customer.id} has this setting already.", rule="nothing")
            return CustomerEvent(f.PromotionsSet(command.allowed))
        case ExemptFromSlipFee():
            if command.exempt is customer.slip_fee_exempt:
                raise RefusedError(f"Customer {customer.id} has this setting already.", rule="nothing")
            return CustomerEvent(f.SlipFeeExemptionSet(command.exempt))
        case SetNotices():
            return CustomerEvent(_notices(command, customer, catalogue))
        case _:
            raise NotFoundError("customer command", type(command).__name__)


def _notices(command: SetNotices, customer: Customer, catalogue: Catalogue) -> f.NoticesSet:
    topic, channel, unwanted = command.topic, command.channel, customer.unwanted
    if channel is not None:
        catalogue.notices.channel(channel)
        if (topic, None) in unwanted:
            raise RefusedError(
                f"Customer {customer.id} wants nothing about {topic.value!r} by any channel.",
                rule="unwanted-whole",
                hint="Say first that it is wanted, without a channel.",
            )
    known = {one for one in unwanted if one[0] is topic and channel in (None, one[1])}
    if not known if command.wanted else (topic, channel) in known:
        raise RefusedError(f"Customer {customer.id} has this setting already.", rule="nothing")
    return f.NoticesSet(topic, channel, command.wanted)


def _changed(
    command: ChangeCustomer, customer: Customer, catalogue: Catalogue, tax_ids: TaxIds
) -> CustomerEvent:
    for name in command.details:
        if name not in PERSON_FIELDS:
            raise NotFoundError("field of a person", name, hint=f"There are: {', '.join(PERSON_FIELDS)}.")
    wanted: dict[str, str | None] = {name: text or None for name, text in command.details.items()}
    wanted |= _checked_person(_given(wanted), customer.kind, tax_ids)
    if "name" in wanted and wanted["name"] is None:
        raise _nameless()
    wanted |= _wanted_extra(command, customer, catalogue)
    known = person_texts(customer.details) | {_extra(code): text for code, text in customer.extra.items()}
    texts = {name: text for name, text in _given(wanted).items() if text != known.get(name)}
    cleared = tuple(name for name, text in wanted.items() if text is None and name in known)
    if not texts and not cleared:
        raise RefusedError("ChangeCustomer changes nothing.", rule="nothing", hint="Give another text.")
    return CustomerEvent(f.DetailsChanged(tuple(texts), cleared), texts)


def _wanted_extra(command: ChangeCustomer, customer: Customer, catalogue: Catalogue) -> dict[str, str | None]:
    """Return the extra fields as the command wants them.

    A field that is required is asked for, unless the customer has it and the command leaves it alone.
    """
    given = {code: value for code, value in command.extra.items() if value is not None}
    asked = {
        key: extra
        for key, extra in catalogue.extra_fields.items()
        if extra.code in command.extra or extra.code not in customer.extra
    }
    parsed = parse_extra_fields(asked, given, FieldOwner.CUSTOMER) if command.extra else {}
    return {**{_extra(code): None for code in command.extra}, **_checked_extra(parsed)}


def _saved(address: Address, old: Address | None) -> CustomerEvent:
    check_code(address.id, "address id")
    texts, before = address_texts(address), address_texts(old) if old else {}
    _check_texts(texts)
    if not texts.get("city"):
        raise InvalidValueError(
            f"The address {address.id!r} has no city.", hint="The business unit follows from it."
        )
    moved = {name: text for name, text in texts.items() if before.get(name) != text}
    cleared = tuple(name for name in before if name not in texts)
    if old is not None and not moved and not cleared and address.type is old.type:
        raise RefusedError(f"The address {address.id!r} says this already.", rule="nothing")
    payload = f.AddressSaved(AddressId(address.id), address.type, tuple(moved), cleared)
    return CustomerEvent(payload, {address_path(address.id, name): text for name, text in moved.items()})


def _contact_saved(contact: Contact, customer: Customer, tax_ids: TaxIds) -> CustomerEvent:
    check_code(contact.id, "contact id")
    texts = contact_texts(contact)
    _check_texts(texts)
    if "name" not in texts:
        raise InvalidValueError(f"The contact {contact.id!r} has no name.", hint="Give one.")
    if contact.tax_id:
        texts["tax_id"] = tax_ids.normalise(contact.tax_id, PersonKind.PERSON)
    old = next((one for one in customer.contacts if one.id == contact.id), None)
    before = contact_texts(old) if old else {}
    moved = {name: text for name, text in texts.items() if before.get(name) != text}
    cleared = tuple(name for name in before if name not in texts)
    same = old is not None and (old.kind, old.consents) == (contact.kind, contact.consents)
    if same and not moved and not cleared:
        raise RefusedError(f"The contact {contact.id!r} says this already.", rule="nothing")
    payload = f.ContactSaved(contact.id, contact.kind, contact.consents, tuple(moved), cleared)
    return CustomerEvent(payload, {contact_path(contact.id, name): text for name, text in moved.items()})


def _checked_person(texts: Mapping[str, str], kind: PersonKind, tax_ids: TaxIds) -> dict[str, str]:
    """Return *texts* with the tax id in its one form."""
    _check_texts(texts)
    for name in _COMPANY_ONLY:
        if kind is PersonKind.PERSON and name in texts:
            raise RefusedError(
                f"Only a company has a {name.replace('_', ' ')}.",
                rule="company-only",
                hint="Register a company.",
            )
    if "tax_id" not in texts:
        return dict(texts)
    return {**texts, "tax_id": tax_ids.normalise(texts["tax_id"], kind)}


def _checked_extra(texts: Mapping[str, str]) -> dict[str, str]:
    _check_texts(texts)
    return {_extra(code): text for code, text in texts.items()}


def _check_texts(texts: Mapping[str, object]) -> None:
    for name, text in texts.items():
        fits = isinstance(text, str) and len(text) <= _LONGEST and text.isprintable()
        if not fits or not str(text).strip():
            raise InvalidValueError(
                f"The {name} cannot be kept.", hint=f"Use 1 to {_LONGEST} printable characters, on one line."
            )


def _given(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text is not None}


def _extra(code: str) -> str:
    return f"extra.{code}"


def _nameless() -> RefusedError:
    return RefusedError("A customer needs a name.", rule="name-required", hint="Give the legal name.")

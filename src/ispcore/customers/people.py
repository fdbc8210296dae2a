"""Persons and addresses, known once.

The values here are personal. Facts name persons by id and say which fields moved; the texts live apart and
can be erased.
"""

from __future__ import annotations

from enum import Enum

from attrs import asdict, frozen

from ispcore.values import AddressId, ContactId, check_types


class PersonKind(Enum):
    """A natural person, or a legal entity."""

    PERSON = "person"
    COMPANY = "company"


class AddressType(Enum):
    """What an address is for."""

    REGISTERED = "registered"
    INSTALLATION = "installation"
    BILLING = "billing"
    OTHER = "other"


@frozen(kw_only=True)
class PersonDetails:
    """Who somebody is. ``name`` is the legal name; trade name and state registration belong to companies."""

    name: str
    tax_id: str | None = None
    trade_name: str | None = None
    state_registration: str | None = None
    email: str | None = None
    phone: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class Address:
    """A place. ``unit`` is a room or an apartment, ``city_code`` the statistical code of the city."""

    id: AddressId
    type: AddressType
    city: str
    street: str = ""
    number: str = ""
    unit: str = ""
    complement: str = ""
    reference: str = ""
    district: str = ""
    city_code: str = ""
    postal_code: str = ""
    info: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


class ContactKind(Enum):
    """What somebody is to be asked about."""

    GENERAL = "general"
    FINANCIAL = "financial"
    TECHNICAL = "technical"
    LEGAL = "legal"


@frozen(kw_only=True)
class Contact:
    """Somebody who can be asked, signs or vouches for a customer.

    ``identity`` is the number of an identity card. ``consents`` says that they agreed to be written to.
    """

    id: ContactId
    name: str
    kind: ContactKind = ContactKind.GENERAL
    tax_id: str = ""
    identity: str = ""
    email: str = ""
    mobile: str = ""
    consents: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


CONTACT_FIELDS = ("name", "tax_id", "identity", "email", "mobile")
"""The texts of a contact."""

ADDRESS_FIELDS = (
    "city",
    "street",
    "number",
    "unit",
    "complement",
    "reference",
    "district",
    "city_code",
    "postal_code",
    "info",
)
"""The texts of an address, in the order in which people read them."""

PERSON_FIELDS = ("name", "tax_id", "trade_name", "state_registration", "email", "phone")
"""The texts of a person."""


def address_texts(address: Address) -> dict[str, str]:
    """Return the texts of *address* that say something."""
    return {name: text for name, text in asdict(address).items() if name in ADDRESS_FIELDS and text}


def contact_texts(contact: Contact) -> dict[str, str]:
    """Return the texts of *contact* that say something."""
    return {name: text for name, text in asdict(contact).items() if name in CONTACT_FIELDS and text}


def person_texts(details: PersonDetails) -> dict[str, str]:
    """Return the texts of *details* that say something."""
    return {name: text for name, text in asdict(details).items() if text}

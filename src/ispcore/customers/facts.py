"""What happens to a customer, in the past tense.

``texts`` and ``cleared`` name the fields that moved, never what they say; the texts are kept beside the fact
and can be erased.
"""

from __future__ import annotations

from datetime import date

from attrs import frozen

from ispcore.catalog import Topic
from ispcore.customers.people import AddressType, PersonKind
from ispcore.values import AddressId, PersonId


@frozen
class Registered:
    """A person became a customer."""

    person: PersonId
    kind: PersonKind
    code: str
    registered_on: date
    texts: tuple[str, ...] = ()
    allows_discounts: bool = True


@frozen
class DetailsChanged:
    """Texts of the person, or extra fields (``extra.CODE``), were changed or cleared."""

    texts: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()


@frozen
class AddressSaved:
    """An address was added or edited."""

    address: AddressId
    type: AddressType
    texts: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()


@frozen
class BillingDefaultsSet:
    """The customer's first subscription set how later ones are charged."""

    charge_method: str
    due_day: int


@frozen
class PromotionsSet:
    """Promotional discounts were allowed or barred."""

    allowed: bool


@frozen
class NoticesSet:
    """What is about a *topic* is wanted, or not, by a channel; None is every channel."""

    topic: Topic
    channel: str | None
    wanted: bool


FACTS = (Registered, DetailsChanged, AddressSaved, BillingDefaultsSet, PromotionsSet, NoticesSet)
"""Every kind of fact of a customer's timeline."""

"""What happens to a customer, in the past tense.

``texts`` and ``cleared`` name the fields that moved, never what they say; the texts are kept beside the fact
and can be erased.
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import field, frozen

from ispcore.catalog import LateTreatment, Topic
from ispcore.customers.people import AddressType, ContactKind, PersonKind
from ispcore.values import AddressId, ChargeId, ContactId, Money, PersonId, as_tuple


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
class ContactSaved:
    """A contact was added or edited."""

    contact: ContactId
    kind: ContactKind
    consents: bool
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


@frozen
class SlipFeeExemptionSet:
    """The customer was exempted from fees of slips, or pays them again."""

    exempt: bool


@frozen
class LateTreatmentSet:
    """What is done by itself to a late payer was switched on or off, of a customer or of a subscription."""

    treatment: LateTreatment


@frozen
class PaymentPromised:
    """What is open of *receivables* was promised to be paid by ``until``, that day included."""

    receivables: tuple[ChargeId, ...] = field(converter=as_tuple)
    until: date


@frozen
class DisputeOpened:
    """An amount of a receivable was contested: until that is resolved it is not late."""

    receivable: ChargeId
    amount: Money


class DisputeOutcome(Enum):
    """How a dispute ended."""

    SETTLED = "settled"
    """The customer was right; the amount is let go."""
    REJECTED = "rejected"
    """The amount is owed as if it had never been contested."""


@frozen
class DisputeResolved:
    """The dispute about a receivable ended."""

    receivable: ChargeId
    outcome: DisputeOutcome


@frozen
class Forgotten:
    """What is known of the person was erased, but what is ``kept`` ``until`` a day, which does not count."""

    kept: tuple[str, ...] = field(default=(), converter=as_tuple)
    until: date | None = None


FACTS = (
    Registered,
    DetailsChanged,
    AddressSaved,
    ContactSaved,
    BillingDefaultsSet,
    PromotionsSet,
    NoticesSet,
    SlipFeeExemptionSet,
    LateTreatmentSet,
    PaymentPromised,
    DisputeOpened,
    DisputeResolved,
    Forgotten,
)
"""Every kind of fact of a customer's timeline."""

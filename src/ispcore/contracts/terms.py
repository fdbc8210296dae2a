"""What a contract says, as one value: terms, installation, people, what is to be installed."""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import evolve, field, frozen

from ispcore.catalog import MOST_INSTALMENTS, MOST_MONTHS, ComboRule, PenaltyRule, TermEnd
from ispcore.errors import InvalidValueError
from ispcore.values import AddressId, ContactId, Money, as_tuple


@frozen(kw_only=True)
class Installation:
    """What the installation costs: its ``fee``, less ``discount`` and what is ``paid``, in instalments."""

    fee: Money
    discount: Money
    paid: Money
    instalments: int = 1

    def __attrs_post_init__(self) -> None:
        """Refuse what is below zero or more than the fee."""
        if min(self.fee.minor, self.discount.minor, self.paid.minor) < 0 or self.unpaid.minor < 0:
            raise InvalidValueError(
                f"An installation of {self.fee}, less {self.discount}, and {self.paid} paid, cannot be.",
                hint="Nothing is below zero, and no more is let go and paid than the fee.",
            )
        if not 1 <= self.instalments <= MOST_INSTALMENTS:
            raise InvalidValueError(
                f"An installation cannot be paid in {self.instalments} instalments.",
                hint=f"Use 1 to {MOST_INSTALMENTS}.",
            )

    @property
    def unpaid(self) -> Money:
        """What is asked for when it is charged."""
        return self.fee - self.discount - self.paid


ORDER_DONE = "done"
"""The state of an order by which it is done; others are the provider's own words."""


@frozen(kw_only=True)
class InstallationOrder:
    """What is to be done at the customer's: which ``service``, by whom, on which day.

    One that ``migrates`` comes with another technology, others with the contract.
    """

    service: str
    state: str = "open"
    responsible: str | None = None
    planned_on: date | None = None
    migrates: bool = False

    @property
    def is_done(self) -> bool:
        """Whether somebody said that it is done."""
        return self.state == ORDER_DONE


@frozen(kw_only=True)
class ContractTerms:
    """What was agreed.

    ``starts_on`` is the day of activation or renewal; None is the day on which one of its subscriptions
    first becomes active. ``months`` is the term, ``fidelity_months`` of it the customer is bound. Contacts
    are the customer's. ``address`` None is the customer's address. With a ``combo`` its subscriptions are
    members of one. No price of a plan rises within ``price_rise_months`` of its being agreed.
    """

    dated_on: date
    sold_on: date
    starts_on: date | None = None
    months: int
    fidelity_months: int = 0
    price_rise_months: int = 0
    renewal: TermEnd = TermEnd.NONE
    renews_fidelity: bool = False
    penalty: PenaltyRule = PenaltyRule()
    benefit: Money
    combo: ComboRule | None = None
    installation: Installation | None = None
    order: InstallationOrder | None = None
    salesperson: str | None = None
    responsible: ContactId | None = None
    witnesses: tuple[ContactId, ...] = field(default=(), converter=as_tuple)
    guarantor: ContactId | None = None
    address: AddressId | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse months that make no term, and a benefit below zero."""
        if not 1 <= self.months <= MOST_MONTHS:
            raise InvalidValueError(
                f"A contract cannot hold for {self.months} months.", hint=f"Use 1 to {MOST_MONTHS}."
            )
        if not 0 <= self.fidelity_months <= self.months:
            raise InvalidValueError(
                f"A fidelity of {self.fidelity_months} months does not fit a term of {self.months} months.",
                hint="Use 0 to the months of the term.",
            )
        if self.benefit.minor < 0:
            raise InvalidValueError(f"A benefit of {self.benefit} is below zero.")

    @property
    def contacts(self) -> tuple[ContactId, ...]:
        """Every contact that has a part in it."""
        return tuple(one for one in (self.responsible, *self.witnesses, self.guarantor) if one is not None)

    @property
    def binding(self) -> ContractTerms:
        """What the customer agreed to: the terms without what only the provider needs."""
        return evolve(self, salesperson=None, order=None)


class AcceptanceState(Enum):
    """Where the acceptance of a contract stands."""

    NOT_ASKED = "not_asked"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class AcceptedBy(Enum):
    """How a contract was accepted."""

    PAPER = "paper"
    ONLINE = "online"
    PHONE = "phone"
    OTHER = "other"

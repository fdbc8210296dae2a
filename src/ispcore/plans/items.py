"""Items of a subscription: the plan, and any number of additional services, each with its own dated price."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from attrs import frozen

from ispcore.catalog import Line, Suspension
from ispcore.errors import InvalidValueError
from ispcore.plans.cycles import Grid
from ispcore.plans.slip_terms import SlipTerms
from ispcore.values import ItemId, Money, Rounding, check_types, percent_of, round_ratio, zero

PLAN_ITEM = ItemId("plan")
"""The item that every subscription has."""

_HUNDRED = Decimal(100)
_MOST_CYCLES = 1200


@frozen
class Discount:
    """What is taken off a full cycle's price: an amount or a percentage, each showing the other.

    It holds for ever, up to *until*, the first day without it, or for so many *cycles*, counting the one that
    holds its first billed day.
    """

    amount: Money | None = None
    percent: Decimal | None = None
    until: date | None = None
    cycles: int | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse a discount that is both, neither, negative or above everything."""
        check_types(self)
        if (self.amount is None) == (self.percent is None):
            raise InvalidValueError("A discount is either an amount or a percentage.")
        if self.amount is not None and self.amount.minor < 0:
            raise InvalidValueError(f"A discount of {self.amount} would raise the price.")
        if self.percent is not None and not (self.percent.is_finite() and 0 <= self.percent <= _HUNDRED):
            raise InvalidValueError(f"A discount of {self.percent} % is not between 0 and 100.")
        if self.until is not None and self.cycles is not None:
            raise InvalidValueError("A discount ends on a day or after a number of cycles, not both.")
        if self.cycles is not None and not 1 <= self.cycles <= _MOST_CYCLES:
            raise InvalidValueError(
                f"A discount cannot hold for {self.cycles} cycles.", hint=f"Use 1 to {_MOST_CYCLES}."
            )

    def leaves(self, price: Money, mode: Rounding = Rounding.HALF_UP) -> Money:
        """Return the discounted *price*, rounded once, never below zero."""
        if self.percent is not None:
            return percent_of(price, _HUNDRED - self.percent, mode)
        return max(price - (self.amount or price), zero(price.currency))

    def off(self, price: Money, mode: Rounding = Rounding.HALF_UP) -> Money:
        """Return what is taken off *price*: what the discounted price leaves of it."""
        return price - self.leaves(price, mode)

    def as_percent(self, price: Money) -> Decimal:
        """Return the discount as a percentage of *price*, to two digits."""
        if self.percent is not None:
            return self.percent
        if price.is_zero:
            return Decimal(0)
        return Decimal(round_ratio(self.off(price).minor * 10_000, price.minor)).scaleb(-2)


@frozen
class InCombo:
    """That a subscription is in a combo: the discount that it has alone, and comes back to."""

    alone: Discount | None


@frozen(cache_hash=True)
class Item:
    """One item of a subscription as it stands on a day.

    ``lines`` is the item's own composition; None follows the catalogue. ``ends_on`` is its last day.
    ``catalogue_price`` says that the price came from the catalogue, so that a later version may reach it;
    ``discount_since`` is the first day in a status that bills since the discount was given; the cycles of
    a discount are counted from it.
    """

    id: ItemId
    offer: str
    description: str
    price: Money
    price_since: date
    starts_on: date
    recurring: bool = True
    discount: Discount | None = None
    lines: tuple[Line, ...] | None = None
    ends_on: date | None = None
    catalogue_price: bool = False
    discount_since: date | None = None

    def to_pay(self, mode: Rounding = Rounding.HALF_UP) -> Money:
        """Return the price of a full cycle less the discount, in money."""
        return self.discount.leaves(self.price, mode) if self.discount else self.price


@frozen(cache_hash=True)
class BillingTerms:
    """How a subscription is billed and paid.

    ``suspension`` says what becomes of days that were paid in advance and then not served; ``slips`` how its
    slips are made, where that is not the plain way.
    """

    advance: bool
    grid: Grid
    due_day: int
    charge_method: str
    separate_slip: bool = False
    separate_document: bool = False
    suspension: Suspension = Suspension.CREDIT
    slips: SlipTerms | None = None

    @property
    def closing_day(self) -> int:
        """The day on which cycles close, or start where the grid is anchored so."""
        return self.grid.day


@frozen
class ForeignOrigin:
    """Where an imported subscription comes from, and what had happened there.

    ``billed_through`` is the last day that the other system billed; nothing up to it is computed.
    """

    system: str
    id: str
    billed_through: date | None = None
    activated_on: date | None = None
    trial_used: bool = True
    fidelity_from: date | None = None

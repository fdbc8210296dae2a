"""Amounts that are owed once: an installation fee, a sale, a fee, in one instalment or in many.

An event says all that its instalments come from, so that editing the catalogue moves none of them. Which
cycle takes up which instalment follows from the timeline (:mod:`ispcore.plans.instalments`).
"""

from __future__ import annotations

from datetime import date
from enum import Enum

from attrs import field, frozen

from ispcore.catalog import Line, OpenInstalments, SpareCents
from ispcore.values import ItemId, Money, as_tuple, split_evenly

_PREFIX = "event:"
MOST_INSTALMENTS = 120


class EventKind(Enum):
    """What a billing event is for."""

    INSTALLATION = "installation"
    SALE = "sale"
    FEE = "fee"
    SERVICE = "service"
    """Something that was done once."""
    PENALTY = "penalty"


@frozen(cache_hash=True)
class BillingEvent:
    """An amount that coming closings take up, one instalment a cycle.

    The first one belongs to the cycle that holds ``first_on``. ``lines`` sum to the amount. ``when_ended``
    says what becomes of open instalments when the subscription is cancelled.
    """

    number: int
    kind: EventKind
    description: str
    amount: Money
    first_on: date
    lines: tuple[Line, ...] = field(converter=as_tuple)
    instalments: int = 1
    spare: SpareCents = SpareCents.FIRST
    when_ended: OpenInstalments = OpenInstalments.AT_ONCE

    @property
    def item(self) -> ItemId:
        """The name under which it is billed."""
        return ItemId(f"{_PREFIX}{self.number}")

    @property
    def parts(self) -> tuple[Money, ...]:
        """The instalments, which sum to the amount."""
        parts = split_evenly(self.amount, self.instalments)
        return parts if self.spare is SpareCents.FIRST else parts[::-1]


@frozen
class Sale:
    """Something sold that is one amount to receive, due on a day of its own; ``lines`` sum to the amount."""

    number: int
    description: str
    amount: Money
    due_on: date
    lines: tuple[Line, ...] = field(converter=as_tuple)

    @property
    def item(self) -> ItemId:
        """The name under which it is asked for."""
        return ItemId(f"sale:{self.number}")


def is_event(item: ItemId) -> bool:
    """Tell whether *item* names a billing event, and no item of a subscription."""
    return item.startswith(_PREFIX)

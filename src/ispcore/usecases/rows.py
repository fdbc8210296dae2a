"""What the ports hand over: rows of the database as values, and the slices of a closing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, TypeAlias

from attrs import frozen

from ispcore.billing import CustomerBooks, QuietClosing
from ispcore.values import CustomerId, SubscriptionId


@frozen
class Slice:
    """The customers from *first* to *last*, so many, whom a closing bills in one transaction."""

    first: CustomerId
    last: CustomerId
    customers: int


class Charging(NamedTuple):
    """How a customer's subscriptions are charged by default, and whether they may have discounts."""

    charge_method: str | None
    due_day: int | None
    allows_discounts: bool


@frozen
class SubscriptionRow:
    """What is kept of a subscription beside its facts, and how its customer is charged.

    ``version`` guards writers.
    """

    id: SubscriptionId
    customer: CustomerId
    version: int
    charging: Charging
    closed_through: date | None = None
    dirty_from: date | None = None
    due_from: date | None = None
    quiet_until: date | None = None
    profile: str | None = None


class DueRow(NamedTuple):
    """A subscription that a closing must look at; quiet up to ``quiet_until`` where it has a profile."""

    id: SubscriptionId
    customer: CustomerId
    last_fact: int
    closed_through: date | None
    quiet_until: date | None
    profile: str | None


class QuietGroup(NamedTuple):
    """Quiet subscriptions, and what a closing found for each of them."""

    found: QuietClosing
    members: Sequence[DueRow]


@frozen
class CatalogueEntry:
    """An entry of the catalogue as it is stored."""

    version: int
    document: Mapping[str, Any]


Account: TypeAlias = tuple[CustomerBooks, Sequence[SubscriptionRow]]
"""What a closing needs of a customer, with the rows of the subscriptions."""

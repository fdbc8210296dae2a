"""What a closing knows of a customer: the timelines, and what was issued before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.billing.desired import ChargeKey
from ispcore.billing.entries import Holder, Receivable
from ispcore.billing.settle import LetGo
from ispcore.billing.terms import Terms
from ispcore.catalog import Target
from ispcore.errors import UnbillableError
from ispcore.plans import Cycle, Timeline
from ispcore.values import ChargeId, CustomerId, Money

if TYPE_CHECKING:
    from ispcore.values import SubscriptionId


@frozen
class Issued:
    """The net amount issued for a key, and where its last entry was booked."""

    net: Money
    description: str
    target: Target


@frozen
class Books:
    """One subscription's side: its timeline, its closed cycles with their pinned terms, what was issued.

    ``closed_through`` is the first day after the last closed cycle. ``dirty_from`` is the earliest day of
    facts recorded since; where it is set, ``closed`` and ``issued`` are all that there is. ``partly`` are
    those of the closed cycles that are still open, with the day up to which they were billed.
    """

    timeline: Timeline
    closed_through: date | None = None
    dirty_from: date | None = None
    closed: Mapping[Cycle, Terms] = field(factory=dict)
    issued: Mapping[ChargeKey, Issued] = field(factory=dict)
    partly: Mapping[Cycle, date] = field(factory=dict)

    @property
    def subscription(self) -> SubscriptionId:
        """The subscription's number."""
        return self.timeline.last.id


@frozen
class CustomerBooks:
    """One customer's side: subscriptions, what is open of receivables, and balances, in minor units.

    ``open`` may be left out where there is neither a balance nor anything issued that could be credited.
    ``reopened`` is what was taken back from open receivables, ``let_go`` what is neither open nor paid of
    those in ``open``, which then also has settled ones.
    ``problems`` are subscriptions whose facts contradict each other, so that they have no timeline.
    """

    customer: CustomerId
    books: tuple[Books, ...]
    open: tuple[tuple[Receivable, int], ...] = ()
    balances: Mapping[Holder, int] = field(factory=dict)
    problems: tuple[UnbillableError, ...] = ()
    reopened: Mapping[ChargeId, int] = field(factory=dict)
    let_go: Mapping[ChargeId, LetGo] = field(factory=dict)

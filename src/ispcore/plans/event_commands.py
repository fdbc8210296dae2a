"""What can be asked of a subscription beside its plan and items, in the imperative: events and sales."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from ispcore.catalog import Line, OpenInstalments, SpareCents
from ispcore.plans.billing_events import EventKind
from ispcore.plans.commands import SubscriptionCommand
from ispcore.values import Money


@frozen(kw_only=True)
class AddBillingEvent(SubscriptionCommand):
    """Have coming closings take up an amount, one instalment a cycle.

    The first one belongs to the cycle that holds ``first_on``, by default to the next closing. What *lines*
    leave of the amount is booked as the plan's remainder is. The rest is the policy's unless it is given.
    """

    permission: ClassVar[str] = "subscription.event"
    kind: EventKind
    description: str
    amount: Money
    instalments: int = 1
    first_on: date | None = None
    lines: tuple[Line, ...] | None = None
    spare: SpareCents | None = None
    when_ended: OpenInstalments | None = None


@frozen(kw_only=True)
class Sell(SubscriptionCommand):
    """Sell something: as a billing event with ``instalments``, or to be paid on ``due_on``, never both."""

    permission: ClassVar[str] = "subscription.sell"
    description: str
    amount: Money
    instalments: int | None = None
    first_on: date | None = None
    due_on: date | None = None
    lines: tuple[Line, ...] | None = None

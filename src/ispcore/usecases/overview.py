"""One customer at a glance: subscriptions, receivables with their states, and balances."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Charge, Holder, ReceivableBalance
from ispcore.customers import Customer
from ispcore.plans import Timeline
from ispcore.usecases.ports import SubscriptionRow
from ispcore.values import Money

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.values import CustomerId, SubscriptionId

PERMISSION = "customer.read"


@frozen
class SubscriptionView:
    """A subscription with its timeline, how far it was billed, and its entries."""

    timeline: Timeline
    row: SubscriptionRow
    charges: tuple[Charge, ...]


@frozen
class Overview:
    """What there is to know of a customer."""

    customer: Customer
    subscriptions: tuple[SubscriptionView, ...]
    receivables: tuple[ReceivableBalance, ...]
    balances: Mapping[Holder, Money]


def overview(desk: Desk, customer: CustomerId, *, actor: Actor) -> Overview:
    """Return everything about *customer*.

    Raises:
        NotFoundError: there is no such customer.
    """
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        shown, _ = work.customers.get(customer)
        views = [
            SubscriptionView(timeline, row, work.ledger.charges(row.id))
            for timeline, row in work.subscriptions.of_customer(customer)
        ]
        return Overview(
            customer=shown,
            subscriptions=tuple(views),
            receivables=work.ledger.receivables(customer),
            balances=work.ledger.balances(customer),
        )


def subscription(desk: Desk, number: SubscriptionId, *, actor: Actor) -> SubscriptionView:
    """Return one subscription.

    Raises:
        NotFoundError: there is no such subscription.
    """
    actor.require("subscription.read")
    with desk.database.reading() as work:
        timeline, row = work.subscriptions.get(number)
        return SubscriptionView(timeline, row, work.ledger.charges(number))

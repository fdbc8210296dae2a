"""One customer at a glance: subscriptions, receivables with their states, and balances."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Charge, Holder, ReceivableBalance, prices_on
from ispcore.customers import Customer
from ispcore.errors import NotFoundError
from ispcore.plans import State, Timeline
from ispcore.usecases.rows import SubscriptionRow
from ispcore.values import ItemId, Money

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId, SubscriptionId

PERMISSION = "customer.read"


@frozen
class SubscriptionView:
    """A subscription with its timeline, how far it was billed, and its entries.

    ``state`` is that of ``today``, or the first one where it begins later; ``to_pay`` is what each item of it
    costs then for a full cycle, less its discount.
    """

    timeline: Timeline
    row: SubscriptionRow
    charges: tuple[Charge, ...]
    today: date
    state: State
    to_pay: Mapping[ItemId, Money]


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
        views = [view_of(desk, work, *known) for known in work.subscriptions.of_customer(customer)]
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
        return view_of(desk, work, *work.subscriptions.get(number))


def view_of(desk: Desk, work: UnitOfWork, timeline: Timeline, row: SubscriptionRow) -> SubscriptionView:
    """Return a subscription as it is today, or as it begins."""
    catalogue = work.catalogue.current()
    unit = catalogue.units.get(timeline.last.unit)
    today = desk.today(unit.zone) if unit else desk.today_of(catalogue)
    day = max(today, timeline.last.started_on)
    state = timeline.on(day) or timeline.last
    charges = work.ledger.charges(row.id)
    try:
        to_pay = prices_on(timeline, day, catalogue)
    except NotFoundError:
        # The policy was withdrawn; what the facts say is all that is left.
        to_pay = {item.id: item.to_pay() for item in state.items}
    return SubscriptionView(timeline, row, charges, today, state, to_pay)

"""What a clerk sees of a customer: subscriptions by list, each with its services and what is to come."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.catalog import Bucket
from ispcore.customers import Customer
from ispcore.plans import Coming, Component, Item, Standing, State, coming, last_activation, standing
from ispcore.values import Money, SubscriptionId, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.usecases.overview import Overview, SubscriptionView


@frozen
class Service:
    """An additional service of a subscription, and what a full cycle of it costs."""

    item: Item
    to_pay: Money


@frozen
class Branch:
    """A subscription in the tree.

    ``number`` counts those of the same list in the order in which they were made. ``to_pay`` is what a full
    cycle of the plan costs.
    """

    number: int
    subscription: SubscriptionId
    state: State
    to_pay: Money
    services: tuple[Service, ...]
    components: tuple[Component, ...]
    last_activation: date | None
    coming: tuple[Coming, ...]

    @property
    def standing(self) -> Standing:
        """How it stands, status and holds together."""
        return standing(self.state)


@frozen
class ComboBranch:
    """A combo in the tree: the contract that it is, and its members in the order in which they were made."""

    contract: str
    members: tuple[Branch, ...]

    @property
    def to_pay(self) -> Money:
        """What a full cycle of the members' plans costs together."""
        return total([one.to_pay for one in self.members], self.members[0].to_pay.currency)


@frozen
class Tree:
    """A customer's subscriptions by where they are listed; deleted ones are in none of the other lists.

    ``combos`` are those of the listed ones that have a price together.
    """

    customer: Customer
    active: tuple[Branch, ...]
    pending: tuple[Branch, ...]
    inactive: tuple[Branch, ...]
    cancelled: tuple[Branch, ...]
    deleted: tuple[Branch, ...]
    combos: tuple[ComboBranch, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether the customer has a subscription that is listed as active."""
        return bool(self.active)

    @property
    def lists(self) -> dict[str, tuple[Branch, ...]]:
        """The lists by name, in their order, also those that are empty."""
        return {
            name: getattr(self, name) for name in ("active", "pending", "inactive", "cancelled", "deleted")
        }


def tree_of(found: Overview) -> Tree:
    """Return the tree of a customer."""
    kept = [view for view in found.subscriptions if view.state.deleted_on is None]
    by_bucket = {bucket: _branches(view for view in kept if view.state.bucket is bucket) for bucket in Bucket}
    return Tree(
        customer=found.customer,
        active=by_bucket[Bucket.ACTIVE],
        pending=by_bucket[Bucket.PENDING],
        inactive=by_bucket[Bucket.INACTIVE],
        cancelled=by_bucket[Bucket.CANCELLED],
        deleted=_branches(view for view in found.subscriptions if view.state.deleted_on is not None),
        combos=_combos(view for view in kept if view.state.combo is not None and view.state.end is None),
    )


def _combos(views: Iterable[SubscriptionView]) -> tuple[ComboBranch, ...]:
    """Return the combos that members are in, by number."""
    found: dict[str, list[SubscriptionView]] = {}
    for view in views:
        found.setdefault(view.state.contract or "", []).append(view)
    return tuple(ComboBranch(contract, _branches(mine)) for contract, mine in sorted(found.items()))


def _branches(views: Iterable[SubscriptionView]) -> tuple[Branch, ...]:
    ordered = sorted(views, key=lambda view: view.row.id)
    return tuple(_branch(number, view) for number, view in enumerate(ordered, start=1))


def _branch(number: int, view: SubscriptionView) -> Branch:
    state = view.state
    services = (item for item in state.items if item.id != state.plan.id and _runs(item, view.today))
    return Branch(
        number=number,
        subscription=view.row.id,
        state=state,
        to_pay=view.to_pay[state.plan.id],
        services=tuple(Service(item, view.to_pay[item.id]) for item in services),
        components=state.components,
        last_activation=last_activation(state),
        coming=coming(view.timeline, view.today),
    )


def _runs(item: Item, today: date) -> bool:
    return item.ends_on is None or item.ends_on >= today

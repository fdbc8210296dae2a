"""What a subscription is on a day: the fold of its facts up to then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

from attrs import field, frozen

from ispcore.catalog import Bucket, LateTreatment, Serves, StatusPin, Trial
from ispcore.errors import NotFoundError
from ispcore.plans.billing_events import BillingEvent
from ispcore.plans.components import Component
from ispcore.plans.cycles import GridChange
from ispcore.plans.facts import ChannelTerms
from ispcore.plans.holds import Hold
from ispcore.plans.items import PLAN_ITEM, BillingTerms, ForeignOrigin, InCombo, Item
from ispcore.values import AddressId, ComponentId, CustomerId, ItemId, SubscriptionId


class EndKind(Enum):
    """How a subscription ended."""

    CANCELLED = "cancelled"
    """Its day may still be billed, by policy."""
    ANNULLED = "annulled"
    """Nothing is owed from its day."""
    PLAN_CHANGED = "plan_changed"
    """Its day belongs to the successor."""
    TRANSFERRED = "transferred"
    """Its day belongs to the successor, of another customer."""
    DELETED = "deleted"
    """Nothing is owed from its day."""


@frozen
class End:
    """When and how a subscription ended."""

    on: date
    kind: EndKind
    owed_until: date | None = None
    """The first day after what stays owed though a successor goes on."""

    @property
    def moves_on(self) -> bool:
        """Whether a successor goes on from this day."""
        return self.kind in {EndKind.PLAN_CHANGED, EndKind.TRANSFERRED}


@frozen
class Ordered:
    """An end that is to come by itself, and what leaving a contract early by it costs."""

    on: date
    status: StatusPin
    penalty: BillingEvent | None = None


@frozen
class TemporaryPlan:
    """Another plan that is served instead, before ``until``."""

    plan: str
    until: date


@frozen
class State:
    """A subscription on a day.

    ``grids`` are the grids of cycles that were wanted so far, by day.
    ``activations``, ``enablings`` and ``suspensions`` are the days of each entry, oldest first.
    ``provisional_since`` is when it was enabled provisionally the last time, ``provisional_until`` the first
    day without.
    """

    id: SubscriptionId
    customer: CustomerId
    unit: str
    policy: str
    started_on: date
    status: StatusPin
    status_since: date
    terms: BillingTerms
    items: tuple[Item, ...]
    grids: tuple[GridChange, ...]
    holds: tuple[Hold, ...] = ()
    trial: Trial = Trial()
    free_until: date | None = None
    address: AddressId | None = None
    contract: str | None = None
    combo: InCombo | None = None
    previous: SubscriptionId | None = None
    successor: SubscriptionId | None = None
    origin: ForeignOrigin | None = None
    extra: Mapping[str, str] = field(factory=dict)
    activations: tuple[date, ...] = ()
    enablings: tuple[date, ...] = ()
    suspensions: tuple[date, ...] = ()
    ordered: Ordered | None = None
    end: End | None = None
    deleted_on: date | None = None
    components: tuple[Component, ...] = ()
    bonus_until: date | None = None
    late: LateTreatment = LateTreatment()
    events: tuple[BillingEvent, ...] = ()
    notices: Mapping[str, ChannelTerms] = field(factory=dict)
    provisional_since: date | None = None
    provisional_until: date | None = None
    temporary: TemporaryPlan | None = None

    @property
    def plan(self) -> Item:
        """The item that is the plan."""
        return self.item(PLAN_ITEM)

    @property
    def bucket(self) -> Bucket:
        """Where the subscription is listed."""
        return self.status.bucket

    @property
    def bills(self) -> bool:
        """Whether a day in this state is owed."""
        enabled = self.status.bills or self.provisional_until is not None
        if not self.holds:  # as nearly always; every fact and every run of days asks
            return enabled
        return enabled and all(hold.bills for hold in self.holds)

    @property
    def goes_on(self) -> bool:
        """Whether its first days were billed before: as another subscription, or by another system."""
        elsewhere = self.origin is not None and self.origin.billed_through is not None
        return self.previous is not None or elsewhere

    @property
    def serves(self) -> Serves:
        """What the network gives: provisionally all, else the least of the status and all holds."""
        if self.provisional_until is not None:
            return Serves.FULL
        return max(
            (self.status.serves, *(hold.serves for hold in self.holds)), key=lambda serves: serves.rank
        )

    def item(self, item_id: ItemId) -> Item:
        """Return the item *item_id*, or raise NotFoundError."""
        for item in self.items:
            if item.id == item_id:
                return item
        known = ", ".join(item.id for item in self.items)
        raise NotFoundError("item", item_id, hint=f"Subscription {self.id} has: {known}.")

    def component(self, component_id: ComponentId) -> Component:
        """Return the component *component_id*, or raise NotFoundError."""
        for component in self.components:
            if component.id == component_id:
                return component
        known = ", ".join(component.id for component in self.components) or "none"
        raise NotFoundError("component", component_id, hint=f"Subscription {self.id} has: {known}.")

"""What can be asked of a subscription's items, in the imperative: additional services and compositions."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ispcore.catalog import Line
from ispcore.plans.commands import SubscriptionCommand
from ispcore.plans.items import PLAN_ITEM, Discount
from ispcore.values import ItemId, Money


@frozen(kw_only=True)
class AddItem(SubscriptionCommand):
    """Add an additional service; ``item`` is its own name, the service's code by default."""

    permission: ClassVar[str] = "subscription.item"
    service: str
    item: ItemId | None = None
    price: Money | None = None
    discount: Discount | None = None
    lines: tuple[Line, ...] | None = None


@frozen(kw_only=True)
class ChangeItem(SubscriptionCommand):
    """Change an additional service's price, its discount, or both."""

    permission: ClassVar[str] = "subscription.item"
    item: ItemId
    price: Money | None = None
    discount: Discount | None = None


@frozen(kw_only=True)
class EndItem(SubscriptionCommand):
    """End an additional service; this is its last day."""

    permission: ClassVar[str] = "subscription.item"
    item: ItemId


@frozen(kw_only=True)
class CustomiseComposition(SubscriptionCommand):
    """Give an item a composition of its own; lines that keep their id go on."""

    permission: ClassVar[str] = "subscription.composition"
    lines: tuple[Line, ...]
    item: ItemId = PLAN_ITEM


@frozen(kw_only=True)
class RestoreComposition(SubscriptionCommand):
    """Follow the catalogue's composition again."""

    permission: ClassVar[str] = "subscription.composition"
    item: ItemId = PLAN_ITEM

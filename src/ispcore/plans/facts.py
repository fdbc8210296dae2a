"""What happens to a subscription, in the past tense.

A fact carries everything that the future may not change: prices, status flags, terms. Reading the catalogue
again is never needed to know what a fact meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attrs import field, frozen

from ispcore.catalog import Line, Offsets, Speed, StatusPin, Trial
from ispcore.driver import Spec
from ispcore.plans.billing_events import BillingEvent, Sale
from ispcore.plans.components import Component, SpeedWindow
from ispcore.plans.holds import Hold, HoldCause, HoldKind
from ispcore.plans.items import BillingTerms, Discount, ForeignOrigin, Item
from ispcore.plans.slip_terms import SlipTerms
from ispcore.values import AddressId, ComponentId, ContractNumber, CustomerId, ItemId, Money, SubscriptionId


@frozen
class Opening:
    """What a subscription begins with.

    ``free_until`` is the first day after its trial. ``status_since`` is set when the status had been
    entered before (an import, a change of plan); None means the opening day.
    """

    customer: CustomerId
    unit: str
    policy: str
    item: Item
    terms: BillingTerms
    status: StatusPin
    status_since: date | None = None
    trial: Trial = Trial()
    free_until: date | None = None
    address: AddressId | None = None
    contract: str | None = None
    previous: SubscriptionId | None = None
    extra: Mapping[str, str] = field(factory=dict)


@frozen
class Subscribed:
    """A customer took a plan; its day is the start day, from which billing counts."""

    opening: Opening


@frozen
class Imported:
    """A subscription came from another system; its day is the first that is computed here."""

    opening: Opening
    origin: ForeignOrigin


@frozen
class StatusChanged:
    """Another status was entered by hand."""

    status: StatusPin


@frozen
class Enabled:
    """The service was enabled."""

    status: StatusPin


@frozen
class Suspended:
    """The subscription was suspended with all its components."""

    status: StatusPin


@frozen
class Resumed:
    """A suspended subscription was enabled again."""

    status: StatusPin


@frozen
class HoldPlaced:
    """A hold was laid over the status."""

    hold: Hold


@frozen
class HoldLifted:
    """A hold was taken away."""

    kind: HoldKind
    cause: HoldCause


@frozen
class Cancelled:
    """The subscription ended for good; ``voids`` are the later facts that count no longer.

    ``penalty`` is what leaving its contract early costs.
    """

    status: StatusPin
    voids: tuple[int, ...] = ()
    penalty: BillingEvent | None = None


@frozen
class CancellationOrdered:
    """The subscription is to end on a later day, ``ends_on``, by itself; ``voids`` are facts after that.

    ``penalty`` is what leaving its contract early is to cost.
    """

    status: StatusPin
    ends_on: date
    voids: tuple[int, ...] = ()
    penalty: BillingEvent | None = None


@frozen
class CancellationWithdrawn:
    """An ordered end was taken back before its day; ``voids`` is the order."""

    voids: tuple[int, ...]


@frozen
class Annulled:
    """The subscription was never delivered: it owes nothing from this day."""

    status: StatusPin
    voids: tuple[int, ...] = ()


@frozen
class PlanChanged:
    """The customer moved to another plan; *successor* goes on from this day."""

    status: StatusPin
    successor: SubscriptionId


@frozen
class Transferred:
    """The subscription was handed over to *customer*; *successor* goes on from this day.

    Days up to ``owed_until``, the first one without, stay owed here: they were billed ahead.
    """

    status: StatusPin
    successor: SubscriptionId
    customer: CustomerId
    owed_until: date | None = None


@frozen
class PriceChanged:
    """An item has another price; ``lines`` are its rescaled composition, where that was asked for."""

    item: ItemId
    price: Money
    lines: tuple[Line, ...] | None = None


@frozen
class DiscountChanged:
    """An item has another discount, or none."""

    item: ItemId
    discount: Discount | None


@frozen
class ItemAdded:
    """An additional service was added."""

    item: Item


@frozen
class ItemEnded:
    """An additional service ended; this is its last day."""

    item: ItemId


@frozen
class BillingEventAdded:
    """An amount is owed once, taken up by coming closings in instalments."""

    event: BillingEvent


@frozen
class Sold:
    """Something was sold, to be paid on a day of its own; what is owed for it was raised with it."""

    sale: Sale


@frozen
class CompositionCustomised:
    """An item got a composition of its own."""

    item: ItemId
    lines: tuple[Line, ...]


@frozen
class CompositionRestored:
    """An item follows the catalogue's composition again."""

    item: ItemId


@frozen
class BillingTermsChanged:
    """The subscription is billed and paid in another way; None keeps what was.

    Another closing day counts from the end of the running cycle; with ``cut`` that cycle ends at once.
    """

    advance: bool | None = None
    closing_day: int | None = None
    due_day: int | None = None
    charge_method: str | None = None
    separate_slip: bool | None = None
    separate_document: bool | None = None
    cut: bool = False


@frozen
class SlipTermsSet:
    """The subscription's slips are made in another way from now on."""

    slips: SlipTerms


@frozen
class ContractJoined:
    """It belongs to another contract from now on, or to none."""

    contract: ContractNumber | None


@frozen
class AddressChanged:
    """The subscription is served at another address, perhaps of another business unit."""

    address: AddressId
    unit: str


@frozen
class ComponentAdded:
    """A component was added; on a successor, it came along."""

    component: Component


@frozen
class ComponentChanged:
    """A component is made otherwise, or hangs at another access point."""

    component: ComponentId
    spec: Spec
    access_point: str | None = None


@frozen
class ComponentRemoved:
    """A component was removed."""

    component: ComponentId


@frozen
class SpeedSet:
    """A component has a speed of its own, up to ``until`` where that is given; None: the plan's again."""

    component: ComponentId
    speed: Speed | None
    until: date | None = None


@frozen
class SpeedWindowsSet:
    """A component has these speeds for some hours, in place of those before."""

    component: ComponentId
    windows: tuple[SpeedWindow, ...]


@frozen
class BonusGranted:
    """The subscription is not reduced or blocked for late payment before ``until``, its first day without."""

    until: date


@frozen
class ChannelTerms:
    """What a subscription says of its own about one channel; None follows the provider's policy."""

    due: bool | None = None
    days: Offsets | None = None
    warns: bool | None = None


@frozen
class NoticesChanged:
    """What is told by a channel is otherwise; the terms are those from now on, whole."""

    channel: str
    terms: ChannelTerms


@frozen
class Deleted:
    """The subscription was put away; it stays listed with who, when and why."""

    forced: bool = False
    voids: tuple[int, ...] = ()

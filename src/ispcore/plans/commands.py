"""What can be asked of a subscription, in the imperative.

A command names the permission that it needs; ``on`` None means today in the business unit's zone; ``note``
is free text that can be erased; ``reason`` is a code of the catalogue, for cancelling only, and needed there.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from ispcore.catalog import Line, Trial
from ispcore.plans.holds import HoldCause
from ispcore.plans.items import PLAN_ITEM, Discount
from ispcore.plans.slip_terms import SlipTerms
from ispcore.values import (
    AddressId,
    ComponentId,
    CustomerId,
    ItemId,
    Money,
    SubscriptionId,
    as_frozenset,
    as_tuple,
    check_types,
)


class CancelOn(Enum):
    """On which day a cancellation ends the subscription."""

    DAY = "day"
    """The command's day, which may be a later one."""
    CYCLE_END = "cycle_end"
    """The last day of the cycle that holds the command's day."""


class PriceStart(Enum):
    """From when another price counts."""

    DAY = "day"
    """From the command's day, prorated."""
    NEXT_CYCLE = "next_cycle"
    """From the first day of the next cycle, unprorated."""


@frozen(kw_only=True)
class Command:
    """What every command carries."""

    permission: ClassVar[str]
    on: date | None = None
    reason: str | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class OpeningCommand(Command):
    """What both ways of opening a subscription take; None means the default of plan, policy or customer.

    ``closing_day`` chooses the day on which cycles close, ``anchor_on`` instead a day on which one starts.
    """

    customer: CustomerId
    plan: str
    status: str | None = None
    price: Money | None = None
    discount: Discount | None = None
    lines: tuple[Line, ...] | None = None
    advance: bool | None = None
    closing_day: int | None = None
    anchor_on: date | None = None
    due_day: int | None = None
    charge_method: str | None = None
    separate_slip: bool = False
    separate_document: bool = False
    address: AddressId | None = None
    contract: str | None = None
    extra: Mapping[str, object] = field(factory=dict)


@frozen(kw_only=True)
class Subscribe(OpeningCommand):
    """Open a subscription; ``on`` is the start day, from which billing counts.

    Of the policy's trial and this one the longer counts; a ``Trial()`` waives both.
    """

    permission: ClassVar[str] = "subscription.open"
    trial: Trial | None = None


@frozen(kw_only=True)
class ImportSubscription(OpeningCommand):
    """Open a subscription that lived in another system.

    Nothing up to ``billed_through`` is computed; without it, everything from ``on`` is.
    """

    permission: ClassVar[str] = "subscription.import"
    system: str
    foreign_id: str
    billed_through: date | None = None
    status_since: date | None = None
    activated_on: date | None = None
    trial_used: bool = True
    fidelity_from: date | None = None


@frozen(kw_only=True)
class SubscriptionCommand(Command):
    """A command to a subscription that exists."""

    subscription: SubscriptionId


@frozen(kw_only=True)
class ChangeStatus(SubscriptionCommand):
    """Enter another status of the catalogue."""

    permission: ClassVar[str] = "subscription.status"
    status: str


@frozen(kw_only=True)
class Enable(SubscriptionCommand):
    """Enable the service."""

    permission: ClassVar[str] = "subscription.enable"


@frozen(kw_only=True)
class Suspend(SubscriptionCommand):
    """Stop charging and serving, with all components."""

    permission: ClassVar[str] = "subscription.suspend"


@frozen(kw_only=True)
class Resume(SubscriptionCommand):
    """Enable a suspended subscription again; this day is billed."""

    permission: ClassVar[str] = "subscription.resume"


@frozen(kw_only=True)
class HoldCommand(SubscriptionCommand):
    """Lay a hold over the status; it ends by itself on ``until``, the first day without it."""

    cause: HoldCause = HoldCause.MANUAL
    until: date | None = None
    level: str | None = None


@frozen(kw_only=True)
class Block(HoldCommand):
    """Block the service; it is still owed."""

    permission: ClassVar[str] = "subscription.block"


@frozen(kw_only=True)
class Reduce(HoldCommand):
    """Reduce the speed; it is still owed."""

    permission: ClassVar[str] = "subscription.reduce"


@frozen(kw_only=True)
class Pause(HoldCommand):
    """Pause by request; nothing is owed from this day on."""

    permission: ClassVar[str] = "subscription.pause"


@frozen(kw_only=True)
class LiftCommand(SubscriptionCommand):
    """Lift the hold of this cause, and no other."""

    cause: HoldCause = HoldCause.MANUAL


@frozen(kw_only=True)
class Unblock(LiftCommand):
    """Lift a block."""

    permission: ClassVar[str] = "subscription.block"


@frozen(kw_only=True)
class Restore(LiftCommand):
    """Lift a reduction of speed."""

    permission: ClassVar[str] = "subscription.reduce"


@frozen(kw_only=True)
class Unpause(LiftCommand):
    """End a pause; this day is billed."""

    permission: ClassVar[str] = "subscription.pause"


@frozen(kw_only=True)
class Cancel(SubscriptionCommand):
    """End the subscription; later facts are voided and listed.

    An end on a later day is ordered: it comes by itself, and can be withdrawn before. Leaving a contract
    early costs what it says, unless who may do so lets it go.
    """

    permission: ClassVar[str] = "subscription.cancel"
    when: CancelOn = CancelOn.DAY
    waive_penalty: bool = False


@frozen(kw_only=True)
class WithdrawCancellation(SubscriptionCommand):
    """Take an ordered cancellation back before its day; facts that it voided count again."""

    permission: ClassVar[str] = "subscription.cancel"


@frozen(kw_only=True)
class Annul(SubscriptionCommand):
    """Say that it was never delivered: nothing is owed from this day."""

    permission: ClassVar[str] = "subscription.annul"


@frozen(kw_only=True)
class ChangePlan(SubscriptionCommand):
    """Move to another plan: the subscription ends and a new one goes on from this day.

    Additional services move along, except those in ``drop``; so do components, or only those that are named,
    and the cycles, if their length stays. Open instalments go on where they are. Another due day may cost a
    fee, as in ChangeBillingTerms.
    """

    permission: ClassVar[str] = "subscription.change-plan"
    plan: str
    price: Money | None = None
    discount: Discount | None = None
    lines: tuple[Line, ...] | None = None
    advance: bool | None = None
    closing_day: int | None = None
    anchor_on: date | None = None
    due_day: int | None = None
    charge_method: str | None = None
    drop: frozenset[ItemId] = field(default=frozenset(), converter=as_frozenset)
    components: tuple[ComponentId, ...] | None = field(default=None, converter=optional(as_tuple))
    waive_fee: bool = False


@frozen(kw_only=True)
class ChangePrice(SubscriptionCommand):
    """Give an item another price; the catalogue is not touched."""

    permission: ClassVar[str] = "subscription.price"
    price: Money
    item: ItemId = PLAN_ITEM
    start: PriceStart = PriceStart.DAY
    rescale: bool = False


@frozen(kw_only=True)
class ChangeDiscount(SubscriptionCommand):
    """Give an item another discount; None takes it away."""

    permission: ClassVar[str] = "subscription.discount"
    discount: Discount | None
    item: ItemId = PLAN_ITEM


@frozen(kw_only=True)
class ChangeBillingTerms(SubscriptionCommand):
    """Change how the subscription is billed and paid; None keeps what is.

    Another closing day counts when what runs, or was billed ahead, is over (a policy may cut it at once).
    The fee that a policy asks for another due day is let go with ``waive_fee``.
    """

    permission: ClassVar[str] = "subscription.billing-terms"
    advance: bool | None = None
    closing_day: int | None = None
    due_day: int | None = None
    charge_method: str | None = None
    separate_slip: bool | None = None
    separate_document: bool | None = None
    waive_fee: bool = False


@frozen(kw_only=True)
class SetSlipTerms(SubscriptionCommand):
    """Say how the subscription's slips are made; what is left out is the plain way."""

    permission: ClassVar[str] = "subscription.billing-terms"
    slips: SlipTerms


@frozen(kw_only=True)
class ChangeAddress(SubscriptionCommand):
    """Serve the subscription at another address of the customer."""

    permission: ClassVar[str] = "subscription.address"
    address: AddressId


@frozen(kw_only=True)
class Delete(SubscriptionCommand):
    """Put the subscription away; refused while receivables are open, unless forced."""

    permission: ClassVar[str] = "subscription.delete"
    force: bool = False


@frozen(kw_only=True)
class Retract(SubscriptionCommand):
    """Void a fact that was recorded in error, even a cancellation.

    The change of a component is voided whole, in all subscriptions that share the resource.
    """

    permission: ClassVar[str] = "subscription.retract"
    fact: int

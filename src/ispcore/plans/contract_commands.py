"""What can be asked of a subscription about contracts, in the imperative."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from ispcore.plans.commands import SubscriptionCommand
from ispcore.values import ComponentId, ContractNumber, ItemId, Money, as_frozenset, as_tuple


@frozen(kw_only=True)
class JoinContract(SubscriptionCommand):
    """Let the subscription belong to another contract of its customer; None is none."""

    permission: ClassVar[str] = "subscription.contract"
    contract: ContractNumber | None


@frozen(kw_only=True)
class MigrateTechnology(SubscriptionCommand):
    """Move to a plan of another technology, from radio to fibre say; work is ordered with its contract.

    Otherwise it is a change of plan: what goes along is chosen by ``drop`` and ``components``. The order says
    who is ``responsible`` and on which day it is planned.
    """

    permission: ClassVar[str] = "subscription.migrate-technology"
    plan: str
    price: Money | None = None
    drop: frozenset[ItemId] = field(default=frozenset(), converter=as_frozenset)
    components: tuple[ComponentId, ...] | None = field(default=None, converter=optional(as_tuple))
    responsible: str | None = None
    planned_on: date | None = None

"""What can be asked of a subscription about contracts, in the imperative."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ispcore.plans.commands import SubscriptionCommand
from ispcore.values import ContractNumber


@frozen(kw_only=True)
class JoinContract(SubscriptionCommand):
    """Let the subscription belong to another contract of its customer; None is none."""

    permission: ClassVar[str] = "subscription.contract"
    contract: ContractNumber | None

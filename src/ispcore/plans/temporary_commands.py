"""What can be asked for a while only: enabling provisionally, and a better plan."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from ispcore.plans.commands import SubscriptionCommand


@frozen(kw_only=True)
class EnableProvisionally(SubscriptionCommand):
    """Serve an inactive, blocked or reduced subscription in full for as many days as its plan says.

    These days are owed. Afterwards it is what it would be without.
    """

    permission: ClassVar[str] = "subscription.enable-provisionally"


@frozen(kw_only=True)
class StartTemporaryPlan(SubscriptionCommand):
    """Serve another plan, of the same technology and as fast at least, before ``until``; prices stay."""

    permission: ClassVar[str] = "subscription.temporary-plan"
    plan: str
    until: date


@frozen(kw_only=True)
class EndTemporaryPlan(SubscriptionCommand):
    """Serve the subscription's own plan again, before the day that was set."""

    permission: ClassVar[str] = "subscription.temporary-plan"

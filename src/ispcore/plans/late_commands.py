"""What can be asked about late payment of a subscription: a bonus, switches, an exemption."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from ispcore.plans.commands import SubscriptionCommand


@frozen(kw_only=True)
class GrantBonus(SubscriptionCommand):
    """Do not reduce or block for late payment before ``until``; what was done so far is lifted at once."""

    permission: ClassVar[str] = "subscription.bonus"
    until: date


@frozen(kw_only=True)
class ChangeLateTreatment(SubscriptionCommand):
    """Switch on or off what is done by itself when the subscription is paid late; None keeps what is."""

    permission: ClassVar[str] = "subscription.late-treatment"
    blocks: bool | None = None
    notices: bool | None = None
    charges: bool | None = None


@frozen(kw_only=True)
class Exempt(SubscriptionCommand):
    """Serve the contract without charging it before ``until``, and let go of what is open of it.

    Days that were billed already are let go where they are open, and stay paid where they were paid. With
    ``keep_overdue`` what was due before this day is still owed.
    """

    permission: ClassVar[str] = "subscription.exempt"
    until: date
    keep_overdue: bool = False

"""What can be asked of a combo, in the imperative: members are added, changed and taken out through it."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import frozen

from ispcore.values import ContractNumber, SubscriptionId, check_types


@frozen(kw_only=True)
class ComboCommand:
    """A command to the combo that a contract is; ``on`` is today, or the day that is taken for it."""

    permission: ClassVar[str] = "combo.change"
    contract: ContractNumber
    on: date | None = None
    note: str | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class AddToCombo(ComboCommand):
    """Let a subscription of the customer be a member; it is charged as the first member is."""

    subscription: SubscriptionId


@frozen(kw_only=True)
class RemoveFromCombo(ComboCommand):
    """Let a member go on alone, outside of the contract, at its own price."""

    subscription: SubscriptionId


@frozen(kw_only=True)
class ChangeInCombo(ComboCommand):
    """Give a member a command that it takes only through its combo: another plan, price, or terms.

    ``command`` is a command to a subscription, and needs its own permission too.
    """

    command: object

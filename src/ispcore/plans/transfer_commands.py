"""Handing a subscription over to another customer, in the imperative, and what can be chosen about it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

from attrs import field, frozen
from attrs.converters import optional

from ispcore.customers import RegisterCustomer
from ispcore.plans.commands import SubscriptionCommand
from ispcore.values import (
    AddressId,
    ComponentId,
    ContractNumber,
    CustomerId,
    ItemId,
    as_frozenset,
    as_tuple,
)


class PaidDays(Enum):
    """What becomes of days that were billed in advance and lie after the transfer."""

    CREDITED = "credited"
    """They are credited to the one who hands over; the receiver is billed for them."""
    CARRIED = "carried"
    """They stay with the one who hands over; the receiver is billed for nothing until they are over."""


class OpenDebt(Enum):
    """What becomes of what is open of the subscription."""

    STAYS = "stays"
    """Who made it owes it."""
    MOVES = "moves"
    """The receiver owes it from now on, each amount on its own due day."""


class BooksGo(Enum):
    """What becomes of slips in payment books that ask for the subscription."""

    STAY = "stay"
    CANCELLED = "cancelled"
    """They are taken back; what stays open of them gets other slips."""


class TransferProfile(Enum):
    """A named answer to every question that a transfer asks."""

    SAFE = "safe"
    INTEGRATOR = "integrator"


@frozen(kw_only=True)
class TransferOptions:
    """An answer to every question that a transfer asks."""

    keep_composition: bool
    keep_price: bool
    paid_days: PaidDays
    debt: OpenDebt
    books: BooksGo


PROFILES: Mapping[TransferProfile, TransferOptions] = {
    TransferProfile.SAFE: TransferOptions(
        keep_composition=True,
        keep_price=True,
        paid_days=PaidDays.CREDITED,
        debt=OpenDebt.STAYS,
        books=BooksGo.STAY,
    ),
    TransferProfile.INTEGRATOR: TransferOptions(
        keep_composition=True,
        keep_price=True,
        paid_days=PaidDays.CREDITED,
        debt=OpenDebt.MOVES,
        books=BooksGo.STAY,
    ),
}
"""What each profile answers."""


@frozen(kw_only=True)
class Transfer(SubscriptionCommand):
    """Hand the subscription over to another customer: it ends, and a new one goes on from this day.

    The receiver is a ``customer`` that there is, or a ``newcomer`` who is registered with it. An option that
    is None is as ``profile`` says. A debt moves only with ``agreed_by``, who agreed to owe it. Additional
    services go along, except those in ``drop``; so do components, or only those that are named.
    """

    permission: ClassVar[str] = "subscription.transfer"
    customer: CustomerId | None = None
    newcomer: RegisterCustomer | None = None
    address: AddressId | None = None
    contract: ContractNumber | None = None
    contract_template: str | None = None
    due_day: int | None = None
    charge_method: str | None = None
    drop: frozenset[ItemId] = field(default=frozenset(), converter=as_frozenset)
    components: tuple[ComponentId, ...] | None = field(default=None, converter=optional(as_tuple))
    profile: TransferProfile = TransferProfile.SAFE
    keep_composition: bool | None = None
    keep_price: bool | None = None
    paid_days: PaidDays | None = None
    debt: OpenDebt | None = None
    books: BooksGo | None = None
    agreed_by: str | None = None

    @property
    def options(self) -> TransferOptions:
        """Every option: as given, else as the profile says."""
        usual = PROFILES[self.profile]
        return TransferOptions(
            keep_composition=_chosen(self.keep_composition, usual.keep_composition),
            keep_price=_chosen(self.keep_price, usual.keep_price),
            paid_days=self.paid_days or usual.paid_days,
            debt=self.debt or usual.debt,
            books=self.books or usual.books,
        )


def _chosen(given: bool | None, usual: bool) -> bool:  # noqa: FBT001 - one of two answers
    return usual if given is None else given

"""What the use cases need of a database about the network; ``storage`` fulfils it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol, TypeAlias

from attrs import frozen

from ispcore.driver import PlacementId
from ispcore.network import Contribution, Placement, PoolAddress
from ispcore.values import ComponentId, CustomerId, SubscriptionId

ContributionKey: TypeAlias = tuple[SubscriptionId, ComponentId]


class Claim(NamedTuple):
    """A name on a device."""

    device: str
    name: str


class Holder(NamedTuple):
    """Whose a claim is; without a subscription it is still to be taken away from a device."""

    placement: PlacementId
    subscription: SubscriptionId | None = None
    customer: CustomerId | None = None


@frozen
class Placed:
    """A placement to save: a *new* one, or one whose generation moves by so many ``steps``."""

    placement: Placement
    new: bool = False
    steps: int = 1


class AddressHolder(NamedTuple):
    """Whose an address is, or was: ``free_from`` is None while somebody has it.

    One that was given back may still stand on a device, until a worker has been there.
    """

    resource: str
    free_from: date | None
    subscription: SubscriptionId | None = None
    customer: CustomerId | None = None
    still_stands: bool = False
    device: str | None = None


@frozen
class NetworkChange:
    """What is to be saved at once; ``dropped`` are contributions that are no more.

    ``held`` are addresses and the resources that get them, ``released`` those that are free from a day on.
    """

    contributions: tuple[Contribution, ...] = ()
    dropped: tuple[ContributionKey, ...] = ()
    placed: tuple[Placed, ...] = ()
    claims: Mapping[Claim, PlacementId] = {}
    held: Mapping[PoolAddress, str] = {}
    released: Mapping[PoolAddress, date] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be saved."""
        kept = self.contributions or self.dropped or self.placed or self.claims
        return not (kept or self.held or self.released)


class Addresses(Protocol):
    """Fixed addresses, and who has them."""

    def of(self, resources: Collection[str]) -> Mapping[str, frozenset[PoolAddress]]:
        """Return the addresses that *resources* have."""
        ...

    def holders(self, addresses: Collection[PoolAddress]) -> Mapping[PoolAddress, AddressHolder]:
        """Return whose those of *addresses* are, or were."""
        ...

    def kept_from_others(self, pool: str, on: date) -> frozenset[str]:
        """Return the addresses of *pool* that somebody has on that day, or that still rest."""
        ...

    def held_in(self, pool: str, *, given_back: bool = False) -> Mapping[str, str]:
        """Return which resource has, or had last, each address of *pool*, or only what was *given_back*."""
        ...

    def foreign_tags(self, device: str) -> frozenset[tuple[int | None, int | None]]:
        """Return the VLANs, and those within, of ONUs on *device* that were nobody's at its last look."""
        ...


class Network(Protocol):
    """What subscriptions want of the network, and what is to stand where."""

    def contributions(
        self, subscriptions: Collection[SubscriptionId], resources: Collection[str]
    ) -> tuple[Contribution, ...]:
        """Return the contributions of *subscriptions*, and everybody's to their *resources* and these."""
        ...

    def placements(self, resources: Collection[str]) -> tuple[Placement, ...]:
        """Return where *resources* stand or are to stand, or are to be taken away."""
        ...

    def take_turns(self, names: Collection[str]) -> None:
        """Wait until nobody else takes one of these *names* on any device, and let nobody meanwhile."""
        ...

    def holders(self, claims: Collection[Claim]) -> Mapping[Claim, Holder]:
        """Return whose those of *claims* are that somebody has."""
        ...

    def save(self, change: NetworkChange) -> None:
        """Save *change*.

        Raises:
            RefusedError: somebody else took a claim meanwhile.
            ConcurrentChangeError: somebody else placed a resource meanwhile.
        """
        ...

    def carrying(self, due: datetime | None = None) -> Sequence[tuple[CustomerId, SubscriptionId]]:
        """Return the subscriptions with contributions, or those whose run out by *due*, in order."""
        ...

"""What many commands want of the network, held back with them: found again, and written at once."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from ispcore.driver import PlacementId
from ispcore.network import Contribution, PoolAddress, resource_of
from ispcore.usecases.network_stores import (
    AddressHolder,
    Claim,
    ContributionKey,
    Holder,
    NetworkChange,
    Placed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.network import Placement
    from ispcore.storage.held_back import HeldBack
    from ispcore.values import SubscriptionId


@define
class PendingNetwork:
    """Rows to write, and the names by which they are found until then; a contribution None is dropped."""

    contributions: dict[ContributionKey, Contribution | None] = field(factory=dict)
    placed: dict[PlacementId, Placed] = field(factory=dict)
    claims: dict[Claim, PlacementId] = field(factory=dict)
    held: dict[PoolAddress, str] = field(factory=dict)
    released: dict[PoolAddress, date] = field(factory=dict)
    _keys: dict[object, set[ContributionKey]] = field(factory=dict)
    _standing: dict[str, set[PlacementId]] = field(factory=dict)

    def add(self, change: NetworkChange) -> None:
        """Take over what is to be saved."""
        for key in change.dropped:
            self.contributions[key] = None
        for one in change.contributions:
            key = (one.subscription, one.component)
            self.contributions[key] = one
            self._keys.setdefault(one.subscription, set()).add(key)
            self._keys.setdefault(one.resource, set()).add(key)
        for placed in change.placed:
            self._place(placed)
        self.claims |= change.claims
        self.held = {one: its for one, its in self.held.items() if one not in change.released}
        self.released = {one: day for one, day in self.released.items() if one not in change.held}
        self.held |= change.held
        self.released |= change.released

    def _place(self, placed: Placed) -> None:
        """Keep a placement; one that was kept already is still new, or moves by both together."""
        name = placed.placement.id
        before = self.placed.get(name)
        if before is not None:
            placed = evolve(placed, new=before.new, steps=before.steps + placed.steps)
        self.placed[name] = placed
        self._standing.setdefault(placed.placement.resource, set()).add(name)

    def absorb(self, later: PendingNetwork) -> None:
        """Take over what was made after this."""
        self.add(later.change)

    @property
    def change(self) -> NetworkChange:
        """All of it."""
        return NetworkChange(
            contributions=tuple(one for one in self.contributions.values() if one is not None),
            dropped=tuple(key for key, one in self.contributions.items() if one is None),
            placed=tuple(self.placed.values()),
            claims=self.claims,
            held=self.held,
            released=self.released,
        )

    def about(self, names: Iterable[object]) -> Iterator[Contribution]:
        """Yield the contributions of subscriptions, or to resources, of these *names*."""
        for name in names:
            for key in self._keys.get(name, ()):
                one = self.contributions[key]
                if one is not None:
                    yield one

    def standing(self, resource: str) -> Iterator[Placement]:
        """Yield the placements of *resource*."""
        return (self.placed[name].placement for name in self._standing.get(resource, ()))


class BulkNetwork:
    """What is wanted of the network, with what was not written yet."""

    def __init__(self, held: HeldBack) -> None:
        """Look into what is *held* back first."""
        self._held = held

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what is asked of the database
        """Ask the database, once everything is written."""
        return getattr(self._held.written().network, name)

    @property
    def _pending(self) -> tuple[PendingNetwork, PendingNetwork]:
        """What was made, the oldest first."""
        item, before = self._held.all
        return before.network, item.network

    def contributions(
        self, wanted: Collection[SubscriptionId], resources: Collection[str]
    ) -> tuple[Contribution, ...]:
        """Return the contributions of subscriptions, and everybody's to their resources and *resources*."""
        theirs = {one.resource for pending in self._pending for one in pending.about(wanted)}
        stored = self._held.session.network.contributions(wanted, theirs | set(resources))
        found = {(one.subscription, one.component): one for one in stored}
        names = [*wanted, *resources, *theirs, *(one.resource for one in stored)]
        for pending in self._pending:
            for key in found.keys() & pending.contributions.keys():
                del found[key]
            found |= {(one.subscription, one.component): one for one in pending.about(names)}
        return tuple(found[key] for key in sorted(found))

    def placements(self, resources: Collection[str]) -> tuple[Placement, ...]:
        """Return where *resources* stand or are to stand, or are to be taken away."""
        found = {one.id: one for one in self._held.session.network.placements(resources)}
        for pending in self._pending:
            found |= {one.id: one for resource in resources for one in pending.standing(resource)}
        return tuple(found[name] for name in sorted(found))

    def take_turns(self, names: Collection[str]) -> None:
        """Wait until nobody else takes one of these *names* on any device, and let nobody meanwhile."""
        self._held.session.network.take_turns(names)

    def holders(self, wanted: Collection[Claim]) -> dict[Claim, Holder]:
        """Return whose those of the claims are that somebody has."""
        found = dict(self._held.session.network.holders(wanted))
        for pending in self._pending:
            for claim in pending.claims.keys() & set(wanted):
                placed = pending.claims[claim]
                its = self.contributions((), (resource_of(placed),))
                found[claim] = Holder(placed, its[0].subscription, its[0].customer) if its else Holder(placed)
        return found

    def save(self, change: NetworkChange) -> None:
        """Hold *change* back."""
        self._held.item.network.add(change)


class BulkAddresses:
    """Who has which address, with what was not written yet."""

    def __init__(self, held: HeldBack) -> None:
        """Look into what is *held* back too."""
        self._held = held

    def of(self, resources: Collection[str]) -> dict[str, frozenset[PoolAddress]]:
        """Return the addresses that *resources* have."""
        found = {name: set(its) for name, its in self._held.session.addresses.of(resources).items()}
        item, before = self._held.all
        for pending in (before.network, item.network):
            for one in pending.released:
                for its in found.values():
                    its.discard(one)
            for one, resource in pending.held.items():
                if resource in resources:
                    found.setdefault(resource, set()).add(one)
        return {name: frozenset(its) for name, its in found.items()}

    def holders(self, wanted: Collection[PoolAddress]) -> dict[PoolAddress, AddressHolder]:
        """Return whose those of the addresses are, or were."""
        found = dict(self._held.session.addresses.holders(wanted))
        item, before = self._held.all
        for pending in (before.network, item.network):
            for one in pending.released.keys() & set(wanted):
                resource = found[one].resource if one in found else before.network.held.get(one, "")
                found[one] = AddressHolder(resource, pending.released[one])
            for one in pending.held.keys() & set(wanted):
                resource = pending.held[one]
                its = BulkNetwork(self._held).contributions((), (resource,))
                held = AddressHolder(resource, None)
                if its:
                    held = held._replace(
                        subscription=its[0].subscription, customer=its[0].customer, device=its[0].device
                    )
                found[one] = held
        return found

    def kept_from_others(self, pool: str, on: date) -> frozenset[str]:
        """Return the addresses of *pool* that somebody has on that day, or that still rest."""
        return self._held.written().addresses.kept_from_others(pool, on)

    def held_in(self, pool: str, *, given_back: bool = False) -> dict[str, str]:
        """Return which resource has, or had last, each address of *pool*, or only what was *given_back*."""
        return self._held.written().addresses.held_in(pool, given_back=given_back)

    def foreign_tags(self, device: str) -> frozenset[tuple[int | None, int | None]]:
        """Return the VLANs, and those within, of ONUs on *device* that were nobody's at its last look."""
        return self._held.session.addresses.foreign_tags(device)

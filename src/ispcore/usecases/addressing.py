"""Which fixed addresses change hands when resources are served, and which cannot.

An address follows from what is wanted: whoever wants it has it, and gives it back by wanting it no more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import TYPE_CHECKING

from attrs import define, field

from ispcore.catalog import Pool, VlanPlan
from ispcore.driver import Spec
from ispcore.network import PoolAddress, ResourceProblem, free_from, held_by, pool_addresses

if TYPE_CHECKING:
    from ispcore.usecases.network_stores import Addresses, AddressHolder


@define
class Addressing:
    """What becomes of the addresses of some resources on a day.

    ``problems`` are by resource: one that cannot have what it wants keeps what it has.
    """

    pools: Mapping[str, Pool]
    vlans: Mapping[str, VlanPlan]
    on: date
    held: dict[PoolAddress, str] = field(factory=dict)
    released: dict[PoolAddress, date] = field(factory=dict)
    problems: dict[str, list[ResourceProblem]] = field(factory=dict)

    def find(self, known: Addresses, wanted: Mapping[str, tuple[str, Spec | None]]) -> None:
        """Find what changes for resources that want a spec, or nothing, on a device."""
        asked = {}
        for resource, (device, spec) in wanted.items():
            addresses, problems = pool_addresses(resource, device, spec, self.pools)
            asked[resource] = (*addresses, *held_by(device, spec, self.vlans.get(device)))
            if problems:
                self.problems[resource] = list(problems)
        has = known.of(wanted.keys())
        new = {one for resource, every in asked.items() for one in every if one not in has.get(resource, ())}
        holders = known.holders(new)
        for resource, every in asked.items():
            self._take(resource, [one for one in every if one in new], holders)
        for resource in wanted.keys() - self.problems.keys():
            gone = has.get(resource, frozenset()) - set(asked[resource]) - self.held.keys()
            self.released |= {one: free_from(self.pools.get(one.pool), self.on) for one in gone}

    def _take(
        self, resource: str, new: Collection[PoolAddress], holders: Mapping[PoolAddress, AddressHolder]
    ) -> None:
        for one in new:
            problem = self._taken(resource, one, holders.get(one))
            if problem is not None:
                self.problems.setdefault(resource, []).append(problem)
        if resource not in self.problems:
            self.held |= dict.fromkeys(new, resource)

    def _taken(self, resource: str, one: PoolAddress, holder: AddressHolder | None) -> ResourceProblem | None:
        if one in self.held:
            message = f"The {one} is wanted twice: by {self.held[one]!r} and {resource!r}."
            return ResourceProblem(
                resource, one.rule("taken"), message, "Choose another one.", about=one.address
            )
        if holder is None or holder.resource == resource:
            return None
        return address_taken(resource, one, holder, self.on)


def address_taken(resource: str, one: PoolAddress, holder: AddressHolder, on: date) -> ResourceProblem | None:
    """Return the problem that *holder* has the address, or had it lately; None where it is free."""
    if holder.free_from is None:
        whose = f"{holder.resource!r} of subscription {holder.subscription}, customer {holder.customer}"
        whose += "" if holder.device is None else f", on {holder.device!r}"
        message = f"The {one} is taken: it belongs to {whose}."
        return ResourceProblem(resource, one.rule("taken"), message, "Choose another one.", about=one.address)
    if holder.still_stands:
        message = f"The {one} was given back, but {holder.resource!r} still has it on a device."
        return ResourceProblem(
            resource, one.rule("still-stands"), message, "Wait until that is done.", about=one.address
        )
    if holder.free_from > on:
        message = f"The {one} was given back lately, by {holder.resource!r}."
        hint = f"It is free again on {holder.free_from}. Choose another one."
        return ResourceProblem(resource, "address-in-quarantine", message, hint, about=one.address)
    return None

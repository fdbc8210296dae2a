"""Which names on devices placements need, and which of them somebody else has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import define, field

from ispcore.driver import PlacementId
from ispcore.network import ResourceProblem, resource_of
from ispcore.usecases.network_stores import Claim

if TYPE_CHECKING:
    from ispcore.usecases.network_stores import Holder, Network


@define
class Claiming:
    """The claims that placements get, and why some cannot have theirs."""

    claims: dict[Claim, PlacementId] = field(factory=dict)
    problems: list[ResourceProblem] = field(factory=list)

    def find(self, known: Network, asked: Iterable[tuple[Claim, PlacementId]]) -> None:
        """Find who gets which of the claims that are *asked* for; the first who asks does."""
        wanted: Mapping[Claim, list[PlacementId]] = defaultdict(list)
        for claim, placement in asked:
            wanted[claim].append(placement)
        holders = known.holders(wanted.keys()) if wanted else {}
        for claim, (first, *others) in wanted.items():
            holder = holders.get(claim)
            if holder is None or holder.placement == first:
                # A name that it has may be given up by a worker at this moment, so it is asked for again.
                self.claims[claim] = first
            for name in (first, *others):
                if holder is not None and name != holder.placement:
                    self.problems.append(claim_taken(resource_of(name), claim, holder))
                elif name != first:
                    self.problems.append(_claimed_twice(claim, first, name))


def claim_taken(resource: str, claim: Claim, holder: Holder) -> ResourceProblem:
    """Return the problem that *holder* has the *claim* that *resource* needs."""
    if holder.subscription is None:
        whose, way = f"{holder.placement!r}, which is still to be taken away", "Wait until that is done."
    else:
        whose = f"subscription {holder.subscription} of customer {holder.customer}"
        way = "Choose another name, or take it from there first."
    message = f"{claim.name!r} on {claim.device!r} is taken: it belongs to {whose}."
    return ResourceProblem(resource, "claim-taken", message, way, about=_named(claim))


def _claimed_twice(claim: Claim, first: PlacementId, second: PlacementId) -> ResourceProblem:
    message = f"{claim.name!r} on {claim.device!r} is wanted twice: as {first!r} and as {second!r}."
    return ResourceProblem(
        resource_of(second), "claim-taken", message, "Choose another name.", about=_named(claim)
    )


def _named(claim: Claim) -> str:
    return f"{claim.name}@{claim.device}"

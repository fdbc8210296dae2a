"""Which names on devices placements need, and which of them somebody else has.

The name of a login is one in the whole system, unless the catalogue says otherwise: nobody else has it on
another device either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from attrs import define, field

from ispcore.driver import Login, PlacementId
from ispcore.network import ResourceProblem, resource_of
from ispcore.usecases.network_stores import Claim

if TYPE_CHECKING:
    from ispcore.usecases.network_stores import Holder, Network


@define
class Claiming:
    """The claims that placements get, and why some cannot have theirs.

    ``login_devices`` are those on which nobody else may have the name of a login.
    """

    login_devices: Collection[str] = ()
    claims: dict[Claim, PlacementId] = field(factory=dict)
    problems: list[ResourceProblem] = field(factory=list)

    def find(self, known: Network, asked: Iterable[tuple[Claim, PlacementId]]) -> None:
        """Find who gets which of the claims that are *asked* for; the first who asks does."""
        wanted: Mapping[Claim, list[PlacementId]] = defaultdict(list)
        for claim, placement in asked:
            wanted[claim].append(placement)
        everywhere = {claim: self._elsewhere(claim) for claim in wanted}
        asked_for = {*wanted, *(one for some in everywhere.values() for one in some)}
        holders = known.holders(asked_for) if wanted else {}
        named: dict[str, PlacementId] = {}
        for claim, (first, *others) in wanted.items():
            holder = holders.get(claim) or _namesake(first, [holders.get(one) for one in everywhere[claim]])
            known_as = named.setdefault(claim.name, first) if self._is_login(claim) else first
            if resource_of(known_as) != resource_of(first):
                self.problems.append(_claimed_twice(claim, known_as, first))
            elif holder is None or holder.placement == first:
                # A name that it has may be given up by a worker at this moment, so it is asked for again.
                self.claims[claim] = first
            for name in (first, *others):
                if holder is not None and name != holder.placement:
                    self.problems.append(claim_taken(resource_of(name), claim, holder))
                elif name != first:
                    self.problems.append(_claimed_twice(claim, first, name))

    def _elsewhere(self, claim: Claim) -> list[Claim]:
        """Return the name of *claim* on every other device where somebody could have it."""
        others = (device for device in self.login_devices if device != claim.device)
        return [Claim(device, claim.name) for device in others] if self._is_login(claim) else []

    @staticmethod
    def _is_login(claim: Claim) -> bool:
        return claim.name.startswith(f"{Login.word}/")


def _namesake(placement: PlacementId, holders: Iterable[Holder | None]) -> Holder | None:
    """Return who has the name of *placement* elsewhere; a name that is to be taken away there is free."""
    others = (one for one in holders if one is not None and one.subscription is not None)
    return next((one for one in others if resource_of(one.placement) != resource_of(placement)), None)


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

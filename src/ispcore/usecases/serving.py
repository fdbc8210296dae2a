"""Serving: what subscriptions want of the network, worked out again and saved with what made it another one.

Every command ends with it, and ``tick`` and ``resync`` do nothing else. What is the same as before is not
written, so serving twice changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import define, field, frozen

from ispcore.driver import PlacementId, Spec, claim_of
from ispcore.network import (
    ADDRESSED,
    Contribution,
    Move,
    Placement,
    ResourceProblem,
    contributions,
    device_of,
    merge,
    move_of,
    placed,
    resource_of,
    resources_of,
)
from ispcore.plans import Timeline
from ispcore.usecases.addressing import Addressing
from ispcore.usecases.network_stores import Claim, ContributionKey, Holder, NetworkChange, Placed
from ispcore.usecases.ports import UnitOfWork
from ispcore.values import SubscriptionId


@frozen
class Serving:
    """What serving comes to: what is to be saved, how placements move by it, and what cannot be as wanted."""

    change: NetworkChange = NetworkChange()
    moves: tuple[Move, ...] = ()
    problems: tuple[ResourceProblem, ...] = ()


def serve(work: UnitOfWork, timelines: Sequence[Timeline], at: datetime) -> tuple[Move, ...]:
    """Let the network follow a command that left *timelines*, and return how placements move by it.

    Raises:
        RefusedError: a resource cannot be as it is wanted: its name on the device is somebody else's, or
            subscriptions that share it contradict each other.
    """
    if not any(resources_of(timeline) for timeline in timelines):
        return ()
    found = find(work, timelines, at)
    for problem in found.problems:
        if problem.refuses:
            raise problem.refusal()
    work.network.save(found.change)
    return found.moves


def find(work: UnitOfWork, timelines: Iterable[Timeline], at: datetime, *, whole: bool = False) -> Serving:
    """Return what serving the subscriptions of *timelines* comes to, and save nothing.

    Of resources that nothing new is wanted of, placements are looked at only where *whole* says so. One that
    has a problem stays as it is.
    """
    case = _Case(work, at, {timeline.last.id: timeline for timeline in timelines})
    case.read()
    touched = case.touched() if not whole else {one.resource for one in case.everybody()}
    standing = work.network.placements(sorted(touched)) if touched else ()
    case.place(touched, standing)
    case.claim()
    addressing = case.address(touched)
    return Serving(
        NetworkChange(
            case.changed(),
            case.dropped(),
            tuple(case.placed.values()),
            case.claims,
            addressing.held,
            addressing.released,
        ),
        tuple(case.moves.values()),
        tuple(case.problems),
    )


def claim_taken(resource: str, claim: Claim, holder: Holder) -> ResourceProblem:
    """Return the problem that *holder* has the *claim* that *resource* needs."""
    if holder.subscription is None:
        whose, way = f"{holder.placement!r}, which is still to be taken away", "Wait until that is done."
    else:
        whose = f"subscription {holder.subscription} of customer {holder.customer}"
        way = "Choose another name, or take it from there first."
    message = f"{claim.name!r} on {claim.device!r} is taken: it belongs to {whose}."
    return ResourceProblem(resource, "claim-taken", message, way)


@define
class _Case:
    """Subscriptions that are served together, with everybody who shares a resource with them."""

    work: UnitOfWork
    at: datetime
    timelines: dict[SubscriptionId, Timeline]
    wanted: dict[ContributionKey, Contribution] = field(factory=dict)
    stored: dict[ContributionKey, Contribution] = field(factory=dict)
    standing: dict[PlacementId, Placement] = field(factory=dict)
    placed: dict[PlacementId, Placed] = field(factory=dict)
    moves: dict[PlacementId, Move] = field(factory=dict)
    claims: dict[Claim, PlacementId] = field(factory=dict)
    problems: list[ResourceProblem] = field(factory=list)

    def read(self) -> None:
        """Work out what is wanted, and read what was; whose answer has run out meanwhile is served too."""
        catalogue = self.work.catalogue.current()
        fresh = self.timelines
        while fresh:
            for timeline in fresh.values():
                for one in contributions(timeline, catalogue, self.at):
                    self.wanted[one.subscription, one.component] = one
            resources = {one.resource for one in self.wanted.values()}
            stored = self.work.network.contributions(self.timelines.keys(), resources)
            self.stored = {(one.subscription, one.component): one for one in stored}
            stale = {one.subscription for one in stored if _has_run_out(one, self.at)} - self.timelines.keys()
            fresh = (
                {one.last.id: one for one, _ in self.work.subscriptions.many(sorted(stale))} if stale else {}
            )
            self.timelines |= fresh

    def everybody(self) -> list[Contribution]:
        """Return what is wanted by those who are served, and what others want of the same resources."""
        others = [one for one in self.stored.values() if one.subscription not in self.timelines]
        return [*others, *self.wanted.values()]

    def changed(self) -> tuple[Contribution, ...]:
        """Return the contributions that are new or others than they were."""
        return tuple(one for key, one in self.wanted.items() if self.stored.get(key) != one)

    def dropped(self) -> tuple[ContributionKey, ...]:
        """Return the contributions that are no more."""
        mine = [key for key, one in self.stored.items() if one.subscription in self.timelines]
        return tuple(key for key in mine if key not in self.wanted)

    def touched(self) -> set[str]:
        """Return the resources of which something else is wanted than before."""
        keys = [*self.dropped(), *((one.subscription, one.component) for one in self.changed())]
        both = [*(self.stored.get(key) for key in keys), *(self.wanted.get(key) for key in keys)]
        return {one.resource for one in both if one is not None}

    def place(self, touched: Collection[str], standing: Iterable[Placement]) -> None:
        """Find the placements of resources that are to be saved."""
        self.standing = {one.id: one for one in standing}
        its: Mapping[str, list[Placement]] = defaultdict(list)
        for placement in self.standing.values():
            its[placement.resource].append(placement)
        asked: Mapping[str, list[Contribution]] = defaultdict(list)
        for one in self.everybody():
            asked[one.resource].append(one)
        for resource in sorted(touched):
            wanted, problems = merge(resource, asked[resource], device_of(its[resource]))
            self.problems += problems
            if not any(problem.refuses for problem in problems):
                for placement in placed(resource, wanted, its[resource], self.at):
                    self._move(placement)

    def _move(self, placement: Placement) -> None:
        before = self.standing.get(placement.id)
        steps = 0 if before is None else placement.generation - before.generation
        self.placed[placement.id] = Placed(placement, new=before is None, steps=steps)
        move = move_of(before, placement)
        if move is not None:
            self.moves[placement.id] = move

    def claim(self) -> None:
        """Find the claims that placements need, and leave those alone whose name somebody else has."""
        asked: dict[Claim, list[PlacementId]] = defaultdict(list)
        for placement in (one.placement for one in self.placed.values()):
            if placement.wanted is not None and self._is_renamed(placement):
                asked[Claim(placement.device, claim_of(placement.wanted))].append(placement.id)
        holders = self.work.network.holders(asked.keys())
        for claim, (first, *others) in asked.items():
            holder = holders.get(claim)
            if holder is None or holder.placement == first:
                # A name that it has may be given up by a worker at this moment, so it is asked for again.
                self.claims[claim] = first
            for name in (first, *others):
                if holder is not None and name != holder.placement:
                    self._refuse(name, claim_taken(resource_of(name), claim, holder))
                elif name != first:
                    self._refuse(name, _claimed_twice(claim, first, name))

    def address(self, touched: Iterable[str]) -> Addressing:
        """Find the addresses that change hands, and leave resources alone that cannot have theirs."""
        wanted: dict[str, tuple[str, Spec | None]] = {}
        current = [*self.standing.values(), *(one.placement for one in self.placed.values())]
        now = {one.id: one for one in current if one.resource in set(touched)}
        for one in now.values():
            if issubclass(one.kind, ADDRESSED) and (one.wanted is not None or one.resource not in wanted):
                wanted[one.resource] = (one.device, one.wanted)
        addressing = Addressing(self.work.catalogue.current().pools, self.at.date())
        if wanted:
            addressing.find(self.work.addresses, wanted)
        for resource, problems in addressing.problems.items():
            self.problems += problems
            self._leave(resource)
        return addressing

    def _is_renamed(self, placement: Placement) -> bool:
        before = self.standing.get(placement.id)
        if before is None or before.wanted is None or placement.wanted is None:
            return True
        return claim_of(before.wanted) != claim_of(placement.wanted)

    def _refuse(self, placement: PlacementId, problem: ResourceProblem) -> None:
        self.problems.append(problem)
        self._leave(resource_of(placement))

    def _leave(self, resource: str) -> None:
        """Leave *resource* as it stands, also where it was to move away from."""
        for placement in [name for name, one in self.placed.items() if one.placement.resource == resource]:
            del self.placed[placement]
            self.claims = {claim: name for claim, name in self.claims.items() if name != placement}
            self.moves.pop(placement, None)


def _claimed_twice(claim: Claim, first: PlacementId, second: PlacementId) -> ResourceProblem:
    message = f"{claim.name!r} on {claim.device!r} is wanted twice: as {first!r} and as {second!r}."
    return ResourceProblem(resource_of(second), "claim-taken", message, "Choose another name.")


def _has_run_out(one: Contribution, at: datetime) -> bool:
    return one.valid_until is not None and one.valid_until <= at

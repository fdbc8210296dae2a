"""What is wanted of the network for a subscription, what stands there, and what is still to be done."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.driver import Change
from ispcore.network import Contribution, Placement, ResourceProblem, merge, outstanding, resources_of
from ispcore.usecases.serving import find
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

PERMISSION = "network.read"


@frozen
class PlannedPlacement:
    """A placement, whose contributions it follows, and the change that is still to be done; None is none."""

    placement: Placement
    contributions: tuple[Contribution, ...]
    change: Change | None

    @property
    def is_current(self) -> bool:
        """Whether a worker has made it as it is wanted."""
        return self.placement.applied_generation >= self.placement.generation


@frozen
class NetworkPlan:
    """What a subscription's resources are to be, and what keeps them from it.

    ``valid_until`` is when something of it changes by itself; None is never.
    """

    subscription: SubscriptionId
    placements: tuple[PlannedPlacement, ...]
    problems: tuple[ResourceProblem, ...] = ()
    valid_until: datetime | None = None


def plan(desk: Desk, subscription: SubscriptionId, *, actor: Actor) -> NetworkPlan:
    """Return what is wanted of the resources of *subscription*, or raise NotFoundError."""
    actor.require(PERMISSION)
    with desk.database.reading() as work:
        timeline, _ = work.subscriptions.get(subscription)
        resources = sorted(resources_of(timeline))
        contributions = work.network.contributions((subscription,), resources)
        placements = work.network.placements(resources)
        problems: list[ResourceProblem] = []
        planned = []
        for resource in resources:
            mine = tuple(one for one in contributions if one.resource == resource)
            problems += merge(resource, mine)[1]
            planned += [
                PlannedPlacement(one, mine, outstanding(one, one.applied, one.wanted))
                for one in placements
                if one.resource == resource
            ]
        now = desk.clock.now()
        ends = {one.valid_until for one in contributions if one.valid_until is not None}
        to_come = min((end for end in ends if end > now), default=None)
        if any(end <= now for end in ends):  # what it waits for is worked out again
            problems += find(work, [timeline], now).problems
    told = {problem.key: problem for problem in problems}
    return NetworkPlan(subscription, tuple(planned), tuple(told.values()), to_come)


def placements(desk: Desk, subscription: SubscriptionId, *, actor: Actor) -> tuple[Placement, ...]:
    """Return where the resources of *subscription* stand or are to stand, or raise NotFoundError."""
    return tuple(one.placement for one in plan(desk, subscription, actor=actor).placements)

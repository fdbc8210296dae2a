"""Where resources are to stand as they are wanted; what cannot, follows its status where it stands.

A name or an address that somebody else has, or subscriptions that contradict each other, keep a resource from
being as it is wanted. What people chose then waits, and who is suspended is suspended all the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from ispcore.driver import Login, PlacementId, claim_of
from ispcore.network import (
    ADDRESSED,
    Contribution,
    Move,
    Placement,
    ResourceProblem,
    device_of,
    held_back,
    merge,
    move_of,
    placed,
)
from ispcore.usecases.addressing import Addressing
from ispcore.usecases.claiming import Claiming
from ispcore.usecases.network_stores import Claim, Placed
from ispcore.usecases.ports import UnitOfWork

if TYPE_CHECKING:
    from ispcore.driver import Spec
    from ispcore.network import Wanted


class Way(IntEnum):
    """How far a resource follows what is wanted of it."""

    WHOLLY = 0
    IN_PLACE = 1
    """In everything, on the device on which it stands."""
    BY_STATUS = 2
    """In what its status makes of it, and nothing that people choose."""


@define
class Settling:
    """The placements of some resources, and the names and addresses that they get.

    ``asked`` are the contributions by resource, ``standing`` the placements as they are.
    """

    work: UnitOfWork
    at: datetime
    asked: Mapping[str, list[Contribution]]
    standing: Mapping[PlacementId, Placement]
    ways: dict[str, Way] = field(factory=dict)
    placed: dict[PlacementId, Placed] = field(factory=dict)
    moves: dict[PlacementId, Move] = field(factory=dict)
    claiming: Claiming = field(factory=Claiming)
    addressing: Addressing = field(init=False)
    problems: dict[tuple[str, str, str], ResourceProblem] = field(factory=dict)

    def settle(self, touched: Collection[str]) -> None:
        """Find how the *touched* resources can be as they are wanted, as far as possible."""
        its: Mapping[str, list[Placement]] = defaultdict(list)
        for placement in self.standing.values():
            its[placement.resource].append(placement)
        while True:
            self._place({resource: its[resource] for resource in sorted(touched)})
            problems = [*self._claim(), *self._address(touched)]
            if not problems:
                return
            self._tell(problems)
            for resource in {problem.resource for problem in problems}:
                self.ways[resource] = self._next_way(resource, its[resource])

    @property
    def unsettled(self) -> frozenset[str]:
        """The resources that cannot be as they are wanted."""
        return frozenset(problem.resource for problem in self.problems.values() if problem.refuses)

    def _tell(self, problems: Iterable[ResourceProblem]) -> None:
        for problem in problems:
            self.problems.setdefault(problem.key, problem)

    def _next_way(self, resource: str, its: Iterable[Placement]) -> Way:
        here = device_of(its)
        wholly = self.ways.get(resource, Way.WHOLLY) is Way.WHOLLY
        moves = any(one.placement.resource == resource and one.new for one in self.placed.values())
        return Way.IN_PLACE if wholly and moves and here is not None else Way.BY_STATUS

    def _place(self, its: Mapping[str, list[Placement]]) -> None:
        self.placed.clear()
        self.moves.clear()
        for resource, standing in its.items():
            wanted, problems = merge(resource, self.asked.get(resource, ()), device_of(standing))
            self._tell(problems)
            if any(problem.refuses for problem in problems):
                self.ways[resource] = Way.BY_STATUS
            followed = None if wanted is None else self._followed(wanted, standing)
            if followed is not None or wanted is None:
                for placement in placed(resource, followed, standing, self.at):
                    self._move(placement)

    def _followed(self, wanted: Wanted, standing: Iterable[Placement]) -> Wanted | None:
        """Return as much of what is *wanted* as can be; None leaves the resource alone."""
        match self.ways.get(wanted.resource, Way.WHOLLY):
            case Way.WHOLLY:
                return wanted
            case Way.IN_PLACE:
                return evolve(wanted, device=device_of(standing) or wanted.device)
            case Way.BY_STATUS:
                return held_back(wanted, standing)

    def _move(self, placement: Placement) -> None:
        before = self.standing.get(placement.id)
        steps = 0 if before is None else placement.generation - before.generation
        self.placed[placement.id] = Placed(placement, new=before is None, steps=steps)
        move = move_of(before, placement)
        if move is not None:
            self.moves[placement.id] = move

    def _claim(self) -> list[ResourceProblem]:
        """Find the claims that placements need, and what is wrong with some."""
        catalogue = self.work.catalogue.current()
        self.claiming = Claiming(catalogue.devices_of(Login.word) if catalogue.network.unique_logins else ())
        renamed = (one.placement for one in self.placed.values() if self._is_renamed(one.placement))
        self.claiming.find(
            self.work.network,
            [(Claim(one.device, claim_of(one.wanted)), one.id) for one in renamed if one.wanted is not None],
        )
        return self.claiming.problems

    def _is_renamed(self, placement: Placement) -> bool:
        before = self.standing.get(placement.id)
        if before is None or before.wanted is None or placement.wanted is None:
            return True
        return claim_of(before.wanted) != claim_of(placement.wanted)

    def _address(self, touched: Collection[str]) -> list[ResourceProblem]:
        """Find the addresses that change hands, and what is wrong with some."""
        wanted: dict[str, tuple[str, Spec | None]] = {}
        current = [*self.standing.values(), *(one.placement for one in self.placed.values())]
        now = {one.id: one for one in current if one.resource in set(touched)}
        for one in now.values():
            if self.ways.get(one.resource) is Way.BY_STATUS or not issubclass(one.kind, ADDRESSED):
                continue
            if one.wanted is not None or one.resource not in wanted:
                wanted[one.resource] = (one.device, one.wanted)
        catalogue = self.work.catalogue.current()
        self.addressing = Addressing(catalogue.pools, catalogue.vlans, self.at.date())
        if wanted:
            self.addressing.find(self.work.addresses, wanted)
        return [problem for problems in self.addressing.problems.values() for problem in problems]

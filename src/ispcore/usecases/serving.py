"""Serving: what subscriptions want of the network, worked out again and saved with what made it another one.

Every command ends with it, and ``tick`` and ``resync`` do nothing else. What is the same as before is not
written, so serving twice changes nothing. What cannot be as it is wanted is looked at again by every tick.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from attrs import define, evolve, field, frozen

from ispcore.driver import Login, claim_of
from ispcore.network import Contribution, Move, ResourceProblem, contributions, resources_of
from ispcore.plans import Timeline
from ispcore.usecases.network_stores import ContributionKey, NetworkChange
from ispcore.usecases.ports import UnitOfWork
from ispcore.usecases.settling import Settling
from ispcore.values import SubscriptionId


@frozen
class Serving:
    """What serving comes to: what is to be saved, how placements move by it, and what cannot be as wanted."""

    change: NetworkChange = NetworkChange()
    moves: tuple[Move, ...] = ()
    problems: tuple[ResourceProblem, ...] = ()


def serve(
    work: UnitOfWork, timelines: Sequence[Timeline], at: datetime, *, before: Sequence[Timeline] = ()
) -> tuple[Move, ...]:
    """Let the network follow a command that left *timelines*, and return how placements move by it.

    *before* are the same subscriptions as they were: what could not be as it is wanted then either is no
    reason to refuse the command.

    Raises:
        RefusedError: by the command a resource cannot be as it is wanted: its name on the device is somebody
            else's, or subscriptions that share it contradict each other.
    """
    if not any(resources_of(timeline) for timeline in timelines):
        return ()
    _take_turns(work, _logins(timelines) - _logins(before))
    found = find(work, timelines, at)
    refused = [problem for problem in found.problems if problem.refuses]
    if refused:
        known = {problem.key for problem in find(work, before, at, whole=True).problems}
        for problem in refused:
            if problem.key not in known:
                raise problem.refusal()
    work.network.save(found.change)
    return found.moves


def _take_turns(work: UnitOfWork, names: Collection[str]) -> None:
    """Let nobody else take new *names* of logins meanwhile: the claims of one device know of no other's."""
    if names and work.catalogue.current().network.unique_logins:
        work.network.take_turns(names)


def _logins(timelines: Iterable[Timeline]) -> set[str]:
    every = (component.spec for timeline in timelines for component in timeline.last.components)
    return {claim_of(spec) for spec in every if isinstance(spec, Login)}


def find(work: UnitOfWork, timelines: Iterable[Timeline], at: datetime, *, whole: bool = False) -> Serving:
    """Return what serving the subscriptions of *timelines* comes to, and save nothing.

    Of resources that nothing new is wanted of, placements are looked at only where *whole* says so. One that
    has a problem follows its status where it stands, and is looked at again when it is served next.
    """
    case = _Case(work, at, {timeline.last.id: timeline for timeline in timelines})
    case.read()
    touched = case.touched() if not whole else {one.resource for one in case.everybody()}
    standing = work.network.placements(sorted(touched)) if touched else ()
    settling = Settling(work, at, case.asked(), {one.id: one for one in standing})
    settling.settle(touched)
    return Serving(
        NetworkChange(
            case.changed(settling.unsettled),
            case.dropped(),
            tuple(settling.placed.values()),
            settling.claiming.claims,
            settling.addressing.held,
            settling.addressing.released,
        ),
        tuple(settling.moves.values()),
        tuple(settling.problems.values()),
    )


@define
class _Case:
    """Subscriptions that are served together, with everybody who shares a resource with them."""

    work: UnitOfWork
    at: datetime
    timelines: dict[SubscriptionId, Timeline]
    wanted: dict[ContributionKey, Contribution] = field(factory=dict)
    stored: dict[ContributionKey, Contribution] = field(factory=dict)

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

    def asked(self) -> Mapping[str, list[Contribution]]:
        """Return what everybody wants, by resource."""
        found: dict[str, list[Contribution]] = defaultdict(list)
        for one in self.everybody():
            found[one.resource].append(one)
        return found

    def changed(self, unsettled: Collection[str] = ()) -> tuple[Contribution, ...]:
        """Return the contributions that are new or others than they were.

        Those to *unsettled* resources run out at once, so that they are looked at again.
        """
        kept = ((self.stored.get((one.subscription, one.component)), one) for one in self.everybody())
        now = (
            (stored, self._run_out(stored, one) if one.resource in unsettled else one) for stored, one in kept
        )
        return tuple(one for stored, one in now if stored != one)

    def _run_out(self, stored: Contribution | None, one: Contribution) -> Contribution:
        if stored is not None and _has_run_out(stored, self.at):
            return evolve(one, valid_until=stored.valid_until)
        return evolve(one, valid_until=self.at)

    def dropped(self) -> tuple[ContributionKey, ...]:
        """Return the contributions that are no more."""
        mine = [key for key, one in self.stored.items() if one.subscription in self.timelines]
        return tuple(key for key in mine if key not in self.wanted)

    def touched(self) -> set[str]:
        """Return the resources of which something else is wanted than before."""
        keys = [*self.dropped(), *((one.subscription, one.component) for one in self.changed())]
        both = [*(self.stored.get(key) for key in keys), *(self.wanted.get(key) for key in keys)]
        return {one.resource for one in both if one is not None}


def _has_run_out(one: Contribution, at: datetime) -> bool:
    return one.valid_until is not None and one.valid_until <= at

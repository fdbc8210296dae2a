"""The part of the facade that is about the network: what is wanted, what is done about it, what drifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from ispcore import usecases as u
from ispcore.desks.acting import ActionDesk
from ispcore.desks.devices import DeviceDesk
from ispcore.desks.drifting import DriftDesk
from ispcore.desks.onus import OnuDesk
from ispcore.desks.outbox import OutboxDesk
from ispcore.driver import PlacementId
from ispcore.effects import DriftReport, Lagging
from ispcore.effects.protocol import takes_away
from ispcore.errors import RefusedError
from ispcore.network import Drift, resources_of
from ispcore.storage.jobs import Jobs, install_jobs
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from ispcore.desks.reach import Drivers, Reach
    from ispcore.driver import Action, Discovered, DriverSpec
    from ispcore.effects import Acted, ActionRecord, Looker, Settings, Worker
    from ispcore.network import Placement
    from ispcore.timeline import Actor


@frozen
class Applied:
    """What became of the placements of a subscription that lagged: as they are now, lagging still or not."""

    subscription: SubscriptionId
    placements: tuple[Lagging, ...]

    @property
    def left(self) -> tuple[Lagging, ...]:
        """Those that are still not as they are wanted."""
        return tuple(one for one in self.placements if one.applied_generation < one.generation)


class NetworkDesk:
    """What an application asks of the network; :attr:`Provider.network <ispcore.app.Provider.network>`."""

    def __init__(self, desk: u.Desk, reach: Reach) -> None:
        """Work with the ports of *desk*, and on the devices within *reach*."""
        self._desk = desk
        self._reach = reach

    def using(self, drivers: Drivers, settings: Settings | None = None) -> NetworkDesk:
        """Return the same with drivers that the program has made itself, before those of plugins."""
        reach = evolve(self._reach, drivers=drivers, settings=settings or self._reach.settings)
        return NetworkDesk(self._desk, reach)

    # What is wanted

    def plan(self, subscription: SubscriptionId, *, actor: Actor) -> u.NetworkPlan:
        """Return what is wanted of a subscription's resources, what stands there, and what is to be done.

        Raises:
            NotFoundError: there is no such subscription.
        """
        return u.plan(self._desk, subscription, actor=actor)

    def placements(self, subscription: SubscriptionId, *, actor: Actor) -> tuple[Placement, ...]:
        """Return where the resources of a subscription stand or are to stand, or raise NotFoundError."""
        return u.placements(self._desk, subscription, actor=actor)

    def tick(
        self,
        at: datetime | None = None,
        *,
        actor: Actor,
        preview: bool = False,
        watch: Callable[[u.Renewal], object] | None = None,
    ) -> u.Renewal:
        """Let the network follow what has changed by itself; run it every minute, or as you like.

        Timed statuses, holds, provisional speeds, windows, grace times. It may be stopped and run again, and
        run twice at once; a *preview* saves nothing and lists what would move. It may ask for an instant that
        is still to come.
        """
        return u.tick(self._desk, at, actor=actor, preview=preview, watch=watch)

    def resync(
        self,
        *,
        actor: Actor,
        preview: bool = False,
        watch: Callable[[u.Renewal], object] | None = None,
    ) -> u.Renewal:
        """Let the network follow today's catalogue and rules; a *preview* saves nothing and lists the moves.

        Loading a catalogue changes no device by itself: look at a preview, then do it.
        """
        return u.resync(self._desk, actor=actor, preview=preview, watch=watch)

    def free_addresses(self, pool: str, *, actor: Actor, most: int = 10) -> tuple[str, ...]:
        """Return up to *most* addresses of *pool* that can be given to somebody, the lowest first.

        Raises:
            NotFoundError: the catalogue has no such pool.
        """
        return u.find_free_addresses(self._desk, pool, actor=actor, most=most)

    # What is done about it

    def driver(self, name: str) -> DriverSpec:
        """Return the driver of this name, or raise RefusedError."""
        return self._reach.named_driver(name)

    def now(self) -> datetime:
        """Return the instant that workers go by."""
        return self._reach.database.now()

    @property
    def devices(self) -> DeviceDesk:
        """The devices: added, checked, held, accepted."""
        return DeviceDesk(self._reach)

    @property
    def onus(self) -> OnuDesk:
        """ONUs that wait on OLTs, how one is given to a subscription, and where each is."""
        return OnuDesk(self._desk, self._reach, self._actions)

    @property
    def outbox(self) -> OutboxDesk:
        """What waits for workers, and why."""
        return OutboxDesk(self._reach)

    def worker(self, *, actor: Actor, settings: Settings | None = None) -> Worker:
        """Return a worker for this database, ready to run; it acts as the provider from then on."""
        actor.require("network.work")
        return self._reach.worker(settings)

    def install_queue(self, *, actor: Actor) -> bool:
        """Make the tables of the queue that wakes workers on PostgreSQL; tell whether anything was done.

        Raises:
            RefusedError: the database is no server.
        """
        actor.require("network.work")
        return install_jobs(self._reach.database)

    def queue(self, *, actor: Actor) -> Jobs:
        """Return the queue, ready to run workers that it wakes; see :meth:`install_queue`."""
        actor.require("network.work")
        if self._reach.database.url.get_backend_name() != "postgresql":
            raise RefusedError("Only PostgreSQL has a queue of jobs.", rule="no-queue")
        return Jobs(self._reach.database, self._reach.worker)

    def looker(self, *, actor: Actor, settings: Settings | None = None) -> Looker:
        """Return who looks at devices when their time has come, to be called between a worker's rounds."""
        actor.require("network.drift")
        return self._reach.looker(settings)

    def apply(self, subscription: SubscriptionId, *, actor: Actor) -> Applied:
        """Work now on the devices of a subscription, and tell what became of its placements.

        What else waits on these devices is done on the way. What fails is tried again by the workers.

        Raises:
            NotFoundError: there is no such subscription.
        """
        actor.require("network.apply")
        lagging = self._lagging(subscription)
        worker = self._reach.worker()
        before, left = None, lagging
        while left and left != before:
            for device in _in_soft_order(left):
                worker.run(device=device, lanes=2)
            before, left = left, [one for one in self._now(lagging) if _lags(one)]
        return Applied(subscription, tuple(self._now(lagging)))

    def _lagging(self, subscription: SubscriptionId) -> list[Lagging]:
        with self._reach.database.reading() as work:
            timeline, _ = work.subscriptions.get(subscription)
            placements = work.network.placements(sorted(resources_of(timeline)))
            return [one for one in (work.outbox.get(each.id) for each in placements) if _lags(one)]

    def _now(self, known: list[Lagging]) -> list[Lagging]:
        with self._reach.database.reading() as work:
            return [work.outbox.get(one.id) for one in known]

    # What drifted

    def drift(
        self,
        device: str | None = None,
        *,
        actor: Actor,
        repairs: bool | None = None,
        watch: Callable[[Drift], object] | None = None,
        most: int | None = 1_000,
    ) -> tuple[DriftReport, ...]:
        """Look at a *device*, or at all, and tell what stands otherwise than it was left.

        *repairs* says whether workers shall mend it; None does what was chosen for each device. *watch* sees
        everything that drifted, a report has at *most* so many.

        Raises:
            NotFoundError: there is no such device, and nothing is wanted on it.
        """
        return self._drift.look(device, actor=actor, repairs=repairs, watch=watch, most=most)

    def foreign(self, device: str, *, actor: Actor, limit: int | None = None) -> tuple[Drift, ...]:
        """Return what was foreign on *device* at the last look, or raise NotFoundError."""
        return self._drift.foreign(device, actor=actor, limit=limit)

    def adopt(self, device: str, claim: str, *, actor: Actor) -> PlacementId:
        """Make ours what stands on *device* under a name (``"login/ana"``) that one of our placements wants.

        Workers make it as it is wanted from then on.

        Raises:
            NotFoundError: there is no such device.
            RefusedError: nothing wants that name there.
        """
        return self._drift.adopt(device, claim, actor=actor)

    def adopt_all(self, device: str, *, actor: Actor) -> int:
        """Make everything ours that stands on *device* under a name which a placement of ours wants.

        Returns how many placements have a name there now that nothing of ours was written under. Workers
        make each as it is wanted from then on; what nothing wants is left alone.

        Raises:
            NotFoundError: there is no such device.
        """
        return self._drift.adopt_all(device, actor=actor)

    @property
    def _drift(self) -> DriftDesk:
        return DriftDesk(self._reach)

    # Actions

    def act(self, target: str, action: Action[Any], *, actor: Actor, again: bool = False) -> Acted:
        """Carry *action* out on a device, or on what stands for a placement (``"1:onu@olt"``).

        What came of it is kept, and returned; a device that cannot be reached is an outcome too. What may
        have happened already is not done once more unless *again* says so, or doing it twice does no harm.

        Raises:
            NotFoundError: there is no such device or placement.
            RefusedError: the last such action ended without anybody knowing whether it happened.
        """
        return self._actions.act(target, action, actor=actor, again=again)

    def repeat(self, name: str, *, actor: Actor) -> Acted:
        """Carry out once more an action whose outcome is unknown, if doing it twice does no harm."""
        return self._actions.repeat(name, actor=actor)

    def lasting(self, device: str, *, actor: Actor) -> tuple[ActionRecord, ...]:
        """Return what was done on *device* by hand, lasts, and was not undone: the oldest first."""
        return self._actions.lasting(device, actor=actor)

    def redo(self, device: str, *, actor: Actor) -> tuple[Acted, ...]:
        """Do once more what lasts on *device*: on a box that took the place of another one.

        Each comes to an outcome of its own; what cannot be given once more has failed.
        """
        return self._actions.redo(device, actor=actor)

    def discover(self, device: str, *, actor: Actor) -> tuple[Discovered, ...]:
        """Return what waits on *device* to be taken in, or raise RefusedError."""
        return self._actions.discover(device, actor=actor)

    def actions(
        self, *, actor: Actor, device: str | None = None, word: str | None = None, limit: int | None = 50
    ) -> tuple[ActionRecord, ...]:
        """Return what was done on devices by hand, the latest first."""
        return self._actions.actions(actor=actor, device=device, word=word, limit=limit)

    def action(
        self, device: str, word: str, *, actor: Actor, given: Mapping[str, Any] | None = None
    ) -> Action[Any]:
        """Return the action that *device* knows by this word, with what it is *given* by name.

        Raises:
            NotFoundError: there is no such device, or its driver has no such action.
            InvalidValueError: the action takes nothing of such a name.
        """
        return self._actions.named(device, word, actor=actor, given=given)

    @property
    def _actions(self) -> ActionDesk:
        return ActionDesk(self._reach)


def _lags(one: Lagging) -> bool:
    return one.applied_generation < one.generation


def _in_soft_order(lagging: list[Lagging]) -> list[str]:
    """Return the devices in the order in which things are taken away, and then given."""
    ranks: dict[str, int] = {}
    for one in lagging:
        rank = -one.layer if takes_away(one.wanted) else one.layer
        ranks[one.device] = min(rank, ranks.get(one.device, rank))
    return sorted(ranks, key=lambda name: (ranks[name], name))

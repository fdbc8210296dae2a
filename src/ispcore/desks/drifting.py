"""The part of the facade that looks for drift, and makes ours what stands in the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.driver import PlacementId
from ispcore.effects import DriftReport
from ispcore.errors import NotFoundError, RefusedError
from ispcore.network import Drift, DriftKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.desks.reach import Reach
    from ispcore.timeline import Actor


@frozen
class DriftDesk:
    """Looks at devices; ``provider.network.drift`` and its neighbours."""

    _reach: Reach

    def look(
        self,
        device: str | None,
        *,
        actor: Actor,
        repairs: bool | None,
        watch: Callable[[Drift], object] | None,
        most: int | None,
    ) -> tuple[DriftReport, ...]:
        """Look at a *device*, or at all, and tell what stands otherwise than it was left.

        Raises:
            NotFoundError: there is no such device, and nothing is wanted on it.
        """
        actor.require("network.drift")
        if repairs:
            actor.require("network.repair")
        with self._reach.database.reading() as work:
            names = [one.name for one in work.devices.all()]
        unbound = self._reach.database.drift.unbound(device)
        if device is not None:
            if device not in names and not unbound:
                raise NotFoundError("device", device, hint="Add it, or see 'ispcore device list'.")
            names = [name for name in names if name == device]
        looker = self._reach.looker()
        reports = [looker.look(name, repairs=repairs, watch=watch, most=most) for name in names]
        return (*reports, *self._unbound(unbound, watch))

    def _unbound(
        self, drifts: tuple[Drift, ...], watch: Callable[[Drift], object] | None
    ) -> list[DriftReport]:
        now, by_device = self._reach.database.now(), dict[str, list[Drift]]()
        for drift in drifts:
            by_device.setdefault(drift.device, []).append(drift)
            if watch is not None:
                watch(drift)
        return [
            DriftReport(device=name, at=now, counts={DriftKind.UNBOUND: len(some)}, drifts=tuple(some))
            for name, some in by_device.items()
        ]

    def foreign(self, device: str, *, actor: Actor, limit: int | None = None) -> tuple[Drift, ...]:
        """Return what was foreign on *device* at the last look, or raise NotFoundError."""
        actor.require("network.read")
        with self._reach.database.reading() as work:
            work.devices.get(device)
            return work.watches.foreign(device, limit)

    def adopt(self, device: str, claim: str, *, actor: Actor) -> PlacementId:
        """Make ours what stands on *device* under a name (``"login/ana"``) that one of our placements wants.

        Workers make it as it is wanted from then on.

        Raises:
            NotFoundError: there is no such device.
            RefusedError: nothing wants that name there.
        """
        actor.require("network.adopt")
        with self._reach.database.writing() as work:
            work.devices.get(device)
            owner = work.watches.owner(device, claim)
            if owner is None:
                raise RefusedError(
                    f"Nothing wants {claim!r} on {device}, so nobody could look after it.",
                    rule="nothing-wants-it",
                    hint="Give a subscription a component of that name first.",
                )
            work.outbox.adopt(PlacementId(owner))
            work.outbox.wake([device])
            return PlacementId(owner)

    def adopt_all(self, device: str, *, actor: Actor) -> int:
        """Make everything ours that stands on *device* under a name which a placement of ours wants.

        Raises:
            NotFoundError: there is no such device.
        """
        actor.require("network.adopt")
        with self._reach.database.writing() as work:
            work.devices.get(device)
            count = work.outbox.adopt_all(device)
            work.outbox.wake([device])
            return count

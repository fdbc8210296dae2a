"""The part of the facade that is about what is still to be done on the network, and why it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.effects import Lagging, explained

if TYPE_CHECKING:
    from datetime import datetime

    from ispcore.desks.reach import Reach
    from ispcore.driver import PlacementId
    from ispcore.timeline import Actor


@frozen
class OutboxDesk:
    """What waits for workers; ``provider.network.outbox``."""

    _reach: Reach

    def lagging(
        self,
        *,
        actor: Actor,
        device: str | None = None,
        trouble: str | None = None,
        limit: int | None = None,
    ) -> tuple[Lagging, ...]:
        """Return the placements that are not as they are wanted, what has waited longest first."""
        actor.require("network.read")
        with self._reach.database.reading() as work:
            return work.outbox.lagging(device=device, trouble=trouble, limit=limit)

    def get(self, placement: PlacementId, *, actor: Actor) -> Lagging:
        """Return how it stands with one placement, or raise NotFoundError."""
        actor.require("network.read")
        with self._reach.database.reading() as work:
            return work.outbox.get(placement)

    def explain(self, placement: PlacementId, *, actor: Actor) -> tuple[str, ...]:
        """Return in sentences why a placement is not as it is wanted, or raise NotFoundError."""
        return tuple(explained(self.get(placement, actor=actor)))

    def retry(self, *, actor: Actor, placement: PlacementId | None = None, device: str | None = None) -> int:
        """Let what waits for a person or a time be tried at once; return how much that is.

        Raises:
            NotFoundError: there is no such placement.
        """
        actor.require("network.retry")
        with self._reach.database.writing() as work:
            if placement is not None:
                device = work.outbox.get(placement).device
            count = work.outbox.retry(placement=placement, device=device)
            names = [device] if device is not None else [one.name for one in work.devices.all()]
            work.outbox.wake(names)
            return count

    def hold(self, placement: PlacementId, until: datetime | None, *, actor: Actor) -> None:
        """Leave a placement alone until then; None ends it. It is neither written nor mended meanwhile."""
        actor.require("network.hold")
        with self._reach.database.writing() as work:
            work.outbox.hold(placement, until)
            if until is None:
                work.outbox.wake([work.outbox.get(placement).device])

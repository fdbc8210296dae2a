"""The part of the facade that is about the network: what is wanted, what would change, what has run out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore import usecases as u

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ispcore.network import Placement
    from ispcore.timeline import Actor
    from ispcore.values import SubscriptionId


class NetworkDesk:
    """What an application asks of the network; :attr:`Provider.network <ispcore.app.Provider.network>`."""

    def __init__(self, desk: u.Desk) -> None:
        """Work with the ports of *desk*."""
        self._desk = desk

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

"""What is done about plugins: naming the policies that guard a database, delivering events, diagnosing.

Every call takes the actor, and is refused unless the actor has the permission that it names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from ispcore.effects import Delivered, DeviceStanding, Lag, deliver
from ispcore.effects.observers import Deliveries, Facts
from ispcore.errors import NotFoundError, PluginError
from ispcore.hooks.diagnosis import diagnose
from ispcore.usecases import Finding

if TYPE_CHECKING:
    from ispcore.hooks.plugins import Plugins
    from ispcore.hooks.policies import PluginPolicies
    from ispcore.timeline import Actor


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


class Guards(Protocol):
    """The plugins whose policies must review each command."""

    def names(self) -> tuple[str, ...]:
        """Return the plugins' names, in order."""
        ...

    def add(self, plugin: str, *, at: datetime, actor: str) -> None:
        """Name *plugin*; once is enough."""
        ...

    def remove(self, plugin: str) -> bool:
        """Name *plugin* no more, and tell whether it was named."""
        ...


class KeptDeliveries(Deliveries, Protocol):
    """What is still to be told, for people to look at."""

    def lags(self) -> tuple[Lag, ...]:
        """Return how far behind each observer is, by name."""
        ...

    def retry(self, observer: str, *, now: datetime) -> int:
        """Have everything that waits for *observer* tried anew, dead letters too; return how much it is."""
        ...

    def drop(self, observer: str) -> int:
        """Forget everything that waits for *observer*; return how much that was."""
        ...


class Health(Protocol):
    """How the devices stand."""

    def devices(self) -> tuple[DeviceStanding, ...]:
        """Return how each device stands, by name."""
        ...

    def absent(self) -> Mapping[str, int]:
        """Return how many placements wait for each device that there is not."""
        ...


class Work(Protocol):
    """One transaction's view of the database."""

    @property
    def facts(self) -> Facts:
        """The timelines."""
        ...

    @property
    def deliveries(self) -> KeptDeliveries:
        """What is still to be told."""
        ...

    @property
    def guards(self) -> Guards:
        """The policies that the database names."""
        ...

    @property
    def health(self) -> Health:
        """How the devices stand."""
        ...


class Database(Protocol):
    """Opens transactions."""

    def reading(self) -> AbstractContextManager[Work]:
        """Begin a transaction that only reads."""
        ...

    def writing(self) -> AbstractContextManager[Work]:
        """Begin a transaction that may write."""
        ...


@frozen
class PluginDesk:
    """Plugins at work on one database."""

    _database: Database
    _clock: Clock
    _plugins: Plugins
    _policies: PluginPolicies

    def guard(self, plugin: str, *, actor: Actor) -> None:
        """Have no command carried out from now on that the policy of *plugin* has not reviewed.

        Other programs that are open on the database follow when they are opened again.

        Raises:
            PluginError: no such policy is loaded here.
        """
        actor.require("plugin.guard")
        known = [one.name for one in self._plugins.with_hook("ispcore_review_command")]
        if plugin not in known:
            raise PluginError(
                f"Plugin {plugin!r} cannot guard: no policy of it is loaded.",
                plugin=plugin,
                hint=f"Policies are loaded of: {', '.join(known) or 'none'}.",
            )
        with self._database.writing() as work:
            work.guards.add(plugin, at=self._clock.now(), actor=actor.id)
        self._policies.look_again()

    def release(self, plugin: str, *, actor: Actor) -> None:
        """Let commands be carried out without *plugin* from now on.

        Raises:
            NotFoundError: the database does not name it.
        """
        actor.require("plugin.guard")
        with self._database.writing() as work:
            known = work.guards.names()
            if not work.guards.remove(plugin):
                hint = f"The database names: {', '.join(known) or 'none'}."
                raise NotFoundError("guarding plugin", plugin, hint=hint)

    def guards(self, *, actor: Actor) -> tuple[str, ...]:
        """Return the plugins whose policies must review each command."""
        actor.require("plugin.read")
        with self._database.reading() as work:
            return work.guards.names()

    def deliver(self, *, actor: Actor, most: int | None = None) -> Delivered:
        """Tell observers what is due, at *most* so many events, and return what it came to."""
        actor.require("observer.deliver")
        return deliver(self._database, self._plugins.observers(), self._clock, most=most)

    def waiting(self, *, actor: Actor) -> tuple[Lag, ...]:
        """Return how far behind each observer is that something waits for."""
        actor.require("plugin.read")
        with self._database.reading() as work:
            return work.deliveries.lags()

    def retry(self, observer: str, *, actor: Actor) -> int:
        """Have everything that waits for *observer* tried anew, dead letters too; return how much that is."""
        actor.require("observer.deliver")
        with self._database.writing() as work:
            return work.deliveries.retry(observer, now=self._clock.now())

    def drop(self, observer: str, *, actor: Actor) -> int:
        """Forget everything that waits for *observer*; return how much that was."""
        actor.require("observer.drop")
        with self._database.writing() as work:
            return work.deliveries.drop(observer)

    def diagnose(self, *, actor: Actor) -> Iterator[Finding]:
        """Yield everything about plugins, devices and deliveries that somebody should look after."""
        actor.require("plugin.read")
        with self._database.reading() as work:
            guards, lags = work.guards.names(), work.deliveries.lags()
            devices, absent = work.health.devices(), work.health.absent()
        now = self._clock.now()
        return diagnose(self._plugins, now, guards=guards, devices=devices, absent=absent, lags=lags)

"""The part of the facade that is about what customers are told; ``provider.notices``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u
from ispcore.desks.reach import Reach
from ispcore.effects import HandedOver, hand_over, read_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.catalog import Channel
    from ispcore.notices import KeptNotice, NoticeId, NoticeState, Notifier
    from ispcore.timeline import Actor
    from ispcore.values import CustomerId


@frozen
class NoticeDesk:
    """Notices: asked for, handed over, looked at."""

    _desk: u.Desk
    _reach: Reach

    def ask(self, on: date | None = None, *, actor: Actor, preview: bool = False) -> u.Asked:
        """Ask for what is to be told on a day around due dates; a *preview* saves nothing.

        After a silence call it once, for the last day: of several days that have come, only the last is told.

        Raises:
            InvalidValueError: the day is still to come, and this is no preview.
        """
        return u.ask_due(self._desk, on, actor=actor, preview=preview)

    def hand_over(
        self,
        *,
        actor: Actor,
        most: int | None = None,
        notifiers: Mapping[str, Notifier] | None = None,
    ) -> HandedOver:
        """Hand over what is due, at *most* so many notices, and return what it came to.

        Without *notifiers*, by channel, those of the catalogue are made. What is asked for a channel that has
        none waits. Call it from a worker, again and again.

        Raises:
            PluginError: no plugin brings a notifier that the catalogue names.
            DocumentError: the configuration of one does not fit.
        """
        actor.require("notice.hand-over")
        chosen = self._notifiers() if notifiers is None else notifiers
        return hand_over(self._reach.database, chosen, self._desk.clock, most=most)

    def _notifiers(self) -> dict[str, Notifier]:
        """Return a new notifier for each channel of the catalogue that names one; raises as hand_over."""
        with self._reach.database.reading() as work:
            channels = work.catalogue.current().notices.channels
        return {code: self._made(one, one.notifier) for code, one in channels.items() if one.notifier}

    def _made(self, channel: Channel, name: str) -> Notifier:
        plugins = self._reach.plugins
        what = f"The configuration of the channel {channel.code!r}"
        config = read_config(plugins.notifier(name).config, channel.config, self._reach.secret, what)
        return plugins.make_notifier(name, config)

    def list(
        self,
        *,
        actor: Actor,
        state: NoticeState | None = None,
        channel: str | None = None,
        customer: CustomerId | None = None,
        limit: int | None = None,
    ) -> tuple[KeptNotice, ...]:
        """Return notices, the latest first."""
        actor.require("notice.read")
        with self._reach.database.reading() as work:
            return work.notices.list(state=state, channel=channel, customer=customer, limit=limit)

    def get(self, notice: NoticeId, *, actor: Actor) -> KeptNotice:
        """Return a notice, or raise NotFoundError."""
        actor.require("notice.read")
        with self._reach.database.reading() as work:
            return work.notices.get(notice)

    def retry(self, *, actor: Actor, notice: NoticeId | None = None, channel: str | None = None) -> int:
        """Have what failed, or waits after a failure, tried at once; return how much that is.

        Raises:
            NotFoundError: there is no such notice, or no such channel.
        """
        actor.require("notice.retry")
        with self._reach.database.writing() as work:
            if channel is not None:
                work.catalogue.current().notices.channel(channel)
            if notice is not None:
                work.notices.get(notice)
            return work.notices.retry(now=self._desk.clock.now(), name=notice, channel=channel)

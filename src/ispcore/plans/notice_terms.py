"""What a subscription says of its own about notices; on what it says nothing, the provider's policy rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import evolve, frozen

from ispcore.catalog import Channel, Offsets
from ispcore.errors import RefusedError
from ispcore.plans import facts as f
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.commands import Command, SubscriptionCommand


@frozen(kw_only=True)
class ChangeNotices(SubscriptionCommand):
    """Change what is told by a *channel*; None keeps what is.

    ``due`` tells whether anything is told around due dates, and ``days`` when: ``"5, 0, -5"`` is five days
    before, on the day and five days after; an empty text follows the provider's days. ``warns`` tells
    whether a warning comes before the service is reduced or blocked.
    """

    permission: ClassVar[str] = "subscription.notices"
    channel: str
    due: bool | None = None
    days: str | None = None
    warns: bool | None = None


def due_offsets(own: f.ChannelTerms | None, channel: Channel) -> Offsets:
    """Return the days around a due date on which a subscription with its *own* terms is told by *channel*."""
    if own is None:
        return channel.due
    if own.due is False:
        return Offsets()
    return channel.due if own.days is None else own.days


def is_warned(own: f.ChannelTerms | None, channel: Channel) -> bool:
    """Tell whether a subscription with its *own* terms is warned by *channel*."""
    return channel.warns if own is None or own.warns is None else own.warns


def _change_notices(command: ChangeNotices, case: Case) -> Decision:
    channel = case.setting.catalogue.notices.channel(command.channel)
    terms = case.state.notices.get(channel.code, f.ChannelTerms())
    changed = evolve(
        terms,
        due=terms.due if command.due is None else command.due,
        days=terms.days if command.days is None else _days(command.days),
        warns=terms.warns if command.warns is None else command.warns,
    )
    if changed == terms:
        raise RefusedError(
            "ChangeNotices changes nothing.", rule="nothing", hint="Give 'due', 'days' or 'warns'."
        )
    return Decision((Event(case.on, f.NoticesChanged(channel.code, changed)),))


def _days(text: str) -> Offsets | None:
    return Offsets.parse(text) if text.strip() else None


RULES: Mapping[type[Command], Rule] = {ChangeNotices: _change_notices}
"""The rule of this module."""

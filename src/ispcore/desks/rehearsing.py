"""Trying a command out: what it would leave behind, and what would then be billed; nothing is saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore import usecases as u
from ispcore.plans import Cancel, OpeningCommand, SubscriptionCommand

if TYPE_CHECKING:
    from datetime import date

    from ispcore.billing import Closing
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor
    from ispcore.values import SubscriptionId


@frozen
class Rehearsal:
    """What a command would leave behind and the next closing would then issue; nothing was saved.

    ``recorded.moves`` tells what would be done on devices. Of a transfer ``closing`` is that of the one who
    hands over, and ``receiver`` that of the other side.
    """

    recorded: u.Recorded
    closing: Closing
    receiver: Closing | None = None


def rehearse(
    desk: u.Desk,
    database: SqlDatabase,
    command: OpeningCommand | SubscriptionCommand,
    *,
    actor: Actor,
    closing_on: date,
) -> Rehearsal:
    """Return what *command* would leave and a closing on that day would then issue.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it.
        TypeError: it is no command to a subscription.
    """
    if not isinstance(command, OpeningCommand | SubscriptionCommand):
        message = f"{type(command).__name__} is no command to a subscription; leave out the closing."
        raise TypeError(message)
    with database.rehearsal() as rehearsed:
        rehearsing = evolve(desk, database=rehearsed)
        recorded = u.do(rehearsing, command, actor=actor)
        assert isinstance(recorded, u.Recorded)  # noqa: S101 - as every such command leaves
        view = u.subscription(rehearsing, recorded.subscription, actor=actor)
        (found,) = u.preview(rehearsing, closing_on, actor=actor, customer=view.row.customer)
        receiver: Closing | None = None
        if isinstance(recorded, u.TransferRecorded):
            (receiver,) = u.preview(rehearsing, closing_on, actor=actor, customer=recorded.customer)
        return Rehearsal(recorded, found, receiver)


def summary_of_cancellation(
    desk: u.Desk,
    database: SqlDatabase,
    what: Cancel | SubscriptionId,
    *,
    actor: Actor,
) -> u.CancellationSummary:
    """Return what the cancellation of a subscription, or one that is tried, comes to; nothing is saved.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it, or the subscription is not
            cancelled.
    """
    with database.rehearsal() as rehearsed:
        rehearsing = evolve(desk, database=rehearsed)
        if isinstance(what, Cancel):
            u.do(rehearsing, what, actor=actor)
            return u.cancellation_summary(rehearsing, what.subscription, actor=actor)
        return u.cancellation_summary(rehearsing, what, actor=actor)

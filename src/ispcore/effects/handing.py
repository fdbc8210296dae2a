"""Handing notices over: after the commit, at least once, each channel for itself.

A notice is taken in one transaction, handed over outside of any, and settled in the next. A notifier that
fails is tried again with growing pauses and ends as a failure; one that never returns is killed with its
process, and its notice comes again, under the same id, when its time is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from attrs import evolve, frozen

from ispcore.catalog import Catalogue, NoticePolicy
from ispcore.customers import ERASED, Customer
from ispcore.errors import UndeliverableError
from ispcore.notices import Contact, KeptNotice, Message, NoticeState, Notifier, Trouble, message_of
from ispcore.values import ATTEMPTS, TAKEN_FOR, CustomerId, pause_after

_LONGEST_ERROR, _LONGEST_RULE = 500, 100


@frozen
class HandedOver:
    """What a round came to.

    ``failed`` ones are tried again, ``dead`` ones by hand only; ``dropped`` are those that nobody wants, or
    that came too late.
    """

    told: int = 0
    failed: int = 0
    dead: int = 0
    dropped: int = 0

    @property
    def count(self) -> int:
        """How many notices there were."""
        return self.told + self.failed + self.dead + self.dropped


class Notices(Protocol):
    """What waits to be handed over."""

    def take(self, channel: str, *, now: datetime, until: datetime) -> KeptNotice | None:
        """Return the next notice that is due by *channel*, and keep it *until* then."""
        ...

    def settle(self, settled: KeptNotice) -> None:
        """Keep what became of a notice that was taken, unless somebody else has taken it since."""
        ...


class Customers(Protocol):
    """The customers."""

    def many(self, wanted: list[CustomerId]) -> Mapping[CustomerId, Customer]:
        """Return customers with their texts, read at once."""
        ...


class Catalogues(Protocol):
    """The catalogue."""

    def current(self) -> Catalogue:
        """Return the catalogue as it stands, or raise NotFoundError."""
        ...


class Work(Protocol):
    """One transaction's view of the database."""

    @property
    def notices(self) -> Notices:
        """What waits to be handed over."""
        ...

    @property
    def customers(self) -> Customers:
        """The customers."""
        ...

    @property
    def catalogue(self) -> Catalogues:
        """The catalogue."""
        ...


class Database(Protocol):
    """Opens transactions."""

    def writing(self) -> AbstractContextManager[Work]:
        """Begin a transaction that may write."""
        ...


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        ...


def hand_over(
    database: Database, notifiers: Mapping[str, Notifier], clock: Clock, *, most: int | None = None
) -> HandedOver:
    """Hand over what is due by the channels that have a notifier, at *most* so much; tell what it came to."""
    lanes, found = deque(sorted(notifiers)), HandedOver()
    settled: KeptNotice | None = None
    while True:
        lanes.rotate(-1)  # so that the backlog of one does not keep the others waiting
        with database.writing() as work:
            if settled is not None:
                work.notices.settle(settled)
                found = _counted(found, settled)
            full = most is not None and found.count >= most
            taken = None if full else _take(work, tuple(lanes), clock.now())
        if taken is None:
            return found
        notice, made = taken
        settled = _handed_over(notifiers[notice.notice.channel], notice, made, clock)


def _take(
    work: Work, lanes: tuple[str, ...], now: datetime
) -> tuple[KeptNotice, Message | NoticeState | UndeliverableError] | None:
    """Return the next notice with its message, or what becomes of it without one."""
    policy = work.catalogue.current().notices  # before a row is held: whoever loads one may be waiting for it
    each = (work.notices.take(channel, now=now, until=now + TAKEN_FOR) for channel in lanes)
    taken = next(filter(None, each), None)
    if taken is None:
        return None
    return taken, _made(work, taken, policy, now)


def _made(
    work: Work, taken: KeptNotice, policy: NoticePolicy, now: datetime
) -> Message | NoticeState | UndeliverableError:
    notice = taken.notice
    customer = work.customers.many([notice.customer])[notice.customer]
    today = _day(now, notice.opening.zone)
    if not customer.wants(notice.topic, notice.channel):
        return NoticeState.REFUSED
    if (today - notice.asked_on).days >= policy.stale_days:
        return NoticeState.WITHDRAWN
    try:
        return message_of(notice, contact_of(customer), policy, today)
    except UndeliverableError as error:
        return error


def contact_of(customer: Customer) -> Contact:
    """Return where *customer* is reached; what was erased is not known."""
    details = customer.details
    known = {
        name: text for name, text in (("email", details.email), ("phone", details.phone)) if text != ERASED
    }
    return Contact(name=details.name, **known)


def _day(now: datetime, zone: str) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def _handed_over(
    notifier: Notifier,
    taken: KeptNotice,
    made: Message | NoticeState | UndeliverableError,
    clock: Clock,
) -> KeptNotice:
    """Hand a message over, and return the notice as it stands then."""
    if isinstance(made, NoticeState):
        return evolve(taken, state=made, try_at=None, trouble=_TROUBLES[made])
    if isinstance(made, UndeliverableError):
        return _failed(taken, made, clock.now())
    try:
        notifier.hand_over(made)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a notifier raises is its own trouble
        return _failed(taken, error, clock.now(), hide=made.recipient)
    now = clock.now()
    day = _day(now, taken.notice.opening.zone)
    return evolve(taken, state=NoticeState.HANDED_OVER, try_at=None, handed_over_at=now, handed_over_on=day)


_TROUBLES = {
    NoticeState.REFUSED: Trouble("unwanted", "The customer wants none of this by this channel."),
    NoticeState.WITHDRAWN: Trouble("stale", "It could not be handed over in time."),
}


def _failed(taken: KeptNotice, error: BaseException, now: datetime, hide: str = "") -> KeptNotice:
    """Return the notice with what was wrong; the address to *hide* may be erased and is not kept with it."""
    is_final = isinstance(error, UndeliverableError)
    rule = error.rule if isinstance(error, UndeliverableError) else type(error).__name__
    text = str(error).replace(hide, "(address)") if hide else str(error)
    trouble = Trouble(rule[:_LONGEST_RULE], text[:_LONGEST_ERROR])
    if is_final or taken.attempts >= ATTEMPTS:
        return evolve(taken, state=NoticeState.FAILED, try_at=None, trouble=trouble)
    return evolve(taken, try_at=now + pause_after(taken.attempts), trouble=trouble)


def _counted(found: HandedOver, settled: KeptNotice) -> HandedOver:
    match settled.state:
        case NoticeState.HANDED_OVER:
            return evolve(found, told=found.told + 1)
        case NoticeState.FAILED:
            return evolve(found, dead=found.dead + 1)
        case NoticeState.WAITING:
            return evolve(found, failed=found.failed + 1)
        case _:
            return evolve(found, dropped=found.dropped + 1)

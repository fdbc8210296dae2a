"""Statuses are data: the operator says what each one does, so no rule knows a name.

Entering a status pins what it says, down its whole chain of timed moves; editing the catalogue afterwards
rewrites nothing.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping


class Bucket(Enum):
    """Where a subscription is listed."""

    PENDING = "pending"
    ACTIVE = "active"
    INACTIVE = "inactive"
    CANCELLED = "cancelled"


class Serves(Enum):
    """What the network gives, from most to least."""

    FULL = "full"
    REDUCED = "reduced"
    BLOCKED = "blocked"
    OFF = "off"
    REMOVED = "removed"

    @property
    def rank(self) -> int:
        """How restrictive it is; 0 gives everything."""
        return tuple(Serves).index(self)


class Role(Enum):
    """What a command looks for when it needs "the" status of a kind; at most one status plays each."""

    INITIAL = "initial"
    ENABLED = "enabled"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


@frozen
class Message:
    """Whether customers are told on entry, and who sends it."""

    send: bool = False
    sender: str | None = None


@frozen
class Status:
    """One status of the operator's catalogue.

    After ``days`` days (the day of entry is the first) the subscription moves to ``next`` by itself.
    """

    code: str
    description: str
    bucket: Bucket
    bills: bool
    serves: Serves
    role: Role | None = None
    days: int | None = None
    next: str | None = None
    may_change_by_hand: bool = True
    may_have_logins: bool = True
    may_be_task_target: bool = True
    email: Message = Message()
    sms: Message = Message()


@frozen
class StatusPin:
    """What a status said when it was entered, with what follows it."""

    code: str
    description: str
    bucket: Bucket
    bills: bool
    serves: Serves
    role: Role | None = None
    may_change_by_hand: bool = True
    may_have_logins: bool = True
    days: int | None = None
    next: StatusPin | None = None

    def ends_on(self, since: date) -> date | None:
        """Return the first day of the next status, when entered on *since*."""
        return None if self.days is None else since + timedelta(days=self.days)


def pin(statuses: Mapping[str, Status], code: str) -> StatusPin:
    """Return what entering *code* pins.

    Raises:
        NotFoundError: no such status.
    """
    if code not in statuses:
        raise NotFoundError("status", code, hint=f"The catalogue has: {', '.join(sorted(statuses))}.")
    status = statuses[code]
    return StatusPin(
        code=status.code,
        description=status.description,
        bucket=status.bucket,
        bills=status.bills,
        serves=status.serves,
        role=status.role,
        may_change_by_hand=status.may_change_by_hand,
        may_have_logins=status.may_have_logins,
        days=status.days,
        next=pin(statuses, status.next) if status.next else None,
    )

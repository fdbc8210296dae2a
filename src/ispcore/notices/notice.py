"""A notice: what a customer is told, asked for once, with a name that says what it is about.

It names the customer, never an address or a name: these are looked up when it is handed over, and may have
been erased by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import NewType

from attrs import field, frozen

from ispcore.catalog import Topic
from ispcore.values import CustomerId, SubscriptionId

NoticeId = NewType("NoticeId", str)
"""The same for the same reason, so that asking twice asks once."""


class NoticeKind(Enum):
    """Why a notice is asked for."""

    DUE = "due"
    """A day before or after a due date has come."""
    STAGE = "stage"
    """A late payer has come to a stage."""
    STATUS = "status"
    """A subscription has entered a status."""


class SubjectOfNotice(Enum):
    """What a notice can be about."""

    SLIP = "slip"
    RECEIVABLE = "receivable"
    BILL = "bill"
    """Everything of one due date, company and charge method that is on no slip."""
    STATUS = "status"


@frozen
class About:
    """What a notice is about: something that is owed, or the status of a subscription."""

    kind: SubjectOfNotice
    id: str

    def __str__(self) -> str:
        """Name it as people do: ``slip 17``."""
        return f"{self.kind.value} {self.id}"


@frozen
class Opening:
    """From when somebody may be told, and the zone in which their days are."""

    at: datetime
    zone: str = "UTC"


@frozen(kw_only=True)
class Notice:
    """Something that a customer is to be told by one channel.

    ``step`` is the offset, the stage's code or the status's code. ``fields`` go into the template, as text;
    a day is ISO text.
    """

    id: NoticeId
    kind: NoticeKind
    customer: CustomerId
    about: About
    step: str
    channel: str
    template: str
    reason: str
    asked_on: date
    opening: Opening
    topic: Topic
    subscription: SubscriptionId | None = None
    sender: str | None = None
    fields: Mapping[str, str] = field(factory=dict)


class NoticeState(Enum):
    """What became of a notice."""

    WAITING = "waiting"
    """It is handed over as soon as it can be."""
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"
    """It was not wanted any more before it was handed over; it may be asked for again."""
    REFUSED = "refused"
    """The customer wants none of this."""
    FAILED = "failed"
    """It could not be handed over, and is tried again by hand only."""


@frozen
class Trouble:
    """Why a notice was not handed over: a short word, and a sentence."""

    rule: str
    text: str


@frozen(kw_only=True)
class KeptNotice:
    """A notice as it is kept: what became of it, and when.

    ``handed_over_on`` is the day in the zone of the notice: what later stages count from.
    """

    notice: Notice
    state: NoticeState = NoticeState.WAITING
    attempts: int = 0
    try_at: datetime | None = None
    handed_over_at: datetime | None = None
    handed_over_on: date | None = None
    trouble: Trouble | None = None

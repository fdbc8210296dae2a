"""The fact: one dated, attributed, immutable entry of a timeline.

A subject (a subscription, a customer, a catalogue entry) is the ordered list of its facts. Days decide
the order; the sequence decides within a day. No fact is ever rewritten.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import Enum
from typing import Generic, TypeVar

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.values import as_tuple

P_co = TypeVar("P_co", covariant=True)


class SubjectKind(Enum):
    """What a timeline can be about."""

    SUBSCRIPTION = "subscription"
    CUSTOMER = "customer"
    CONTRACT = "contract"
    CATALOG = "catalog"


class Cause(Enum):
    """What made a fact: a person, a rule of the system, or a task whose day had come."""

    MANUAL = "manual"
    AUTOMATIC = "automatic"
    SCHEDULED = "scheduled"


@frozen
class Subject:
    """The thing that a timeline is about."""

    kind: SubjectKind
    id: str

    def __str__(self) -> str:
        """Name the subject as people do: ``subscription 104``."""
        return f"{self.kind.value} {self.id}"


@frozen
class Origin:
    """Who decided a fact: the core, or a plugin with its version."""

    name: str = "core"
    version: str = ""


@frozen
class Recorded:
    """Who recorded a fact, when and by which command.

    ``address_ref`` and ``note_ref`` point to erasable texts (an IP address, a remark); ``at`` is in UTC.
    """

    at: datetime
    actor: str
    command_id: str
    cause: Cause = Cause.MANUAL
    address_ref: str | None = None
    note_ref: str | None = None
    origin: Origin = Origin()

    def __attrs_post_init__(self) -> None:
        """Refuse an instant without a zone, or of another zone than UTC."""
        if self.at.tzinfo is None or self.at.utcoffset() != UTC.utcoffset(None):
            raise InvalidValueError(f"A fact is recorded at a UTC instant, not at {self.at!r}.")


@frozen
class Fact(Generic[P_co]):
    """One entry of a timeline.

    ``payload`` says what happened, and its type is the fact's kind. ``reason`` is a code of the
    catalogue's lists.
    """

    subject: Subject
    sequence: int
    effective_on: date
    payload: P_co
    recorded: Recorded
    reason: str | None = None
    schema_version: int = 1

    @property
    def kind(self) -> str:
        """The name of the payload's type: ``"Suspended"``."""
        return type(self.payload).__name__

    @property
    def id(self) -> str:
        """A name that no other fact has: ``subscription:104#3``."""
        return f"{self.subject.kind.value}:{self.subject.id}#{self.sequence}"

    def __str__(self) -> str:
        """Name the fact in a sentence: ``Suspended of 2012-03-10 (fact 3)``."""
        return f"{self.kind} of {self.effective_on} (fact {self.sequence})"


@frozen
class Retracted:
    """A mistake was voided: the facts with the sequences *voids* count no longer."""

    voids: tuple[int, ...] = field(converter=as_tuple)

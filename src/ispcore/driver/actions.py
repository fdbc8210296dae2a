"""What can be asked of a device once, beside keeping resources as they should be.

``result`` is the type that every answer of an action has; ``repeatable`` says whether it may be sent again
when its outcome is unknown; ``with_secrets``, whether its targets come with their passwords. What an action
is given beside its targets are texts, or None, so that they can be kept and given once more.

An action lasts that is ``about`` something, which the field of that name tells, until another one ``undoes``
it, which names it by its word: whoever may ask a server is let in, and shut out again. The secrets that it
is given are kept, locked, so that it can be done anew on a box that took the place of another one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Generic, TypeVar

from attrs import field, frozen

R_co = TypeVar("R_co", covariant=True)


@frozen(kw_only=True)
class Action(Generic[R_co]):
    """Base of an action that answers with an R."""

    word: ClassVar[str]
    result: ClassVar[type]
    repeatable: ClassVar[bool] = True
    with_secrets: ClassVar[bool] = False
    about: ClassVar[str] = ""
    undoes: ClassVar[str] = ""


@frozen(kw_only=True)
class Done:
    """It was done; ``note`` is for people."""

    note: str = ""


@frozen(kw_only=True)
class Discovered:
    """Something that waits to be taken in: an ONU that is lit and unknown."""

    kind: str
    identity: str
    place: str | None = None
    details: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class OpticalReading:
    """Light levels in dBm; None was not told."""

    received_dbm: Decimal | None = None
    sent_dbm: Decimal | None = None
    received_at_olt_dbm: Decimal | None = None
    temperature_celsius: Decimal | None = None


@frozen(kw_only=True)
class OpenSession:
    """A session that a customer has open."""

    id: str
    username: str
    since: datetime | None = None
    address: str | None = None
    mac: str | None = None
    access_point: str | None = None


@frozen(kw_only=True)
class SessionRecord:
    """A session that a customer had, or has still where ``until`` is None; bytes as the customer sees them.

    ``cause`` is why it ended, in the words of the access point.
    """

    id: str
    username: str
    since: datetime | None = None
    until: datetime | None = None
    address: str | None = None
    mac: str | None = None
    access_point: str | None = None
    uploaded_bytes: int | None = None
    downloaded_bytes: int | None = None
    cause: str | None = None


@frozen(kw_only=True)
class AccountingRecord(SessionRecord):
    """A session as it is counted: ``unique_id`` names it on its device for ever, ``id`` at its access point.

    ``seen_at`` is when the device last heard of it, by the clock that :class:`Accounting` goes by. The page
    after this record is asked for with its ``cursor``.
    """

    unique_id: str
    seen_at: datetime
    cursor: str
    ipv6_prefix: str | None = None
    delegated_prefix: str | None = None


@frozen(kw_only=True)
class Discover(Action[Discovered]):
    """Find what waits to be taken in."""

    word: ClassVar[str] = "discover"
    result: ClassVar[type] = Discovered


@frozen(kw_only=True)
class Optical(Action[OpticalReading]):
    """Read light levels."""

    word: ClassVar[str] = "optical"
    result: ClassVar[type] = OpticalReading


@frozen(kw_only=True)
class Sessions(Action[OpenSession]):
    """List open sessions."""

    word: ClassVar[str] = "sessions"
    result: ClassVar[type] = OpenSession


@frozen(kw_only=True)
class History(Action[SessionRecord]):
    """Tell the sessions of logins, the latest first: all of a span, or the last one of each login.

    ``since`` and ``until`` are instants as ISO 8601 writes them, in UTC where they name no other zone; a
    session belongs to a span that it has a part of. Without ``since`` the last one is told.
    """

    word: ClassVar[str] = "history"
    result: ClassVar[type] = SessionRecord
    since: str | None = None
    until: str | None = None


@frozen(kw_only=True)
class Accounting(Action[AccountingRecord]):
    """Tell a page of the sessions of everybody that the device heard of at *since* or later, or of all.

    They are in the order of ``seen_at``, which moves on whenever anything of a session becomes known: that it
    began, moved something or ended, however long ago that happened. A page has the first ``most`` of them,
    after the record whose cursor is ``after``; one with fewer is the last. ``since`` is an instant as ISO
    8601 writes it, in UTC where it names no other zone.
    """

    word: ClassVar[str] = "accounting"
    result: ClassVar[type] = AccountingRecord
    since: str | None = None
    after: str | None = None
    most: str = "1000"


@frozen(kw_only=True)
class Disconnect(Action[Done]):
    """Close open sessions; the customer's equipment may come back at once.

    They are those of the targets or, where an ``access_point`` is named (as sessions tell it) and no target,
    all that are open there. There is an answer for each session that a device knows by itself, and a refusal
    where one could not be closed.
    """

    word: ClassVar[str] = "disconnect"
    result: ClassVar[type] = Done
    access_point: str | None = None


@frozen(kw_only=True)
class Adjust(Action[Done]):
    """Let open sessions take over the speed of their login as it stands now.

    A session stays open where its access point can change it; else it is closed, and comes back with the new
    speed.
    """

    word: ClassVar[str] = "adjust"
    result: ClassVar[type] = Done


@frozen(kw_only=True)
class Reboot(Action[Done]):
    """Start equipment anew."""

    word: ClassVar[str] = "reboot"
    result: ClassVar[type] = Done
    repeatable: ClassVar[bool] = False

"""What customers are told, by which channels, from whom, and how many days before or after the due date."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from typing import Any

from attrs import field, frozen

from ispcore.catalog.templates import SHIPPED_TEMPLATES, Template
from ispcore.errors import InvalidValueError, NotFoundError
from ispcore.values import as_tuple, shown

_OFFSET = re.compile(r"-?[0-9]{1,3}")
_FARTHEST = 365
_MOST = 12
_HOW = "Write days before the due date, 0 for the day itself, and a minus for days after: '5, 0, -5'."


class Topic(Enum):
    """What a notice is about, for those who want none of it."""

    DUE = "due"
    """What is about to be due, or is due today."""
    LATE = "late"
    """What was due before."""
    STATUS = "status"
    """A subscription has another status."""


@frozen
class Offsets:
    """The days on which somebody is told, from the due date: positive ones lie before it, negative after.

    >>> str(Offsets.parse("-5, 5,0"))
    '5, 0, -5'
    """

    days: tuple[int, ...] = field(default=(), converter=as_tuple)

    @classmethod
    def parse(cls, text: str) -> Offsets:
        """Return the days in *text*; an empty one has none.

        Raises:
            InvalidValueError: it is no list of whole days, or names one twice.
        """
        written = [part.strip() for part in text.split(",")] if text.strip() else []
        for part in written:
            if _OFFSET.fullmatch(part) is None or abs(int(part)) > _FARTHEST:
                raise InvalidValueError(
                    f"{shown(part)} is not a number of days up to {_FARTHEST}.", hint=_HOW
                )
        days = sorted({int(part) for part in written}, reverse=True)
        if len(days) < len(written):
            raise InvalidValueError(f"{shown(text)} names a day twice.", hint=_HOW)
        if len(days) > _MOST:
            raise InvalidValueError(f"{len(days)} notices are too many.", hint=f"Use {_MOST} or fewer.")
        return cls(days)

    def __str__(self) -> str:
        """Write the days, the earliest first."""
        return ", ".join(map(str, self.days))


class ContactKind(Enum):
    """Which text of a customer a channel writes to."""

    EMAIL = "email"
    PHONE = "phone"


@frozen(kw_only=True)
class Channel:
    """A way to reach customers, and what is told by it.

    ``due`` are the provider's own days around the due date. ``warns`` tells whether late payers are warned by
    it. ``short`` ones take the short text of a template. Without a ``notifier`` what is asked for waits.
    """

    code: str
    to: ContactKind
    short: bool
    due: Offsets = Offsets()
    warns: bool = False
    sender: str | None = None
    notifier: str | None = None
    config: Mapping[str, Any] = field(factory=dict)


class DayForm(Enum):
    """How days are written to customers."""

    ISO = "iso"
    """2012-02-29"""
    DAY_FIRST = "day_first"
    """29/02/2012"""
    MONTH_FIRST = "month_first"
    """02/29/2012"""

    def write(self, day: date) -> str:
        """Return *day* as customers read it."""
        return day.strftime(_FORMS[self])


_FORMS = {DayForm.ISO: "%Y-%m-%d", DayForm.DAY_FIRST: "%d/%m/%Y", DayForm.MONTH_FIRST: "%m/%d/%Y"}


def plain_channel(code: str) -> Channel:
    """Return a channel as it is unless the catalogue says otherwise: late payers are warned by e-mail."""
    by_mail = code == ContactKind.EMAIL.value
    to = ContactKind.EMAIL if by_mail else ContactKind.PHONE
    return Channel(code=code, to=to, short=not by_mail, warns=by_mail)


_PLAIN = {code: plain_channel(code) for code in ("email", "sms")}


@frozen(kw_only=True)
class NoticePolicy:
    """How a provider tells customers.

    Nothing is handed over before ``opens_at``, a time in the zone of the subscription's unit. What could not
    be handed over within ``stale_days`` is not told any more.
    """

    channels: Mapping[str, Channel] = field(factory=lambda: dict(_PLAIN))
    templates: Mapping[str, Template] = field(factory=lambda: dict(SHIPPED_TEMPLATES))
    opens_at: time = time()
    stale_days: int = 7
    day_form: DayForm = DayForm.ISO

    def channel(self, code: str) -> Channel:
        """Return the channel *code*, or raise NotFoundError."""
        if code not in self.channels:
            raise NotFoundError(
                "channel", code, hint=f"The catalogue has: {', '.join(sorted(self.channels))}."
            )
        return self.channels[code]

    def template(self, code: str) -> Template:
        """Return the template *code*, or raise NotFoundError."""
        if code not in self.templates:
            raise NotFoundError(
                "template", code, hint=f"The catalogue has: {', '.join(sorted(self.templates))}."
            )
        return self.templates[code]

"""What a subscription would go through: the timed statuses laid out over a calendar, and where they lead."""

from __future__ import annotations

from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.catalog.statuses import Bucket, Role, StatusPin, pin
from ispcore.values import Period

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from ispcore.catalog.statuses import Status


class WayEnd(Enum):
    """Where the statuses lead that follow each other by themselves."""

    ENABLED = "enabled"
    CANCELLED = "cancelled"
    BY_HAND = "by_hand"
    """To a status that somebody has to change."""
    DEAD_END = "dead_end"
    """To one that nobody may change, and that never ends."""
    LOOP = "loop"
    """Back to where they were."""


@frozen
class Way:
    """What a subscription goes through that enters the status ``code``, and where that leads in the end.

    The periods meet without a gap and end with the calendar.
    """

    code: str
    spans: tuple[tuple[Period, str], ...]
    leads_to: WayEnd

    @property
    def is_sound(self) -> bool:
        """Whether no subscription gets stuck on it."""
        return self.leads_to not in {WayEnd.DEAD_END, WayEnd.LOOP}


def simulate(
    statuses: Mapping[str, Status], code: str, since: date, until: date
) -> tuple[tuple[Period, StatusPin], ...]:
    """Return the statuses that follow by themselves when *code* is entered on *since*, up to *until*.

    The periods meet without a gap and end on *until*, which is not in the last one.

    Raises:
        NotFoundError: no such status.
        InvalidValueError: *until* does not lie after *since*.
    """
    whole = Period(since, until)
    found = []
    status: StatusPin | None = pin(statuses, code)
    while status is not None and since < whole.end:
        end = status.ends_on(since) or whole.end
        found.append((Period(since, min(end, whole.end)), status))
        since, status = end, status.next
    return tuple(found)


def ways(statuses: Mapping[str, Status], since: date, until: date) -> tuple[Way, ...]:
    """Return the way from each of *statuses*, entered on *since*, up to *until*; they need not be sound.

    A way that names a status that there is not stops before it.

    Raises:
        InvalidValueError: *until* does not lie after *since*.
    """
    whole = Period(since, until)
    return tuple(Way(code, tuple(_spans(statuses, code, whole)), _end(statuses, code)) for code in statuses)


def _spans(statuses: Mapping[str, Status], code: str | None, whole: Period) -> Iterator[tuple[Period, str]]:
    since = whole.start
    while (status := statuses.get(code or "")) is not None and since < whole.end:
        end = min(whole.end, whole.end if status.days is None else since + timedelta(days=status.days))
        yield Period(since, end), status.code
        since, code = end, status.next


def _end(statuses: Mapping[str, Status], code: str) -> WayEnd:
    seen = {code}
    status = statuses[code]
    while (following := statuses.get(status.next or "")) is not None:
        if following.code in seen:
            return WayEnd.LOOP
        seen.add(following.code)
        status = following
    if status.role is Role.ENABLED:
        return WayEnd.ENABLED
    if status.bucket is Bucket.CANCELLED:
        return WayEnd.CANCELLED
    return WayEnd.BY_HAND if status.may_change_by_hand else WayEnd.DEAD_END

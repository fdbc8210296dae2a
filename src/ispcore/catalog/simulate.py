"""What a subscription would go through: the timed statuses laid out over a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog.statuses import StatusPin, pin
from ispcore.values import Period

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.catalog.statuses import Status


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

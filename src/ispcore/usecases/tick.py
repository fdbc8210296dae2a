"""Let the network follow what changes by itself: timed statuses, holds, provisional speeds, windows, graces.

Nothing is decided here. Answers that have run out are asked for again; how often this runs says how late the
network may be, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import InvalidValueError
from ispcore.usecases.renewal import Renewal, renew

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

PERMISSION = "network.tick"


def tick(
    desk: Desk,
    at: datetime | None = None,
    *,
    actor: Actor,
    preview: bool = False,
    watch: Callable[[Renewal], object] | None = None,
) -> Renewal:
    """Serve again every subscription whose answer has run out by *at*, an instant; None is now.

    A *preview* saves nothing. *watch* sees what each slice came to.

    Raises:
        InvalidValueError: the instant is still to come, and this is no preview.
    """
    actor.require(PERMISSION)
    now = desk.clock.now()
    if at is not None and at > now and not preview:
        raise InvalidValueError(f"{at:%Y-%m-%d %H:%M} UTC is still to come.", hint="Ask for a preview of it.")
    return renew(desk, at or now, due=True, preview=preview, watch=watch)

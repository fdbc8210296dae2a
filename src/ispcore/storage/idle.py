"""A server's connection that lay idle: whether it is still there is asked before it is used again.

To ask takes a round trip, so it is done only where there is a doubt: the connection lay idle for long, or the
server has sent something meanwhile. A server that ends a connection always does, be it the end itself.
"""

from __future__ import annotations

import select
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

_LONG_SECONDS = 5
_USED_AT = "used_at"


class StillThere:
    """Watches over the connections of one engine."""

    def __init__(self, engine: sa.Engine) -> None:
        """Have *engine* tell when a connection comes and goes."""
        self._dialect = engine.dialect
        sa.event.listen(engine, "checkin", self._checked_in)
        sa.event.listen(engine, "checkout", self._checked_out)

    def _checked_in(self, _: object, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED_AT] = time.monotonic()

    def _checked_out(self, connection: Any, entry: ConnectionPoolEntry, _: object) -> None:  # noqa: ANN401 - a driver's connection
        used_at = entry.info.get(_USED_AT)
        if used_at is None or (time.monotonic() - used_at < _LONG_SECONDS and not _was_sent(connection)):
            return
        try:
            self._dialect.do_ping(connection)
        except self._dialect.loaded_dbapi.Error as error:
            raise sa.exc.InvalidatePoolError from error


def _was_sent(connection: Any) -> bool:  # noqa: ANN401 - a driver's connection
    """Tell whether the server sent something that was not read; it may have, where the system cannot tell."""
    if connection.closed or not hasattr(select, "poll"):
        return True
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))

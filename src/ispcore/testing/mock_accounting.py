"""An accounting source that tells what it was told to, and fails when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from attrs import define, field

from ispcore.network import Connection


@define
class MockAccounting:
    """Tells of its ``connections``, by id as they stand; ``asked`` is since when it was asked, call by call.

    Each of ``failures`` is raised at the end of one call, after what is told.
    """

    connections: dict[str, Connection] = field(factory=dict)
    failures: list[Exception] = field(factory=list)
    asked: list[datetime | None] = field(factory=list)

    def stands(self, *connections: Connection) -> None:
        """Have *connections* told as they stand now."""
        self.connections |= {one.id: one for one in connections}

    def changed(self, since: datetime | None) -> Iterator[Connection]:
        """Yield what changed at *since* or later, or all."""
        self.asked.append(since)
        told = (one for one in self.connections.values() if since is None or one.seen_at >= since)
        yield from sorted(told, key=lambda one: one.seen_at)
        if self.failures:
            raise self.failures.pop(0)

"""The plugins whose policies must review each command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.storage.plugin_tables import guards
from ispcore.storage.upsert import insert_or

if TYPE_CHECKING:
    from datetime import datetime


class GuardStore:
    """The guards in the database."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def names(self) -> tuple[str, ...]:
        """Return the plugins' names, in order."""
        return tuple(sorted(self._connection.scalars(sa.select(guards.c.plugin))))

    def add(self, plugin: str, *, at: datetime, actor: str) -> None:
        """Name *plugin*; once is enough."""
        new = insert_or(self._connection, guards).values(plugin=plugin, since=at, actor=actor)
        self._connection.execute(new.on_conflict_do_nothing())

    def remove(self, plugin: str) -> bool:
        """Name *plugin* no more, and tell whether it was named."""
        return self._connection.execute(sa.delete(guards).where(guards.c.plugin == plugin)).rowcount == 1

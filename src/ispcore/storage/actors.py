"""Actors that the host application keeps here, with their permissions."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.errors import NotFoundError
from ispcore.storage.tables import actors
from ispcore.storage.upsert import insert_or
from ispcore.timeline import Actor


class ActorStore:
    """The actors in the database."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def get(self, actor: str) -> Actor:
        """Return the actor, or raise NotFoundError."""
        row = self._connection.execute(sa.select(actors).where(actors.c.id == actor)).one_or_none()
        if row is None:
            raise NotFoundError("actor", actor, hint="Save it first, with its permissions.")
        return Actor(row.id, row.permissions)

    def save(self, actor: Actor, name: str) -> None:
        """Keep an actor's name and permissions."""
        kept = {"name": name, "permissions": sorted(actor.permissions)}
        new = insert_or(self._connection, actors).values(id=actor.id, **kept)
        self._connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=kept))

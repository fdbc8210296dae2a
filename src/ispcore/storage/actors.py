"""Actors that the host application keeps here, with their permissions and roles."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.errors import NotFoundError
from ispcore.storage.tables import actors
from ispcore.storage.upsert import insert_or
from ispcore.timeline import Actor

_ROLE = "role:"
"""What a role is marked with among the permissions; none of those has a colon."""


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
        roles = {one.removeprefix(_ROLE) for one in row.permissions if one.startswith(_ROLE)}
        return Actor(row.id, {one for one in row.permissions if not one.startswith(_ROLE)}, roles=roles)

    def save(self, actor: Actor, name: str) -> None:
        """Keep an actor's name, permissions and roles."""
        granted = [*sorted(actor.permissions), *(f"{_ROLE}{role}" for role in sorted(actor.roles))]
        kept = {"name": name, "permissions": granted}
        new = insert_or(self._connection, actors).values(id=actor.id, **kept)
        self._connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=kept))

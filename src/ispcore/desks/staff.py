"""The part of the facade that keeps actors: who works here, with which permissions and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore import usecases as u

if TYPE_CHECKING:
    from ispcore.timeline import Actor


class Staff:
    """The actors who are kept in the database."""

    _desk: u.Desk

    def save_actor(self, kept: Actor, *, name: str, actor: Actor) -> None:
        """Keep an actor's name, permissions and roles in the database.

        Raises:
            NotFoundError: the catalogue has no such role.
        """
        u.save_actor(self._desk, kept, name=name, actor=actor)

    def actor(self, name: str) -> Actor:
        """Return an actor who was kept, with what the roles allow now, or raise NotFoundError.

        This look-up asks for no permission.
        """
        return u.actor_kept(self._desk, name)

"""Keep an actor with permissions and roles, and look one up with what the roles allow now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import SHIPPED_ROLES, permissions_of_roles
from ispcore.errors import NotFoundError
from ispcore.values import check_length, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.catalog import StaffRole
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork

PERMISSION = "actor.save"
_LONGEST_NAME = 200


def save_actor(desk: Desk, kept: Actor, *, name: str, actor: Actor) -> None:
    """Keep *kept* with permissions and roles, in place of what was kept before.

    Raises:
        NotFoundError: no such role.
        InvalidValueError: the *name* is too long.
    """
    actor.require(PERMISSION)
    check_length("actor's name", name, _LONGEST_NAME)
    with desk.database.writing() as work:
        known = _roles(work) if kept.roles else {}
        for role in sorted(kept.roles - known.keys()):
            raise NotFoundError("role", role, hint=suggestion(role, known))
        work.actors.save(kept, name)


def actor_kept(desk: Desk, name: str) -> Actor:
    """Return an actor with what the roles allow in the catalogue as it stands, or raise NotFoundError."""
    with desk.database.reading() as work:
        found = work.actors.get(name)
        if not found.roles:
            return found
        return evolve(found, of_roles=permissions_of_roles(_roles(work), found.roles))


def _roles(work: UnitOfWork) -> Mapping[str, StaffRole]:
    """Return the roles of the catalogue; before one is loaded there are those that ship."""
    try:
        return work.catalogue.current().roles
    except NotFoundError:
        return SHIPPED_ROLES

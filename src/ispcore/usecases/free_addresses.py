"""Find addresses of a pool that can be given to somebody."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from ispcore.network import free_addresses

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk


def find_free_addresses(desk: Desk, pool: str, *, actor: Actor, most: int = 10) -> tuple[str, ...]:
    """Return up to *most* free addresses of *pool*, the lowest first; another one may be faster to take them.

    Raises:
        NotFoundError: the catalogue has no such pool.
    """
    actor.require("component.read")
    with desk.database.reading() as work:
        named = work.catalogue.current().pool(pool)
        taken = work.addresses.kept_from_others(pool, desk.clock.now().date())
        return tuple(islice(free_addresses(named, taken), most))

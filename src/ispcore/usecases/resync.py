"""Let the network follow today's rules and catalogue: another speed of a plan, another device, a new policy.

A catalogue that is loaded moves nothing on the network by itself; this does, once somebody has seen what it
would change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.usecases.renewal import Renewal, renew

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

PERMISSION = "network.resync"


def resync(
    desk: Desk,
    *,
    actor: Actor,
    preview: bool = False,
    watch: Callable[[Renewal], object] | None = None,
) -> Renewal:
    """Serve every subscription again that carries something; a *preview* saves nothing and lists the moves.

    *watch* sees what each slice came to.
    """
    actor.require(PERMISSION)
    return renew(desk, desk.clock.now(), due=False, preview=preview, watch=watch)

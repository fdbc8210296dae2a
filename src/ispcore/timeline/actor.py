"""Who acts: an id, an address, permissions and roles. The default is to refuse.

The host application signs people in; every call of ispcore takes an actor.
"""

from __future__ import annotations

from attrs import field, frozen

from ispcore.errors import NotPermittedError
from ispcore.timeline.fact import Cause
from ispcore.timeline.permissions import includes
from ispcore.values import as_frozenset, check_length

_LONGEST_ID = 100


@frozen
class Actor:
    """Somebody, or something, that gives commands.

    ``permissions`` name what is allowed: ``"subscription.cancel"``, a whole group ``"subscription.*"``, or
    ``"*"``. ``address`` is where the command came from (an IP address); it is kept erasable.

    ``roles`` are codes of the catalogue. ``of_roles`` is what they allow beside ``permissions``: an actor who
    is kept comes with it, and without it a role allows nothing.
    """

    id: str
    permissions: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    address: str | None = None
    cause: Cause = Cause.MANUAL
    roles: frozenset[str] = field(default=frozenset(), converter=as_frozenset, kw_only=True)
    of_roles: frozenset[str] = field(default=frozenset(), converter=as_frozenset, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse an id that is too long to be kept with every fact."""
        check_length("actor's id", self.id, _LONGEST_ID)

    def may(self, permission: str) -> bool:
        """Tell whether the actor has *permission*."""
        return includes(self.permissions | self.of_roles, permission)

    def require(self, permission: str) -> None:
        """Refuse unless the actor has *permission*.

        Raises:
            NotPermittedError: it is missing.
        """
        if not self.may(permission):
            raise NotPermittedError(self.id, permission)

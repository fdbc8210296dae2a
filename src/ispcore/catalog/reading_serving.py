"""Reading the choices about the network from the catalogue's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog.reading_offers import read_speed
from ispcore.catalog.serving import NetworkPolicy, WhenBlocked
from ispcore.values import FLAG, one_of, whole

if TYPE_CHECKING:
    from ispcore.values import Table

_PLAIN = NetworkPolicy()
_LONGEST_GRACE = 3660
_ALL = 100
_LENGTHS = whole(10, 64)
"""Below ten letters and digits a password is guessed; above, nobody reads it out."""


def read_network(table: Table) -> NetworkPolicy:
    """Return the choices that *table* makes."""
    reduced = table.table("reduced")
    percent = reduced.get("percent", whole(1, _ALL), default=None)
    speed = read_speed(reduced)
    if percent is not None and speed is not None:
        reduced.problem("It is a percentage or a speed, not both.", "Leave one of them out.")
    reduced.close()
    policy = NetworkPolicy(
        when_blocked=table.get("when_blocked", one_of(WhenBlocked), default=_PLAIN.when_blocked),
        mail_when_blocked=table.get("mail_when_blocked", FLAG, default=_PLAIN.mail_when_blocked),
        grace_days=table.get("grace_days", whole(0, _LONGEST_GRACE), default=_PLAIN.grace_days),
        reduced_percent=_PLAIN.reduced_percent if percent is None else percent,
        reduced_speed=speed,
        unique_logins=table.get("unique_logins", FLAG, default=_PLAIN.unique_logins),
        password_length=table.get("password_length", _LENGTHS, default=_PLAIN.password_length),
        removal_moves_stock=table.get("removal_moves_stock", FLAG, default=_PLAIN.removal_moves_stock),
    )
    table.close()
    return policy

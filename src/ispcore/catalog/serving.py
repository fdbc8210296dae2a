"""How a provider serves whom it serves less: the choices about the network, as values with named defaults."""

from __future__ import annotations

from enum import Enum

from attrs import frozen

from ispcore.catalog.offers import Speed


class WhenBlocked(Enum):
    """What a blocked subscription's login may do."""

    WALLED = "walled"
    """It connects, and reaches the provider's own pages only."""
    REFUSED = "refused"


@frozen
class NetworkPolicy:
    """How the network follows what a status or a hold gives.

    A reduced speed is ``reduced_speed``, but never faster than the usual one, or else so many percent of it.
    What customers keep things in (mail, files, databases) is taken away ``grace_days`` after the end.
    Generated passwords have ``password_length`` letters and digits. With ``unique_logins`` nobody else has
    the name of a login, be it on another device.
    ``removal_moves_stock`` says whether equipment that is removed is to be collected; else it stays where
    it was.
    """

    when_blocked: WhenBlocked = WhenBlocked.WALLED
    mail_when_blocked: bool = True
    grace_days: int = 30
    reduced_percent: int = 10
    reduced_speed: Speed | None = None
    password_length: int = 12
    unique_logins: bool = True
    removal_moves_stock: bool = True

    def reduced(self, usual: Speed | None) -> Speed | None:
        """Return the speed that is left of the *usual* one; nothing is slower than 1 kbit/s."""
        limit = self.reduced_speed
        if usual is None:
            return limit
        if limit is None:
            return Speed(self._part(usual.download_kbit), self._part(usual.upload_kbit))
        return Speed(min(limit.download_kbit, usual.download_kbit), min(limit.upload_kbit, usual.upload_kbit))

    def _part(self, kbit: int) -> int:
        return max(1, kbit * self.reduced_percent // 100)

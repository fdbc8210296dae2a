"""What can be asked about an ONU beside its light: how it does, and what it is connected by."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ispcore.driver import Action


@frozen(kw_only=True)
class OnuStatus:
    """How an ONU does, in the words of the OLT; None is what it does not tell.

    ``configured`` is whether it took its configuration (``normal``, ``failed``), ``matches`` whether it is
    what its service profile says (``match``, ``mismatch``).
    """

    place: str
    run: str | None = None
    configured: str | None = None
    matches: str | None = None
    enabled: bool = True
    distance_m: str | None = None
    online: str | None = None
    last_up: str | None = None
    last_down: str | None = None
    last_down_cause: str | None = None


@frozen(kw_only=True)
class Status(Action[OnuStatus]):
    """Tell how ONUs do."""

    word: ClassVar[str] = "status"
    result: ClassVar[type] = OnuStatus


@frozen(kw_only=True)
class Wan:
    """A connection that an ONU has, in the words of the OLT."""

    index: str
    access: str | None = None
    status: str | None = None
    service: str | None = None
    address: str | None = None
    netmask: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()
    vlan: str | None = None


@frozen(kw_only=True)
class WanState(Action[Wan]):
    """Tell what ONUs are connected by, one answer for each connection."""

    word: ClassVar[str] = "wan"
    result: ClassVar[type] = Wan

"""What can be asked beside light and what waits: how ONUs do, what they have, what an OLT offers them."""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from ispcore.driver import Action


@frozen(kw_only=True)
class OnuStatus:
    """How an ONU does, in the words of the OLT; None is what it does not tell.

    ``configured`` is whether it took its configuration (``normal``, ``failed``), ``matches`` whether it is
    what its service profile says (``match``, ``mismatch``). ``services`` are its service ports by VLAN, each
    up or down.
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
    services: tuple[str, ...] = ()


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


@frozen(kw_only=True)
class Network:
    """A wireless network that an ONU has; index 1 is of 2.4 GHz, 5 of 5 GHz. Its key is not told."""

    index: str
    ssid: str
    enabled: bool
    up: bool
    clients: str | None = None


@frozen(kw_only=True)
class Wireless(Action[Network]):
    """Tell the wireless networks of ONUs, one answer for each."""

    word: ClassVar[str] = "wireless"
    result: ClassVar[type] = Network


@frozen(kw_only=True)
class Neighbour:
    """An ONU on a port; ``light`` is received and sent, in dBm."""

    place: str
    serial: str
    run: str | None = None
    model: str | None = None
    distance_m: str | None = None
    light: str | None = None
    description: str | None = None


@frozen(kw_only=True)
class Neighbours(Action[Neighbour]):
    """Tell every ONU on the ports of ONUs: whether one is out, or all of a fibre."""

    word: ClassVar[str] = "neighbours"
    result: ClassVar[type] = Neighbour


@frozen(kw_only=True)
class Profile:
    """A profile that the OLT offers; ``kind`` is ``line`` or ``service``."""

    kind: str
    number: str
    name: str


@frozen(kw_only=True)
class Profiles(Action[Profile]):
    """List the line and service profiles of the OLT."""

    word: ClassVar[str] = "profiles"
    result: ClassVar[type] = Profile

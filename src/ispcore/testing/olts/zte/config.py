"""What a ZTE OLT has in its configuration, and of which family it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import define, field, frozen

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.fibre import Onu, hex_serial
from ispcore.testing.olts.olt import Olt
from ispcore.testing.olts.place import Place

PORTS: Final = tuple(f"1/{slot}/{port}" for slot in (1, 2) for port in range(1, 17))
LAST_ONU: Final = 128
USER: Final = "zte"
PASSWORD: Final = "olt12345"  # noqa: S105 - of a device that does not exist


@frozen(kw_only=True)
class ZteFamily:
    """How a family names its interfaces, and by which numbers it refuses."""

    name: str
    olt: str
    onu: str
    prompt: str
    end: str
    invalid: int
    vports: bool
    """Whether service ports belong to interfaces of their own."""


C300: Final = ZteFamily(
    name="C300", olt="gpon-olt_", onu="gpon-onu_", prompt="gpon-onu-mng", end="!", invalid=20200, vports=False
)
"""C300 and C320."""
C600: Final = ZteFamily(
    name="C600",
    olt="gpon_olt-",
    onu="gpon_onu-",
    prompt="config-gpon-onu-mng",
    end="$",
    invalid=140303,
    vports=True,
)
"""C600, C610, C620 and C650."""


@define(kw_only=True)
class Gemport:
    """A GEM port: its T-CONT, and the profile that bounds what comes down."""

    tcont: int
    name: str = ""
    downstream: str = ""


@define(kw_only=True)
class ZteService:
    """A service port of an ONU."""

    vport: int
    user_vlan: int
    vlan: int
    svlan: int | None = None
    egress: str = ""


@define(kw_only=True)
class ZteWan:
    """A WAN connection of an ONU: its mode is ``pppoe``, ``dhcp`` or ``static``."""

    mode: str
    vlan_profile: str
    host: int = 1
    user: str = ""
    password: str = field(default="", repr=False)
    ip_profile: str = ""
    address: str = ""
    mask: str = ""
    internet: bool = False


@define(kw_only=True)
class Ssid:
    """A wireless network of an ONU."""

    name: str = ""
    key: str = field(default="", repr=False)
    on: bool = True


@define(kw_only=True)
class ZteOnu:
    """An ONU that was added; service ports are by vport and number, ``"1.2"``."""

    serial: str = field(converter=hex_serial)
    type: str = "F601"
    name: str = ""
    description: str = ""
    active: bool = True
    tconts: dict[int, str] = field(factory=dict)
    gemports: dict[int, Gemport] = field(factory=dict)
    hybrid: list[int] = field(factory=list)
    services: dict[str, ZteService] = field(factory=dict)
    streams: dict[str, tuple[int, int]] = field(factory=dict)
    ports: dict[str, str] = field(factory=dict)
    locked: list[str] = field(factory=list)
    wans: dict[int, ZteWan] = field(factory=dict)
    ssids: dict[str, Ssid] = field(factory=dict)


@define(kw_only=True)
class TcontProfile:
    """A T-CONT profile; rates are in kbit/s."""

    type: int = 4
    fixed: int = 0
    assured: int = 0
    maximum: int = 0


@define(kw_only=True)
class TrafficProfile:
    """A traffic profile; rates are in kbit/s."""

    sir: int
    pir: int


def _types() -> dict[str, list[str]]:
    return {
        "F601": ["eth_0/1"],
        "F670L": [*(f"eth_0/{port}" for port in range(1, 5)), "wifi_0/1", "wifi_0/5"],
    }


@define(kw_only=True)
class ZteConfig:
    """The configuration: ONUs by their place (``"1/2/4:1"``), the rest by name."""

    onus: dict[str, ZteOnu] = field(factory=dict)
    tconts: dict[str, TcontProfile] = field(factory=lambda: {"UP-100M": TcontProfile(maximum=102_400)})
    traffics: dict[str, TrafficProfile] = field(
        factory=lambda: {"DOWN-100M": TrafficProfile(sir=102_400, pir=102_400)}
    )
    vlan_profiles: dict[str, int] = field(factory=lambda: {"internet": 100})
    ip_profiles: dict[str, str] = field(factory=lambda: {"fixed": "192.0.2.1"})
    types: dict[str, list[str]] = field(factory=_types)


class ZteOlt(Olt[ZteConfig]):
    """A ZTE OLT; it comes with a profile of each sort, and ONU types without and with Wi-Fi.

    Where there is an ``enable_password``, people begin at ``>`` instead of ``#``.
    """

    def __init__(
        self,
        *,
        name: str = "ZXAN",
        chassis: str = "219881000001",
        family: ZteFamily = C300,
        ports: Iterable[str] = PORTS,
        behaviour: Behaviour | None = None,
    ) -> None:
        """Start up."""
        behaviour = behaviour or Behaviour(user=USER, password=PASSWORD, sessions=16)
        super().__init__(ZteConfig(), name=name, ports=ports, behaviour=behaviour)
        self.chassis = chassis
        self.family = family

    def place_of(self, serial: str) -> Place | None:
        """Return where the ONU of this serial number is configured."""
        wanted = hex_serial(serial)
        found = (place for place, onu in self.config.onus.items() if onu.serial == wanted)
        return next((Place.parse(place) for place in found), None)

    def on_port(self, port: str | None = None) -> Mapping[Place, ZteOnu]:
        """Return the ONUs of a port, or all, in order."""
        places = sorted(Place.parse(place) for place in self.config.onus)
        return MappingProxyType(
            {one: self.config.onus[str(one)] for one in places if port in {None, one.port}}
        )

    def waiting(self, port: str | None = None) -> list[Onu]:
        """Return what is found by itself: ONUs with light that are configured nowhere on the OLT."""
        known = {onu.serial for onu in self.config.onus.values()}
        found = (onu for onu in self.fibre.values() if onu.lit and onu.serial not in known)
        return sorted((onu for onu in found if port in {None, onu.port}), key=lambda one: one.port)

    def online(self, place: Place, onu: ZteOnu) -> Onu | None:
        """Return what runs behind a configured ONU."""
        return self.heard(onu.serial, place) if onu.active else None

    def put(self, serial: str, port: str, number: int, **about: object) -> ZteOnu:
        """Add an ONU as somebody else would, without a command: it is not counted as a write."""
        with self.lock:
            onu = ZteOnu(serial=serial, **about)  # type: ignore[arg-type]  # as ZteOnu has them
            self.config.onus[f"{port}:{number}"] = onu
            return onu

"""What a Huawei OLT has in its configuration, and which firmware it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from attrs import define, field, frozen

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.fibre import Onu, hex_serial
from ispcore.testing.olts.olt import Olt
from ispcore.testing.olts.place import Place

PORTS: Final = tuple(f"0/{slot}/{port}" for slot in (1, 2) for port in range(16))
LAST_ONT: Final = 127
_DUPLICATE = "SN already exists"
_NONE_FOUND = "The automatically found ONTs do not exist"


@frozen(kw_only=True)
class HuaweiFirmware:
    """What one firmware does otherwise than the next.

    ``lacks`` are the commands that it does not know, by their first words. ``added`` is what it answers to an
    ONT that was added: ``count``, ``ids`` or ``both`` lines. ``newer`` has MAC and serial in what it finds,
    and columns of service ports on the left. The wordings of some failures differ as well.
    """

    product: str
    version: str
    patch: str = "SPH106"
    newer: bool = False
    lacks: tuple[str, ...] = ()
    added: str = "both"
    duplicate: str = _DUPLICATE
    none_found: str = _NONE_FOUND


R015: Final = HuaweiFirmware(
    product="MA5608T",
    version="MA5600V800R015C00",
    lacks=("ont wan-config", "ont internet-config", "ont wan-profile", "ont policy-route-config"),
)
"""An older one, on an MA5608T: WAN connections are addressed, and no more."""
R017: Final = HuaweiFirmware(
    product="MA5800-X7",
    version="MA5800V100R017C10",
    newer=True,
    lacks=("ont home-gateway-config",),
    duplicate="The ONT with the same SN already exists",
    none_found="Automatically found ONTs do not exist",
)
"""A newer one, on an MA5800."""


@define(kw_only=True)
class Wan:
    """A WAN connection of an ONT under an IP index: its mode is ``pppoe``, ``dhcp`` or ``static``."""

    mode: str
    vlan: int | None = None
    priority: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    address: str = "-"
    mask: str = "-"
    gateway: str = "-"
    primary_dns: str = "-"
    slave_dns: str = "-"
    profile: int | None = None
    internet: bool = False


@define(kw_only=True)
class Ont:
    """An ONT that was added; ``applies`` and ``matches`` say whether it takes what it is configured to be."""

    serial: str = field(converter=hex_serial)
    line_profile: int = 10
    service_profile: int = 10
    description: str = ""
    active: bool = True
    applies: bool = True
    matches: bool = True
    wans: dict[int, Wan] = field(factory=dict)
    natives: dict[int, tuple[int, int]] = field(factory=dict)
    routed: dict[int, bool] = field(factory=dict)
    tr069_profile: int | None = None
    home_gateway_profile: int | None = None
    policy_route_profile: int | None = None


@define(kw_only=True)
class ServicePort:
    """A service port: what comes in under ``user_vlan`` goes on under ``vlan``; tables bound it in kbit/s."""

    vlan: int
    port: str
    ont: int
    gemport: int
    user_vlan: str
    transform: str = "translate"
    inner_vlan: int | None = None
    inbound: int | None = None
    outbound: int | None = None

    @property
    def place(self) -> str:
        """The ONT that it belongs to."""
        return f"{self.port}:{self.ont}"


@define(kw_only=True)
class Dba:
    """A DBA profile; rates are in kbit/s."""

    name: str
    type: str = "type4"
    fixed: int = 0
    assured: int = 0
    most: int = 0


@define(kw_only=True)
class LineProfile:
    """T-CONTs with their DBA profiles, GEM ports with their T-CONTs, and what is mapped to each."""

    name: str
    tconts: dict[int, int] = field(factory=dict)
    gems: dict[int, int] = field(factory=dict)
    mappings: dict[str, str] = field(factory=dict)
    tr069: int | None = None


@define(kw_only=True)
class ServiceProfile:
    """How many ports an ONT has, and the VLANs of its Ethernet ports."""

    name: str
    ports: dict[str, str] = field(factory=dict)
    vlans: dict[int, int] = field(factory=dict)


@define(kw_only=True)
class TrafficTable:
    """A traffic table; rates are in kbit/s."""

    name: str
    cir: int
    pir: int
    priority: int = 0
    policy: str = "local-setting"


def _dbas() -> dict[int, Dba]:
    return {10: Dba(name="dba-profile_10", most=1_024_000)}


def _line_profiles() -> dict[int, LineProfile]:
    mappings = {"1/0": "vlan any"}
    return {10: LineProfile(name="fibre", tconts={1: 10}, gems={1: 1}, mappings=mappings)}


def _service_profiles() -> dict[int, ServiceProfile]:
    return {10: ServiceProfile(name="home", ports={"eth": "adaptive", "pots": "adaptive"})}


def _tables() -> dict[int, TrafficTable]:
    return {
        index: TrafficTable(name=f"ip-traffic-table_{index}", cir=rate, pir=rate)
        for index, rate in ((10, 10_240), (50, 51_200), (100, 102_400))
    }


@define(kw_only=True)
class HuaweiConfig:
    """The configuration: ONTs by their place (``"0/1/3:2"``), the rest by number.

    Every VLAN exists but ``missing_vlans``. Ports in ``blind`` find nothing by themselves.
    """

    onts: dict[str, Ont] = field(factory=dict)
    service_ports: dict[int, ServicePort] = field(factory=dict)
    dbas: dict[int, Dba] = field(factory=_dbas)
    line_profiles: dict[int, LineProfile] = field(factory=_line_profiles)
    service_profiles: dict[int, ServiceProfile] = field(factory=_service_profiles)
    traffic_tables: dict[int, TrafficTable] = field(factory=_tables)
    tr069_profiles: dict[int, str] = field(factory=lambda: {1: "acs"})
    wan_profiles: dict[int, str] = field(factory=lambda: {1: "routed"})
    missing_vlans: list[int] = field(factory=list)
    blind: list[str] = field(factory=list)
    omci: bool = False
    """Whether home gateways are configured by OMCI, which newer commands for WAN connections want."""


class HuaweiOlt(Olt[HuaweiConfig]):
    """A Huawei OLT; it comes with line profile 10, service profile 10 and some traffic tables."""

    def __init__(
        self,
        *,
        name: str = "MA5608T",
        chassis: str = "210235000001",
        firmware: HuaweiFirmware = R015,
        ports: Iterable[str] = PORTS,
        behaviour: Behaviour | None = None,
    ) -> None:
        """Start up."""
        super().__init__(HuaweiConfig(), name=name, ports=ports, behaviour=behaviour)
        self.chassis = chassis
        self.firmware = firmware

    def place_of(self, serial: str) -> Place | None:
        """Return where the ONT of this serial number is configured."""
        wanted = hex_serial(serial)
        found = (place for place, ont in self.config.onts.items() if ont.serial == wanted)
        return next((Place.parse(place) for place in found), None)

    def on_port(self, port: str) -> Mapping[Place, Ont]:
        """Return the ONTs of a port in order."""
        places = sorted(Place.parse(place) for place in self.config.onts)
        return MappingProxyType({one: self.config.onts[str(one)] for one in places if one.port == port})

    def waiting(self) -> list[Onu]:
        """Return what is found by itself: ONUs with light that are configured nowhere on the OLT."""
        known = {ont.serial for ont in self.config.onts.values()}
        found = (onu for onu in self.fibre.values() if onu.lit and onu.serial not in known)
        return sorted((onu for onu in found if onu.port not in self.config.blind), key=lambda one: one.port)

    def online(self, place: Place, ont: Ont) -> Onu | None:
        """Return the ONU behind an ONT that runs."""
        return self.heard(ont.serial, place) if ont.active else None

    def put(self, serial: str, port: str, number: int, **about: object) -> Ont:
        """Add an ONT as somebody else would, without a command: it is not counted as a write."""
        with self.lock:
            ont = Ont(serial=serial, **about)  # type: ignore[arg-type]  # as Ont has them
            self.config.onts[f"{port}:{number}"] = ont
            return ont

"""What an ONT tells of its WAN connections and its wireless networks."""

from __future__ import annotations

from attrs import frozen

from ispcore_olt_huawei.parsing.lines import blocks, lines_of, pairs, strange, told_or_none
from ispcore_olt_huawei.parsing.refusals import Meaning, refusal


@frozen(kw_only=True)
class WanConnection:
    """A WAN connection of an ONT; the words of ``service``, ``access`` and ``status`` are the OLT's own."""

    index: int
    name: str | None = None
    service: str | None = None
    access: str | None = None
    status: str | None = None
    address: str | None = None
    netmask: str | None = None
    gateway: str | None = None
    dns: tuple[str, ...] = ()
    vlan: int | None = None
    mac: str | None = None


@frozen(kw_only=True)
class WirelessNetwork:
    """A wireless network that an ONT has; index 1 is of 2.4 GHz, 5 of 5 GHz."""

    index: int
    ssid: str
    enabled: bool
    up: bool
    clients: int | None = None


def wan_connections(answer: str) -> tuple[WanConnection, ...] | None:
    """Return the connections of ``display ont wan-info``; None where the ONT is not online.

    Raises Unrecognised for another answer.
    """
    parts = _parts(answer, "The WAN connections of an ONT")
    return None if parts is None else tuple(_wan(told, answer) for told in parts if "Index" in told)


def _wan(told: dict[str, str], answer: str) -> WanConnection:
    index, vlan = told["Index"], told.get("Manage VLAN", "-")
    if not index.isdecimal() or "IPv4 access type" not in told:
        raise strange("A WAN connection of an ONT", answer)
    servers = (told_or_none(told.get(name)) for name in ("Primary DNS", "Secondary DNS"))
    return WanConnection(
        index=int(index),
        name=told_or_none(told.get("Name")),
        service=told_or_none(told.get("Service type")),
        access=told_or_none(told.get("IPv4 access type")),
        status=told_or_none(told.get("IPv4 Connection status")),
        address=told_or_none(told.get("IPv4 address")),
        netmask=told_or_none(told.get("Subnet mask")),
        gateway=told_or_none(told.get("Default gateway")),
        dns=tuple(one for one in servers if one is not None),
        vlan=int(vlan) if vlan.isdecimal() else None,
        mac=told_or_none(told.get("MAC address")),
    )


def wireless_networks(answer: str) -> tuple[WirelessNetwork, ...] | None:
    """Return the networks of ``display ont wlan-info``; None where the ONT is not online.

    Raises Unrecognised where there are not as many as are counted.
    """
    parts = _parts(answer, "The wireless networks of an ONT")
    if parts is None:
        return None
    counts = [one["The total number of SSID"] for one in parts if "The total number of SSID" in one]
    networks = tuple(_network(told, answer) for told in parts if "SSID Index" in told)
    if counts != [str(len(networks))]:
        raise strange("The wireless networks of an ONT", answer)
    return networks


def _network(told: dict[str, str], answer: str) -> WirelessNetwork:
    index, clients = told["SSID Index"], told.get("Current associate number", "-")
    if not index.isdecimal() or "SSID" not in told:
        raise strange("A wireless network of an ONT", answer)
    return WirelessNetwork(
        index=int(index),
        ssid=told["SSID"],
        enabled=told.get("Administrative state") == "enable",
        up=told.get("Operational state") == "up",
        clients=int(clients) if clients.isdecimal() else None,
    )


def _parts(answer: str, what: str) -> list[dict[str, str]] | None:
    refused = refusal(answer)
    if refused is not None and refused.meaning is Meaning.OFFLINE:
        return None
    parts = [pairs(block) for block in blocks(lines_of(answer))]
    if refused is not None or not any("F/S/P" in one and "ONT ID" in one for one in parts):
        raise strange(what, answer)
    return parts

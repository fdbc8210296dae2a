"""Kinds of values that networks are made of, each in one spelling: addresses, prefixes, MACs, VLANs."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING, TypeVar

from ispcore.errors import InvalidValueError
from ispcore.values.kinds import Kind, shown, whole

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_MAC = re.compile(
    r"([0-9a-f]{2}[:-]){5}[0-9a-f]{2}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12}", re.IGNORECASE
)
_SEPARATORS = re.compile(r"[:.-]")
_MANY = 1
"""The bit of a MAC's first byte that says that it is the address of many."""
_WHOLE = 32


def _read(value: object, read: Callable[[str], T], wanted: str, hint: str) -> T:
    if isinstance(value, str) and "%" not in value:  # no names of interfaces
        try:
            return read(value)
        except ValueError:
            pass
    raise InvalidValueError(f"{shown(value)} is not {wanted}.", hint=hint)


def _host(value: object) -> str:
    address = _read(value, ip_address, "an IP address", "Write it like 192.0.2.7 or 2001:db8::7.")
    if address.is_multicast or address.is_loopback or address.is_unspecified or address.is_reserved:
        raise InvalidValueError(f"{address} is no address that a customer can have.")
    return str(address)


def _ipv4(value: object) -> str:
    host = _host(value)
    return str(_read(host, IPv4Address, "an IPv4 address", "Write it like 192.0.2.7."))


def _netmask(value: object) -> str:
    hint = "Write it like 255.255.255.0."
    mask = int(_read(value, IPv4Address, "a netmask", hint))
    ones = f"{mask:0{_WHOLE}b}".rstrip("0")
    if "0" in ones or not ones:
        raise InvalidValueError(f"{shown(value)} is not a netmask.", hint=hint)
    return str(IPv4Address(mask))


def _network(value: object) -> str:
    hint = "Write the first address and the length of the prefix: 192.0.2.0/24."
    if isinstance(value, str) and "/" not in value:
        raise InvalidValueError(f"{shown(value)} is not a network.", hint=hint)
    return str(_read(value, ip_network, "a network", hint))


def _prefix(value: object) -> str:
    network = _network(value)
    return str(_read(network, IPv6Network, "an IPv6 prefix", "Write it like 2001:db8:1::/56."))


def _mac(value: object) -> str:
    if not isinstance(value, str) or not _MAC.fullmatch(value):
        raise InvalidValueError(
            f"{shown(value)} is not a MAC address.", hint="Write it like 00:1a:2b:3c:4d:5e."
        )
    digits = _SEPARATORS.sub("", value).lower()
    pairs = [digits[n : n + 2] for n in range(0, len(digits), 2)]
    if int(pairs[0], 16) & _MANY or set(digits) == {"0"}:
        raise InvalidValueError(f"{shown(value)} is not the MAC address of one piece of equipment.")
    return ":".join(pairs)


HOST: Kind[str] = Kind(_host, "192.0.2.1")
"""The IP address of one host, of either version."""
IPV4: Kind[str] = Kind(_ipv4, "192.0.2.1")
"""The IPv4 address of one host."""
IPV6_PREFIX: Kind[str] = Kind(_prefix, "2001:db8::/64")
"""An IPv6 prefix."""
MAC: Kind[str] = Kind(_mac, "02:00:00:00:00:01")
"""The MAC address of one piece of equipment; small letters and colons."""
NETMASK: Kind[str] = Kind(_netmask, "255.255.255.255")
"""The mask of an IPv4 network."""
NETWORK: Kind[str] = Kind(_network, "192.0.2.0/24")
"""A network of either version: its first address and the length of its prefix."""
VLAN: Kind[int] = whole(1, 4094)
"""The number of a VLAN."""

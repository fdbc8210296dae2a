"""Fixed addresses, and the IPv6 prefixes that are routed to somebody: each belongs to one resource at a time.

Where the catalogue has pools, a fixed address must lie in one of them, a prefix where it has pools of IPv6;
else it is told apart by its device. A pool's own addresses (network, broadcast, gateway) are nobody's. One
that was given back rests for the pool's quarantine.
"""

from __future__ import annotations

from datetime import date, timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, NamedTuple

from ispcore.driver import IpAssignment, Login, Onu
from ispcore.network.merge import ResourceProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from ipaddress import IPv4Network, IPv6Network

    from ispcore.catalog import Pool
    from ispcore.driver import Spec

ADDRESSED = (Login, IpAssignment, Onu)
"""The kinds that have fixed addresses, or something else that nobody else has."""

SERIAL, VLAN = "serial:", "vlan:"
"""What stands for a pool of serial numbers, and before one of VLANs; no pool of addresses has such a code."""


_FIELDS = ("address", "secondary_address", "ipv6_prefix", "delegated_prefix")
_PREFIXED = 6
"""The version whose prefixes are given away."""
_SMALLEST_WITH_ENDS = 2


class PoolAddress(NamedTuple):
    """An address or a prefix of a pool; without pools, of a device, whose name stands behind an ``@``.

    What else belongs to one resource at a time is told in the same way: serial numbers and VLANs.
    """

    pool: str
    address: str

    def __str__(self) -> str:
        """Name it within a sentence."""
        return f"{self.what} {self.address}"

    @property
    def what(self) -> str:
        """What it is, in a word or two."""
        if self.pool == SERIAL:
            return "serial number"
        return "VLAN" if self.pool.startswith(VLAN) else _what(self.address)

    def rule(self, ending: str) -> str:
        """Return the name of a rule about it: ``address-taken``, ``serial-taken``, ``vlan-taken``."""
        word = self.pool.partition(":")[0] if self.pool.startswith((SERIAL, VLAN)) else "address"
        return f"{word}-{ending}"


def fixed_addresses(spec: Spec | None) -> tuple[str, ...]:
    """Return the addresses and prefixes that *spec* has for itself."""
    if not isinstance(spec, ADDRESSED):
        return ()
    return tuple(found for name in _FIELDS if (found := getattr(spec, name, None)) is not None)


def pool_addresses(
    resource: str, device: str, spec: Spec | None, pools: Mapping[str, Pool]
) -> tuple[tuple[PoolAddress, ...], tuple[ResourceProblem, ...]]:
    """Return which addresses the *resource* has by *spec*, and why it cannot have others."""
    held, problems = [], []
    for address in fixed_addresses(spec):
        among = _among(address, pools)
        pool = next((one for one in among if _lies_in(address, one)), None)
        if not among:
            held.append(PoolAddress(f"@{device}", address))
        elif pool is None:
            problems.append(_outside(resource, address, among))
        elif _is_reserved(pool, address):
            problems.append(_reserved(resource, address, pool))
        else:
            held.append(PoolAddress(pool.code, address))
    return tuple(held), tuple(problems)


def free_from(pool: Pool | None, on: date) -> date:
    """Return the first day on which an address that is given back on that day is free; None has no pool."""
    return on + timedelta(days=0 if pool is None else pool.quarantine_days)


def free_addresses(pool: Pool, taken: Collection[str]) -> Iterator[str]:
    """Yield the addresses of *pool* that are nobody's, the lowest first; nothing of *taken* prefixes."""
    prefixes = [ip_network(one) for one in taken if _is_prefix(one)]
    ends = {int(one.network_address): int(one.broadcast_address) for one in sorted(prefixes, key=_size)}
    first, last = pool.addresses.network_address, pool.addresses.broadcast_address
    number = int(first)
    while number <= int(last):
        if number in ends:  # passed over at once, however many they are
            number = ends[number] + 1
            continue
        address = str(first + (number - int(first)))
        if address not in taken and not _is_reserved(pool, address):
            yield address
        number += 1


def _size(network: IPv4Network | IPv6Network) -> int:
    return network.num_addresses


def _is_prefix(address: str) -> bool:
    return "/" in address


def _what(address: str) -> str:
    return "prefix" if _is_prefix(address) else "address"


def _among(address: str, pools: Mapping[str, Pool]) -> list[Pool]:
    """Return the pools in one of which *address* must lie."""
    return [one for one in pools.values() if not _is_prefix(address) or one.addresses.version == _PREFIXED]


def _lies_in(address: str, pool: Pool) -> bool:
    one, network = ip_network(address), pool.addresses
    ends = one.network_address, one.broadcast_address
    return all(end in network for end in ends)


def _is_reserved(pool: Pool, address: str) -> bool:
    if _is_prefix(address):
        return pool.gateway is not None and ip_address(pool.gateway) in ip_network(address)
    network, one = pool.addresses, ip_address(address)
    ends = {network.network_address, network.broadcast_address}
    has_ends = network.max_prefixlen - network.prefixlen >= _SMALLEST_WITH_ENDS
    return address == pool.gateway or (has_ends and one in ends)


def _outside(resource: str, address: str, pools: Iterable[Pool]) -> ResourceProblem:
    message = f"The {_what(address)} {address} lies in no pool."
    known = ", ".join(pool.code for pool in pools)
    return ResourceProblem(resource, "address-not-in-pool", message, f"There are: {known}.", about=address)


def _reserved(resource: str, address: str, pool: Pool) -> ResourceProblem:
    message = f"The {_what(address)} {address} is the pool {pool.code!r}'s own."
    return ResourceProblem(
        resource, "address-reserved", message, "Choose another one of the pool.", about=address
    )

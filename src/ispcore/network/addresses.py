"""Fixed addresses: each belongs to one resource at a time.

Where the catalogue has pools, a fixed address must lie in one of them; else it is told apart by its device.
A pool's own addresses (network, broadcast, gateway) are nobody's. One that was given back rests for the
pool's quarantine.
"""

from __future__ import annotations

from datetime import date, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING, NamedTuple

from ispcore.driver import IpAssignment, Login
from ispcore.network.merge import ResourceProblem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ispcore.catalog import Pool
    from ispcore.driver import Spec

ADDRESSED = (Login, IpAssignment)
"""The kinds that have fixed addresses."""

_FIELDS = ("address", "secondary_address")
_SMALLEST_WITH_ENDS = 2


class PoolAddress(NamedTuple):
    """An address of a pool; without pools, of a device, whose name stands behind an ``@``."""

    pool: str
    address: str


def fixed_addresses(spec: Spec | None) -> tuple[str, ...]:
    """Return the addresses that *spec* has for itself."""
    if not isinstance(spec, ADDRESSED):
        return ()
    return tuple(found for name in _FIELDS if (found := getattr(spec, name, None)) is not None)


def pool_addresses(
    resource: str, device: str, spec: Spec | None, pools: Mapping[str, Pool]
) -> tuple[tuple[PoolAddress, ...], tuple[ResourceProblem, ...]]:
    """Return which addresses the *resource* has by *spec*, and why it cannot have others."""
    held, problems = [], []
    for address in fixed_addresses(spec):
        pool = next((one for one in pools.values() if ip_address(address) in one.addresses), None)
        if not pools:
            held.append(PoolAddress(f"@{device}", address))
        elif pool is None:
            problems.append(_outside(resource, address, pools))
        elif _is_reserved(pool, address):
            problems.append(_reserved(resource, address, pool))
        else:
            held.append(PoolAddress(pool.code, address))
    return tuple(held), tuple(problems)


def free_from(pool: Pool | None, on: date) -> date:
    """Return the first day on which an address that is given back on that day is free; None has no pool."""
    return on + timedelta(days=0 if pool is None else pool.quarantine_days)


def free_addresses(pool: Pool, taken: Collection[str]) -> Iterator[str]:
    """Yield the addresses of *pool* that are nobody's, the lowest first."""
    for one in pool.addresses:
        address = str(one)
        if address not in taken and not _is_reserved(pool, address):
            yield address


def _is_reserved(pool: Pool, address: str) -> bool:
    network, one = pool.addresses, ip_address(address)
    ends = {network.network_address, network.broadcast_address}
    has_ends = network.max_prefixlen - network.prefixlen >= _SMALLEST_WITH_ENDS
    return address == pool.gateway or (has_ends and one in ends)


def _outside(resource: str, address: str, pools: Iterable[str]) -> ResourceProblem:
    message = f"The address {address} lies in no pool."
    return ResourceProblem(
        resource, "address-not-in-pool", message, f"There are: {', '.join(pools)}.", about=address
    )


def _reserved(resource: str, address: str, pool: Pool) -> ResourceProblem:
    message = f"The address {address} is the pool {pool.code!r}'s own."
    return ResourceProblem(
        resource, "address-reserved", message, "Choose another one of the pool.", about=address
    )

"""Pools: the addresses that customers can have, by network."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.values import HOST, NETMASK, NETWORK, TEXT, Problem, as_tuple, whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from ipaddress import IPv4Network, IPv6Network

    from ispcore.values import Table

_LONGEST_QUARANTINE = 3660
_MOST_SERVERS = 2


@frozen
class Pool:
    """The addresses of one network, as text.

    An address that a customer gave back is free again after ``quarantine_days``. A pool with an
    ``access_point`` is for what hangs there.
    """

    code: str
    name: str
    network: str
    gateway: str | None = None
    netmask: str | None = None
    dns: tuple[str, ...] = field(default=(), converter=as_tuple)
    quarantine_days: int = 0
    access_point: str | None = None

    @property
    def addresses(self) -> IPv4Network | IPv6Network:
        """The network, to compute with."""
        return ip_network(self.network)


def read_pool(code: str, table: Table) -> Pool:
    """Return the pool that *table* describes."""
    pool = Pool(
        code=code,
        name=table.get("name", TEXT),
        network=table.get("network", NETWORK),
        gateway=table.get("gateway", HOST, default=None),
        netmask=table.get("netmask", NETMASK, default=None),
        dns=table.many("dns", HOST),
        quarantine_days=table.get("quarantine_days", whole(0, _LONGEST_QUARANTINE), default=0),
        access_point=table.refer("access_point", "access_points", default=None),
    )
    if table.clean:
        _check(pool, table)
    return pool


def _check(pool: Pool, table: Table) -> None:
    if pool.gateway is not None and ip_address(pool.gateway) not in pool.addresses:
        table.problem(f"{pool.gateway} does not lie in {pool.network}.", at="gateway")
    if len(pool.dns) > _MOST_SERVERS:
        hint = "Name a primary and a secondary one."
        table.problem(f"{len(pool.dns)} servers are too many.", hint, at="dns")


def overlapping(pools: Iterable[Pool]) -> Iterator[Problem]:
    """Yield a problem for each two of *pools* that hold the same addresses."""
    for one, other in combinations(pools, 2):
        mine, theirs = one.addresses, other.addresses
        if mine.version == theirs.version and mine.overlaps(theirs):
            yield Problem(
                f"pools.{other.code}.network",
                f"{other.network} and the pool {one.code!r} have addresses in common.",
                "An address belongs to one pool.",
            )

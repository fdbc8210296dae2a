"""Fixed addresses, to rows and back. Two who want the same one at the same time meet at its key."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import Onu
from ispcore.errors import ConcurrentChangeError
from ispcore.network import PoolAddress
from ispcore.storage.drift_tables import observed
from ispcore.storage.lists import one_of, pair_of, pairs
from ispcore.storage.network_tables import addresses, contributions, placements
from ispcore.storage.tables import subscriptions
from ispcore.storage.upsert import insert_or
from ispcore.usecases.network_stores import AddressHolder
from ispcore.values import CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from ispcore.usecases.network_stores import NetworkChange


class AddressStore:
    """The addresses in the database."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def of(self, resources: Collection[str]) -> dict[str, frozenset[PoolAddress]]:
        """Return the addresses that *resources* have."""
        found: dict[str, set[PoolAddress]] = defaultdict(set)
        asked = _of(self._dialect)
        for row in self._connection.execute(asked, {"resources": list(resources)}) if resources else ():
            found[row.resource].add(PoolAddress(row.pool, row.address))
        return {resource: frozenset(its) for resource, its in found.items()}

    def holders(self, wanted: Collection[PoolAddress]) -> dict[PoolAddress, AddressHolder]:
        """Return whose those of the addresses are, or were."""
        if not wanted:
            return {}
        rows = self._connection.execute(
            _holders(self._dialect), pairs(self._dialect, "wanted", sorted(wanted))
        )
        found: dict[PoolAddress, AddressHolder] = {}
        for row in rows:
            subscription = None if row.subscription_id is None else SubscriptionId(row.subscription_id)
            customer = None if row.customer_id is None else CustomerId(row.customer_id)
            holder = AddressHolder(
                row.resource, row.free_from, subscription, customer, bool(row.still_stands), row.device
            )
            found.setdefault(PoolAddress(row.pool, row.address), holder)
        return found

    def kept_from_others(self, pool: str, on: date) -> frozenset[str]:
        """Return the addresses of *pool* that somebody has on that day, or that still rest."""
        kept = sa.or_(addresses.c.free_from.is_(None), addresses.c.free_from > on, _STILL_STANDS)
        wanted = sa.select(addresses.c.address).where(addresses.c.pool == pool, kept)
        return frozenset(self._connection.scalars(wanted))

    def held_in(self, pool: str, *, given_back: bool = False) -> dict[str, str]:
        """Return which resource has, or had last, each address of *pool*, or only what was *given_back*."""
        wanted = sa.select(addresses.c.address, addresses.c.resource).where(addresses.c.pool == pool)
        if given_back:
            wanted = wanted.where(addresses.c.free_from.is_not(None))
        return {row.address: row.resource for row in self._connection.execute(wanted)}

    def foreign_tags(self, device: str) -> frozenset[tuple[int | None, int | None]]:
        """Return the VLANs, and those within, of ONUs on *device* that were nobody's at its last look."""
        onus = observed.c.claim.startswith(f"{Onu.word}/", autoescape=True)
        wanted = sa.select(observed.c.spec).where(
            observed.c.device == device, observed.c.placement.is_(None), onus
        )
        found = self._connection.scalars(wanted)
        return frozenset((spec.get("vlan"), spec.get("inner_vlan")) for spec in found)

    def save(self, change: NetworkChange) -> None:
        """Save who has which address from now on, and which are given back.

        Raises:
            ConcurrentChangeError: somebody else took one meanwhile.
        """
        if change.released:
            rows = [
                {"row_pool": one.pool, "row_address": one.address, "row_free": day}
                for one, day in sorted(change.released.items())
            ]
            self._connection.execute(_RELEASE, rows)
        if change.held:
            self._hold(change.held)

    def _hold(self, held: Mapping[PoolAddress, str]) -> None:
        rows = [
            {"pool": one.pool, "address": one.address, "resource": resource, "free_from": None}
            for one, resource in sorted(held.items())  # in one order, so nobody waits in a ring
        ]
        insert = insert_or(self._connection, addresses)
        taken = insert.on_conflict_do_update(
            index_elements=("pool", "address"),
            set_={"resource": insert.excluded.resource, "free_from": None},
            where=addresses.c.free_from.is_not(None),
        )
        self._connection.execute(taken, rows)
        now = self.holders(held.keys())
        lost = [one.address for one in sorted(held) if now[one][:2] != (held[one], None)]
        if lost:
            raise ConcurrentChangeError("address", ", ".join(lost))


_STILL_STANDS = sa.exists().where(
    placements.c.resource == addresses.c.resource,
    placements.c.applied.is_not(None),
    placements.c.applied_generation < placements.c.generation,
)


@cache
def _of(dialect: str) -> sa.Select[Any]:
    mine = one_of(dialect, addresses.c.resource, "resources")
    return sa.select(addresses).where(mine, addresses.c.free_from.is_(None))


@cache
def _holders(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(
            addresses,
            contributions.c.subscription_id,
            contributions.c.device,
            subscriptions.c.customer_id,
            _STILL_STANDS.label("still_stands"),
        )
        .select_from(
            addresses.outerjoin(contributions, contributions.c.resource == addresses.c.resource).outerjoin(
                subscriptions, subscriptions.c.id == contributions.c.subscription_id
            )
        )
        .where(pair_of(dialect, (addresses.c.pool, addresses.c.address), "wanted"))
        .order_by(contributions.c.subscription_id)
    )


_RELEASE = (
    sa.update(addresses)
    .where(addresses.c.pool == sa.bindparam("row_pool"), addresses.c.address == sa.bindparam("row_address"))
    .values(free_from=sa.bindparam("row_free"))
)

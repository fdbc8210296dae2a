"""Contributions, placements and claims, to rows and back.

Placements of a resource are changed in the turn of the customer whose subscriptions share it. Their
generations are raised by the database, which workers write to at the same time.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.catalog import Serves
from ispcore.driver import KINDS, Key, PlacementId, Spec
from ispcore.errors import ConcurrentChangeError, StorageError
from ispcore.network import Contribution, Placement, resource_of
from ispcore.storage.addresses import AddressStore
from ispcore.storage.converters import from_plain, to_plain
from ispcore.storage.lists import one_of, pair_of, pairs
from ispcore.storage.locks import lock_name
from ispcore.storage.network_tables import claims, contributions, placements
from ispcore.storage.tables import subscriptions
from ispcore.storage.upsert import insert_or
from ispcore.usecases.claiming import claim_taken
from ispcore.usecases.network_stores import Claim, Holder, NetworkChange
from ispcore.values import ComponentId, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from ispcore.usecases.network_stores import ContributionKey, Placed


class NetworkStore:
    """What is wanted of the network, in the database."""

    def __init__(self, connection: sa.Connection, wake: Callable[[Iterable[str]], object] = list) -> None:
        """Work in the transaction of *connection*; *wake* tells workers of devices that have work."""
        self._connection = connection
        self._wake = wake

    @property
    def _dialect(self) -> str:
        return self._connection.dialect.name

    def contributions(
        self, wanted: Collection[SubscriptionId], resources: Collection[str]
    ) -> tuple[Contribution, ...]:
        """Return the contributions of subscriptions, and everybody's to their resources and *resources*."""
        named = {"ids": list(wanted), "resources": list(resources)}
        rows = self._connection.execute(_contributions(self._dialect), named).all()
        found = {(row.subscription_id, row.component): row for row in rows}
        return tuple(_contribution(found[key]) for key in sorted(found))

    def placements(self, resources: Collection[str]) -> tuple[Placement, ...]:
        """Return where *resources* stand or are to stand, or are to be taken away."""
        if not resources:
            return ()
        rows = self._connection.execute(_placements(self._dialect), {"resources": list(resources)}).all()
        return tuple(_placement(row) for row in sorted(rows, key=lambda row: str(row.id)))

    def take_turns(self, names: Collection[str]) -> None:
        """Wait until nobody else takes one of these *names* on any device, and let nobody meanwhile."""
        for name in sorted(names):
            lock_name(self._connection, name)

    def holders(self, wanted: Collection[Claim]) -> dict[Claim, Holder]:
        """Return whose those of the claims are that somebody has."""
        if not wanted:
            return {}
        rows = self._connection.execute(_holders(self._dialect), pairs(self._dialect, "wanted", wanted))
        found: dict[Claim, Holder] = {}
        for row in rows:
            holder = Holder(PlacementId(row.placement), row.subscription_id, row.customer_id)
            found.setdefault(Claim(row.device, row.claim), holder)
        return found

    def save(self, change: NetworkChange) -> None:
        """Save *change*, each table in one statement or two."""
        self._drop(change.dropped)
        self._contribute(change.contributions)
        self._place(change.placed)
        self._claim(change)
        AddressStore(self._connection).save(change)
        self._wake({one.placement.device for one in change.placed if one.steps or one.new})

    def carrying(self, due: datetime | None = None) -> list[tuple[CustomerId, SubscriptionId]]:
        """Return the subscriptions with contributions, or those whose run out by *due*, in order."""
        wanted = _CARRYING if due is None else _CARRYING.where(contributions.c.valid_until <= due)
        return [(row.customer_id, row.id) for row in self._connection.execute(wanted)]

    def _drop(self, keys: Iterable[ContributionKey]) -> None:
        rows = [{"row_id": subscription, "row_component": component} for subscription, component in keys]
        if rows:
            self._connection.execute(_DROP, rows)

    def _contribute(self, new: Iterable[Contribution]) -> None:
        rows = [_contribution_row(one) for one in new]
        if rows:
            insert = insert_or(self._connection, contributions)
            keys = ("subscription_id", "component")
            values = {name: insert.excluded[name] for name in rows[0] if name not in keys}
            self._connection.execute(insert.on_conflict_do_update(index_elements=keys, set_=values), rows)

    def _place(self, placed: Iterable[Placed]) -> None:
        # In the order of their names, as workers lock them, so that neither waits for the other in a ring.
        every = sorted(placed, key=lambda one: one.placement.id)
        new = [_placement_row(one.placement) for one in every if one.new]
        if new:
            try:
                self._connection.execute(sa.insert(placements), new)
            except sa.exc.IntegrityError as error:
                raise ConcurrentChangeError("placement", ", ".join(row["id"] for row in new)) from error
        moved = [_moved_row(one) for one in every if not one.new and one.steps]
        if moved:
            self._connection.execute(_MOVE, moved)
        adjusted = [_moved_row(one) for one in every if not one.new and not one.steps]
        if adjusted:
            self._connection.execute(_ADJUST, adjusted)

    def _claim(self, change: NetworkChange) -> None:
        rows = [
            {"device": claim.device, "claim": claim.name, "placement": placement}
            for claim, placement in sorted(change.claims.items())  # in one order, so nobody waits in a ring
        ]
        if not rows:
            return
        insert = insert_or(self._connection, claims).on_conflict_do_nothing()
        if self._connection.execute(insert, rows).rowcount == len(rows):
            return
        holders = self.holders(change.claims.keys())
        for claim, placement in change.claims.items():
            holder = holders.get(claim)
            if holder is None:  # it was given up between the two
                raise ConcurrentChangeError("claim", claim.name)
            if holder.placement != placement:
                raise claim_taken(resource_of(placement), claim, holder).refusal()


_COLUMNS = (*contributions.c, subscriptions.c.customer_id)
_WITH_CUSTOMER = sa.select(*_COLUMNS).join_from(contributions, subscriptions)


# Built once for each engine: every command asks for these.


@cache
def _contributions(dialect: str) -> sa.CompoundSelect[Any]:
    mine = one_of(dialect, contributions.c.subscription_id, "ids")
    theirs = sa.select(contributions.c.resource).where(mine)
    # One condition after the other, so that each is looked up by its own index.
    return sa.union_all(
        _WITH_CUSTOMER.where(mine),
        _WITH_CUSTOMER.where(contributions.c.resource.in_(theirs)),
        _WITH_CUSTOMER.where(one_of(dialect, contributions.c.resource, "resources")),
    )


@cache
def _placements(dialect: str) -> sa.Select[Any]:
    return sa.select(placements).where(one_of(dialect, placements.c.resource, "resources"))


@cache
def _holders(dialect: str) -> sa.Select[Any]:
    return (
        sa.select(claims, contributions.c.subscription_id, subscriptions.c.customer_id)
        .select_from(
            claims.join(placements)
            .outerjoin(contributions, contributions.c.resource == placements.c.resource)
            .outerjoin(subscriptions, subscriptions.c.id == contributions.c.subscription_id)
        )
        .where(pair_of(dialect, (claims.c.device, claims.c.claim), "wanted"))
        .order_by(contributions.c.subscription_id)
    )


_CARRYING = (
    sa.select(subscriptions.c.customer_id, subscriptions.c.id)
    .join_from(contributions, subscriptions)
    .distinct()
    .order_by(subscriptions.c.customer_id, subscriptions.c.id)
)
_DROP = sa.delete(contributions).where(
    contributions.c.subscription_id == sa.bindparam("row_id"),
    contributions.c.component == sa.bindparam("row_component"),
)
_THIS = placements.c.id == sa.bindparam("row_id")
_ADJUST = (
    sa.update(placements)
    .where(_THIS)
    .values({name: sa.bindparam(f"row_{name}") for name in ("kind", "layer", "needs")})
)
_MOVE = _ADJUST.values(
    wanted=sa.bindparam("row_wanted", type_=placements.c.wanted.type),
    generation=placements.c.generation + sa.bindparam("row_steps", type_=sa.Integer),
    moved_at=sa.bindparam("row_moved_at", type_=placements.c.moved_at.type),
    # What went wrong before was about something else.
    attempts=0,
    try_at=None,
    trouble=None,
    error=None,
)


def _contribution_row(one: Contribution) -> dict[str, Any]:
    return {
        "subscription_id": one.subscription,
        "component": one.component,
        "resource": one.resource,
        "kind": one.kind.word,
        "device": one.device,
        "serves": one.serves.value,
        "spec": None if one.spec is None else to_plain(one.spec),
        "needs": list(one.needs),
        "valid_until": one.valid_until,
        "rules": one.rules,
    }


def _contribution(row: sa.Row[Any]) -> Contribution:
    return Contribution(
        subscription=SubscriptionId(row.subscription_id),
        customer=CustomerId(row.customer_id),
        component=ComponentId(row.component),
        resource=row.resource,
        kind=_kind(row.kind),
        device=row.device,
        serves=Serves(row.serves),
        spec=_spec(row.spec),
        needs=tuple(row.needs),
        valid_until=row.valid_until,
        rules=row.rules,
    )


def _placement_row(one: Placement) -> dict[str, Any]:
    return {
        "id": one.id,
        "resource": one.resource,
        "device": one.device,
        "kind": one.kind.word,
        "generation": one.generation,
        "wanted": None if one.wanted is None else to_plain(one.wanted),
        "layer": one.layer,
        "needs": list(one.needs),
        "moved_at": one.moved_at,
    }


def _moved_row(placed: Placed) -> dict[str, Any]:
    row = _placement_row(placed.placement)
    kept = (
        ("id", "kind", "layer", "needs", "wanted", "moved_at")
        if placed.steps
        else ("id", "kind", "layer", "needs")
    )
    steps = {"row_steps": placed.steps} if placed.steps else {}
    return {**{f"row_{name}": row[name] for name in kept}, **steps}


def _placement(row: sa.Row[Any]) -> Placement:
    return Placement(
        id=PlacementId(row.id),
        resource=row.resource,
        device=row.device,
        kind=_kind(row.kind),
        generation=row.generation,
        wanted=_spec(row.wanted),
        layer=row.layer,
        needs=tuple(row.needs),
        moved_at=row.moved_at,
        applied_generation=row.applied_generation,
        applied=_spec(row.applied),
        key=None if row.key is None else Key(row.key),
        trouble=row.trouble,
    )


def _kind(word: str) -> type[Spec]:
    if word not in KINDS:
        raise StorageError(f"The unknown kind {word!r} is stored.", hint="It was written by a later ispcore.")
    return KINDS[word]


def _spec(plain: Any) -> Spec | None:  # noqa: ANN401 - plain JSON
    return None if plain is None else from_plain(plain, Spec)

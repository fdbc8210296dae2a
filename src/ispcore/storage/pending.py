"""What many commands have made and not written yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import define, field

from ispcore.customers import CustomerState
from ispcore.errors import ConcurrentChangeError
from ispcore.plans import Timeline
from ispcore.storage import customers as customer_rows
from ispcore.storage import subscription_rows
from ispcore.storage.held_network import PendingNetwork
from ispcore.storage.network import NetworkStore
from ispcore.storage.tables import customers, persons, subscriptions
from ispcore.timeline import Fact, Subject
from ispcore.values import CustomerId, PersonId, SubscriptionId

if TYPE_CHECKING:
    from ispcore.storage.facts import FactStore


@define
class Pending:
    """Rows to write, and the names by which they are found until then."""

    facts: dict[Subject, list[Fact[Any]]] = field(factory=dict)
    texts: dict[Subject, dict[tuple[int, str], str]] = field(factory=dict)
    persons: list[dict[str, Any]] = field(factory=list)
    registered: dict[CustomerId, tuple[CustomerState, int]] = field(factory=dict)
    """New customers, each with its version."""
    changed: dict[CustomerId, tuple[CustomerState, int, int]] = field(factory=dict)
    """Customers that were there before, each with the version that it was read with, and the new one."""
    opened: dict[SubscriptionId, tuple[Timeline, int]] = field(factory=dict)
    """New subscriptions, each with its version."""
    codes: dict[str, tuple[CustomerId, str | None]] = field(factory=dict)
    """New customers by code, each with the tax id."""
    tax_ids: dict[str, tuple[PersonId, CustomerId]] = field(factory=dict)
    imported: dict[tuple[str, str], tuple[SubscriptionId, CustomerId]] = field(factory=dict)

    network: PendingNetwork = field(factory=PendingNetwork)

    def absorb(self, later: Pending) -> None:
        """Take over what was made after this."""
        for subject, facts in later.facts.items():
            self.facts.setdefault(subject, []).extend(facts)
        for subject, texts in later.texts.items():
            self.texts.setdefault(subject, {}).update(texts)
        self.persons += later.persons
        self.registered |= later.registered
        for customer, (state, read, version) in later.changed.items():
            if customer in self.registered:
                self.registered[customer] = (state, version)
            else:
                _, first, _ = self.changed.get(customer, (state, read, version))
                self.changed[customer] = (state, first, version)
        self.opened |= later.opened
        self.codes |= later.codes
        self.tax_ids |= later.tax_ids
        self.imported |= later.imported
        self.network.absorb(later.network)


def write(pending: Pending, connection: sa.Connection, facts: FactStore) -> None:
    """Write everything *pending*, each table in one statement.

    Raises:
        ConcurrentChangeError: somebody else changed a customer meanwhile.
    """
    new_customers = [
        {"id": state.id, "version": version, **customer_rows.snapshot(state)}
        for state, version in pending.registered.values()
    ]
    new_subscriptions = [
        {
            "id": number,
            "version": version,
            "closed_through": None,
            "dirty_from": None,
            **subscription_rows.snapshot(timeline),
        }
        for number, (timeline, version) in pending.opened.items()
    ]
    for table, rows in (
        (persons, pending.persons),
        (customers, new_customers),
        (subscriptions, new_subscriptions),
    ):
        if rows:
            connection.execute(sa.insert(table), rows)
    facts.append_all(pending.facts, pending.texts)
    _change_customers(pending, connection)
    change = pending.network.change
    if not change.is_empty:
        NetworkStore(connection).save(change)


def _change_customers(pending: Pending, connection: sa.Connection) -> None:
    if not pending.changed:
        return
    rows = [
        {"row_id": customer, "row_version": read, "version": version, **customer_rows.snapshot(state)}
        for customer, (state, read, version) in pending.changed.items()
    ]
    columns = [name for name in rows[0] if not name.startswith("row_")]
    same = (customers.c.id == sa.bindparam("row_id")) & (customers.c.version == sa.bindparam("row_version"))
    update = sa.update(customers).where(same).values({name: sa.bindparam(name) for name in columns})
    if connection.execute(update, rows).rowcount != len(rows):
        raise ConcurrentChangeError("customer", ", ".join(str(customer) for customer in pending.changed))

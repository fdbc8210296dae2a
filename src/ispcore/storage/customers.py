"""Customers: their facts folded, their texts looked up, and the snapshot row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.customers import Customer, Forgotten, TextRef, fold_customer, shown
from ispcore.errors import ConcurrentChangeError, NotFoundError, RefusedError
from ispcore.storage import numbers
from ispcore.storage.tables import customers, facts, persons
from ispcore.timeline import Subject, SubjectKind
from ispcore.values import CustomerId, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ispcore.customers import CustomerState
    from ispcore.storage.facts import FactStore
    from ispcore.storage.turns import NoTurns


class CustomerStore:
    """The customers in the database."""

    def __init__(self, connection: sa.Connection, facts: FactStore, turns: NoTurns) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._facts = facts
        self._turns = turns

    def new_number(self) -> CustomerId:
        """Reserve a number."""
        return CustomerId(numbers.take(self._connection, "customer"))

    def person_for(self, tax_id: str | None) -> tuple[PersonId, CustomerId | None]:
        """Return the person with *tax_id*, with their customer number; else a new person's number."""
        self._turns.persons()
        if tax_id is not None:
            found = sa.select(persons.c.id, customers.c.id.label("customer")).select_from(
                persons.outerjoin(customers, customers.c.person_id == persons.c.id)
            )
            row = self._connection.execute(found.where(persons.c.tax_id == tax_id)).first()
            if row is not None:
                return PersonId(row.id), None if row.customer is None else CustomerId(row.customer)
        return PersonId(numbers.take(self._connection, "person")), None

    def get(self, customer: CustomerId) -> tuple[Customer, int]:
        """Return the customer and the version, or raise NotFoundError."""
        self._turns.customers([customer])
        version = self._version(customer)
        return self.many([customer])[customer], version

    def check(self, customer: CustomerId) -> None:
        """Raise NotFoundError unless there is such a customer."""
        self._version(customer)

    def _version(self, customer: CustomerId) -> int:
        wanted = sa.select(customers.c.version).where(customers.c.id == customer)
        version: int | None = self._connection.scalar(wanted) if customer <= numbers.MOST else None
        if version is None:
            raise NotFoundError("customer", customer)
        return version

    def many(self, wanted: list[CustomerId]) -> dict[CustomerId, Customer]:
        """Return customers with their texts, read at once."""
        ids = [str(customer) for customer in wanted]
        facts = self._facts.of_many(SubjectKind.CUSTOMER, ids)
        texts = self._facts.texts_of_many(SubjectKind.CUSTOMER, ids)
        found = {}
        for subject, recorded in facts.items():
            refs = {TextRef(*key): text for key, text in texts.get(subject, {}).items()}
            found[CustomerId(int(subject))] = shown(fold_customer(recorded), refs)
        return found

    def states(self, wanted: Sequence[CustomerId]) -> dict[CustomerId, CustomerState]:
        """Return customers without the texts, read in bulk."""
        facts = self._facts.of_many(SubjectKind.CUSTOMER, [str(customer) for customer in wanted])
        return {CustomerId(int(subject)): fold_customer(recorded) for subject, recorded in facts.items()}

    def count(self) -> int:
        """Return how many customers there are."""
        return self._connection.scalar(sa.select(sa.func.count()).select_from(customers)) or 0

    def state(self, customer: CustomerId) -> CustomerState:
        """Return the customer without the texts, or raise NotFoundError."""
        recorded = self._facts.of(Subject(SubjectKind.CUSTOMER, str(customer)))
        if not recorded:
            raise NotFoundError("customer", customer)
        return fold_customer(recorded)

    def stale(self, state: CustomerState) -> dict[str, tuple[object, object]]:
        """Return the columns of the snapshot that differ from the facts: as stored, and as they should be."""
        wanted = snapshot(state)
        columns = [customers.c[name] for name in wanted]
        stored = (
            self._connection.execute(sa.select(*columns).where(customers.c.id == state.id)).mappings().one()
        )
        return {name: (stored[name], value) for name, value in wanted.items() if stored[name] != value}

    def insert(self, state: CustomerState, tax_id: str | None) -> None:
        """Keep a new customer; a person who is known already keeps the tax id.

        Raises:
            RefusedError: another customer has the code.
        """
        taken = self._connection.scalar(sa.select(customers.c.id).where(customers.c.code == state.code))
        if taken is not None:
            raise RefusedError(
                f"The code {state.code!r} is that of customer {taken}.",
                rule="code-taken",
                hint="Give another code.",
            )
        known = self._connection.scalar(sa.select(persons.c.id).where(persons.c.id == state.person))
        if known is None:
            person = {"id": state.person, "kind": state.kind.value, "tax_id": tax_id}
            self._connection.execute(sa.insert(persons), person)
        self._connection.execute(sa.insert(customers), {"id": state.id, "version": 1, **snapshot(state)})

    def update(self, state: CustomerState, version: int) -> None:
        """Keep a changed customer, or raise ConcurrentChangeError when *version* has moved."""
        same = (customers.c.id == state.id) & (customers.c.version == version)
        changed = sa.update(customers).where(same).values(version=version + 1, **snapshot(state))
        if self._connection.execute(changed).rowcount != 1:
            raise ConcurrentChangeError("customer", state.id)

    def forgotten(self) -> tuple[CustomerId, ...]:
        """Return the customers who were ever forgotten."""
        its = (facts.c.subject_kind == SubjectKind.CUSTOMER.value) & (facts.c.kind == Forgotten.__name__)
        found = self._connection.scalars(sa.select(facts.c.subject_id).where(its).distinct())
        return tuple(sorted(CustomerId(int(one)) for one in found))

    def identify(self, person: PersonId, tax_id: str | None) -> None:
        """Keep the tax id by which *person* is known."""
        self._connection.execute(sa.update(persons).where(persons.c.id == person).values(tax_id=tax_id))

    def ids(self, after: int = 0, limit: int | None = None) -> tuple[CustomerId, ...]:
        """Return customers' numbers in order."""
        wanted = sa.select(customers.c.id).where(customers.c.id > after).order_by(customers.c.id).limit(limit)
        return tuple(CustomerId(number) for number in self._connection.scalars(wanted))


def snapshot(state: CustomerState) -> dict[str, Any]:
    """Return the columns that follow from the facts."""
    return {
        "person_id": state.person,
        "code": state.code,
        "charge_method": state.charge_method,
        "due_day": state.due_day,
        "allows_discounts": state.allows_discounts,
        "slip_fee_exempt": state.slip_fee_exempt,
    }

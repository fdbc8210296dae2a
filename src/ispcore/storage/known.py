"""What is there already, by the names that other systems know: codes, tax ids, foreign ids."""

from __future__ import annotations

import sqlalchemy as sa

from ispcore.storage.tables import customers, persons, subscriptions
from ispcore.values import CustomerId, PersonId, SubscriptionId

_BY_CODE = sa.select(customers.c.id).where(customers.c.code == sa.bindparam("code"))
_BY_FOREIGN_ID = sa.select(subscriptions.c.id, subscriptions.c.customer_id).where(
    subscriptions.c.foreign_system == sa.bindparam("system"),
    subscriptions.c.foreign_id == sa.bindparam("foreign_id"),
)
_WITH_PERSON = sa.select(customers.c.id, persons.c.tax_id).join(
    persons, persons.c.id == customers.c.person_id
)
_PERSON_BY_CODE = _WITH_PERSON.where(customers.c.code == sa.bindparam("code"))
_PERSON_BY_TAX_ID = _WITH_PERSON.where(persons.c.tax_id == sa.bindparam("tax_id"))
_PERSON = (
    sa.select(persons.c.id, customers.c.id.label("customer"))
    .select_from(persons.outerjoin(customers, customers.c.person_id == persons.c.id))
    .where(persons.c.tax_id == sa.bindparam("tax_id"))
)


class KnownStore:
    """Looks up by foreign names."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def customer(self, code: str) -> CustomerId | None:
        """Return the customer with this code."""
        number = self._connection.scalar(_BY_CODE, {"code": code})
        return None if number is None else CustomerId(number)

    def registered(self, code: str | None, tax_id: str | None) -> CustomerId | None:
        """Return the customer with this code and this tax id; without a code the tax id is enough."""
        if code is None:
            row = self._connection.execute(_PERSON_BY_TAX_ID, {"tax_id": tax_id}).first()
        else:
            row = self._connection.execute(_PERSON_BY_CODE, {"code": code}).first()
        return CustomerId(row.id) if row is not None and row.tax_id == tax_id else None

    def person(self, tax_id: str) -> tuple[PersonId, CustomerId | None] | None:
        """Return the person with this tax id, with their customer number."""
        row = self._connection.execute(_PERSON, {"tax_id": tax_id}).first()
        if row is None:
            return None
        return PersonId(row.id), None if row.customer is None else CustomerId(row.customer)

    def subscription(self, system: str, foreign_id: str) -> tuple[SubscriptionId, CustomerId] | None:
        """Return the subscription that was imported from *system* under this id, and its customer."""
        names = {"system": system, "foreign_id": foreign_id}
        row = self._connection.execute(_BY_FOREIGN_ID, names).first()
        return None if row is None else (SubscriptionId(row.id), CustomerId(row.customer_id))

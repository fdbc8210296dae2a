"""The stages that late debts have reached, in the database."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.catalog import LateAction
from ispcore.storage.bulk import among
from ispcore.storage.late_tables import late_stages as table
from ispcore.storage.upsert import insert_or
from ispcore.usecases.late_stores import StageRow
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

_HOLDING = [LateAction.REDUCE.value, LateAction.BLOCK.value]


class LateStore:
    """The stages that were reached."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def stages(self, customers: Sequence[CustomerId]) -> Mapping[CustomerId, tuple[StageRow, ...]]:
        """Return the stages that debts of these *customers* ever reached."""
        found: dict[CustomerId, list[StageRow]] = defaultdict(list)
        if customers:
            mine = among(self._connection, table.c.customer_id, list(customers))
            for row in self._connection.execute(sa.select(table).where(mine)):
                one = StageRow(row.subject, row.stage, LateAction(row.action), row.reached_on, row.ended_on)
                found[CustomerId(row.customer_id)].append(one)
        return {
            customer: tuple(sorted(rows, key=lambda one: (one.reached_on, one.subject, one.stage)))
            for customer, rows in found.items()
        }

    def standing(self, after: CustomerId, limit: int) -> tuple[CustomerId, ...]:
        """Return customers who have stages that did not end, by number, beginning *after* one."""
        customer = table.c.customer_id
        wanted = sa.select(customer).where(table.c.ended_on.is_(None), customer > after)
        found = self._connection.scalars(wanted.distinct().order_by(customer).limit(limit))
        return tuple(CustomerId(number) for number in found)

    def holding(self, customer: CustomerId) -> bool:
        """Tell whether a stage of the *customer* that reduces or blocks did not end."""
        mine = (table.c.customer_id == customer) & table.c.ended_on.is_(None)
        wanted = sa.select(table.c.stage).where(mine, table.c.action.in_(_HOLDING)).limit(1)
        return self._connection.scalar(wanted) is not None

    def reach(self, customer: CustomerId, rows: Sequence[StageRow], at: datetime) -> None:
        """Note stages that were reached; what is known keeps its day, and does not end any more."""
        if not rows:
            return
        new = insert_or(self._connection, table)
        again = new.on_conflict_do_update(
            index_elements=["customer_id", "subject", "stage"], set_={"ended_on": None}
        )
        values = [
            {
                "customer_id": customer,
                "subject": row.subject,
                "stage": row.stage,
                "action": row.action.value,
                "reached_on": row.reached_on,
                "ended_on": None,
                "recorded_at": at,
            }
            for row in rows
        ]
        self._connection.execute(again, values)

    def end(self, customer: CustomerId, subjects: Sequence[str], on: date) -> None:
        """Note that nothing is open any more of what these *subjects* ask for."""
        if subjects:
            mine = (table.c.customer_id == customer) & table.c.ended_on.is_(None)
            these = among(self._connection, table.c.subject, sorted(subjects))
            self._connection.execute(sa.update(table).where(mine, these).values(ended_on=on))

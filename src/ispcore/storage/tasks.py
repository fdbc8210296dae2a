"""Commands for a later day, in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from attrs import evolve

from ispcore.customers import ERASED
from ispcore.errors import NotFoundError, StorageError
from ispcore.plans import SCHEDULABLE, SubscriptionCommand, Task, TaskState, Transfer
from ispcore.storage.converters import from_plain, to_json
from ispcore.storage.numbers import MOST, take
from ispcore.storage.tables import subscriptions
from ispcore.storage.task_tables import tasks as table
from ispcore.values import CustomerId, TaskId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.usecases.task_stores import TaskQuery

_WAITS = table.c.state == TaskState.PENDING.value


class TaskStore:
    """The tasks."""

    def __init__(self, connection: sa.Connection) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection

    def new_numbers(self, count: int) -> TaskId:
        """Reserve *count* numbers of tasks and return the first."""
        return TaskId(take(self._connection, "task", count))

    def insert(self, tasks: Sequence[Task]) -> None:
        """Keep new tasks."""
        if tasks:
            self._connection.execute(sa.insert(table), [_row(task) for task in tasks])

    def get(self, task: TaskId) -> Task:
        """Return a task, or raise NotFoundError."""
        found = sa.select(table).where(table.c.id == task)
        row = self._connection.execute(found).first() if 0 <= task <= MOST else None
        if row is None:
            raise NotFoundError("task", task, hint="'ispcore tasks list' lists them.")
        return _task(row)

    def listed(self, query: TaskQuery) -> tuple[Task, ...]:
        """Return the tasks that *query* asks for, by day."""
        wanted = sa.select(table)
        if query.customer is not None:
            wanted = wanted.where(table.c.subscription_id.in_(_of(query.customer)))
        if query.subscription is not None:
            wanted = wanted.where(table.c.subscription_id == query.subscription)
        if query.state is not None:
            wanted = wanted.where(table.c.state == query.state.value)
        if query.since is not None:
            wanted = wanted.where(table.c.due_on >= query.since)
        if query.until is not None:
            wanted = wanted.where(table.c.due_on <= query.until)
        rows = self._connection.execute(wanted.order_by(table.c.due_on, table.c.id))
        return tuple(_task(row) for row in rows)

    def due(self, on: date) -> tuple[TaskId, ...]:
        """Return the tasks to be carried out by a day and not tried on it yet, in the order of their days."""
        wanted = sa.select(table.c.id).where(_WAITS, table.c.due_on <= on, _untried(on))
        found = self._connection.scalars(wanted.order_by(table.c.due_on, table.c.id))
        return tuple(TaskId(number) for number in found)

    def take(self, task: TaskId, on: date) -> Task | None:
        """Let a task run and return it; None if it waits no more, or was tried on that day already.

        Whoever takes it at the same time is waited for.
        """
        values = {"state": TaskState.RUNNING.value, "attempts": table.c.attempts + 1, "tried_on": on}
        this = sa.update(table).where(table.c.id == task, _WAITS, _untried(on)).values(values)
        row = self._connection.execute(this.returning(*table.c)).first()
        return None if row is None else _task(row)

    def settle(self, task: Task) -> None:
        """Keep what became of a task that was taken."""
        ending = {"state": task.state.value, "error": task.error, "ended_at": task.ended_at}
        self._connection.execute(sa.update(table).where(table.c.id == task.id).values(ending))

    def withdraw(self, task: Task) -> bool:
        """Keep that a task was withdrawn, and tell whether it waited still."""
        ending = {"state": task.state.value, "ended_at": task.ended_at, "ended_by": task.ended_by}
        gone = sa.update(table).where(table.c.id == task.id, _WAITS).values(ending)
        return self._connection.execute(gone).rowcount == 1

    def erase_texts(self, customer: CustomerId) -> int:
        """Erase the remarks on tasks of a customer, and who agreed to a transfer from or to them.

        Return how many texts these were.
        """
        theirs = table.c.subscription_id.in_(_of(customer))
        noted = sa.update(table).where(theirs, table.c.note.is_not(None)).values(note=None)
        return self._connection.execute(noted).rowcount + self._erase_who_agreed(customer, theirs)

    def _erase_who_agreed(self, customer: CustomerId, theirs: sa.ColumnElement[bool]) -> int:
        command, agreed_by = table.c.command, table.c.command["agreed_by"].as_string()
        wanted = sa.select(table.c.id, command).where(
            table.c.kind == Transfer.__name__,
            theirs | (command["customer"].as_integer() == customer),
            agreed_by.is_not(None) & (agreed_by != ERASED),
        )
        found = self._connection.execute(wanted).all()
        for row in found:
            erased = {**row.command, "agreed_by": ERASED}
            self._connection.execute(sa.update(table).where(table.c.id == row.id).values(command=erased))
        return len(found)


def _of(customer: CustomerId) -> sa.Select[tuple[int]]:
    return sa.select(subscriptions.c.id).where(subscriptions.c.customer_id == customer)


def _untried(on: date) -> sa.ColumnElement[bool]:
    return table.c.tried_on.is_(None) | (table.c.tried_on < on)


def _row(task: Task) -> dict[str, Any]:
    return {
        "id": task.id,
        "subscription_id": task.command.subscription,
        "due_on": task.on,
        "kind": type(task.command).__name__,
        "command": to_json(evolve(task.command, note=None)),
        "note": task.command.note,
        "scheduled_by": task.scheduled_by,
        "scheduled_at": task.scheduled_at,
        "permissions": sorted(task.permissions),
        "state": task.state.value,
    }


def _task(row: sa.Row[Any]) -> Task:
    return Task(
        id=TaskId(row.id),
        command=evolve(_command(row.kind, row.command), note=row.note),
        on=row.due_on,
        scheduled_by=row.scheduled_by,
        scheduled_at=row.scheduled_at,
        permissions=from_plain(row.permissions, frozenset[str]),
        state=from_plain(row.state, TaskState),
        attempts=row.attempts,
        tried_on=row.tried_on,
        error=row.error,
        ended_at=row.ended_at,
        ended_by=row.ended_by,
    )


def _command(kind: str, plain: Any) -> SubscriptionCommand:  # noqa: ANN401 - plain JSON
    if kind not in SCHEDULABLE:
        raise StorageError(
            f"A task of the unknown kind {kind!r} is stored.", hint="It was written by another ispcore."
        )
    return from_plain(plain, SCHEDULABLE[kind])

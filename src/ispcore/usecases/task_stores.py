"""What the use cases about tasks need of a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from attrs import frozen

from ispcore.plans import Task, TaskState
from ispcore.values import CustomerId, SubscriptionId, TaskId


@frozen(kw_only=True)
class TaskQuery:
    """Which tasks to list; None is not looked at. ``since`` and ``until`` are days, both included."""

    customer: CustomerId | None = None
    subscription: SubscriptionId | None = None
    state: TaskState | None = None
    since: date | None = None
    until: date | None = None


class Tasks(Protocol):
    """Commands for a later day."""

    def new_numbers(self, count: int) -> TaskId:
        """Reserve *count* numbers of tasks and return the first."""
        ...

    def insert(self, tasks: Sequence[Task]) -> None:
        """Keep new tasks."""
        ...

    def get(self, task: TaskId) -> Task:
        """Return a task, or raise NotFoundError."""
        ...

    def listed(self, query: TaskQuery) -> tuple[Task, ...]:
        """Return the tasks that *query* asks for, by day."""
        ...

    def due(self, on: date) -> tuple[TaskId, ...]:
        """Return the tasks to be carried out by a day and not tried on it yet, in the order of their days."""
        ...

    def take(self, task: TaskId, on: date) -> Task | None:
        """Let a task run and return it; None if it waits no more, or was tried on that day already.

        Whoever takes it at the same time is waited for.
        """
        ...

    def settle(self, task: Task) -> None:
        """Keep what became of a task that was taken."""
        ...

    def withdraw(self, task: Task) -> bool:
        """Keep that a task was withdrawn, and tell whether it waited still."""
        ...

    def erase_texts(self, customer: CustomerId) -> int:
        """Erase the remarks on tasks of a customer, and who agreed to a transfer from or to them.

        Return how many texts these were.
        """
        ...

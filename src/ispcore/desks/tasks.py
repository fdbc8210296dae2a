"""The part of the facade that is about commands for a later day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ispcore.plans import SubscriptionCommand, Task, TaskState
    from ispcore.timeline import Actor
    from ispcore.values import CustomerId, SubscriptionId, TaskId


@frozen
class TaskDesk:
    """Commands for a later day; :attr:`Provider.tasks <ispcore.app.Provider.tasks>`.

    Those whose day has come are carried out by :meth:`Provider.tick <ispcore.app.Provider.tick>`.
    """

    _desk: u.Desk

    def add(self, command: SubscriptionCommand, *, actor: Actor) -> Task:
        """Schedule *command* for its day; it will act for *actor*, with the permissions that they have now.

        Raises:
            NotPermittedError: the actor may not schedule, or lacks the permission of the command.
            RefusedError, NotFoundError: it can be no task.
        """
        return u.schedule(self._desk, (command,), actor=actor)[0]

    def add_many(self, commands: Iterable[SubscriptionCommand], *, actor: Actor) -> tuple[Task, ...]:
        """Schedule several commands, each for its own day: all of them, or none; errors are those of add."""
        return u.schedule(self._desk, tuple(commands), actor=actor)

    def list(  # noqa: PLR0913 - each by its name
        self,
        *,
        actor: Actor,
        customer: CustomerId | None = None,
        subscription: SubscriptionId | None = None,
        state: TaskState | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> tuple[Task, ...]:
        """Return tasks by day: of a customer or a subscription, in a state, for some days, both included."""
        query = u.TaskQuery(
            customer=customer, subscription=subscription, state=state, since=since, until=until
        )
        return u.list_tasks(self._desk, query, actor=actor)

    def withdraw(self, task: TaskId, *, actor: Actor) -> Task:
        """Withdraw a task that waits.

        Raises:
            NotFoundError: there is no such task.
            RefusedError: it waits no more.
        """
        return u.withdraw_task(self._desk, task, actor=actor)

    def run(self, on: date | None = None, *, actor: Actor) -> u.TaskRun:
        """Carry out every task whose day has come by a day, today by default, in the order of their days.

        A tick does the same. One that is refused is tried again on another day.

        Raises:
            StorageError: the database failed; what was done stays done.
        """
        return u.run_tasks(self._desk, on, actor=actor)

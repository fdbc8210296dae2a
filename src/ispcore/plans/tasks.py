"""Tasks: commands for a later day, kept as they were given and decided on that day.

What a task will meet on its day is not known before, so only what cannot change its mind is checked when it
is scheduled. It acts for who scheduled it, with the permissions that they had then.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.catalog import Role
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans.checks import check_cancelling, check_reason, check_target
from ispcore.plans.component_commands import AddComponent, ChangeComponent, ChangePassword
from ispcore.plans.decide import COMMANDS
from ispcore.plans.permissions import check_permitted
from ispcore.plans.transfer_commands import Transfer
from ispcore.timeline import Actor, Cause
from ispcore.values import TaskId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.catalog import Catalogue
    from ispcore.plans.subscription import Timeline

_AT_ONCE_ONLY = (c.Annul, c.Delete, c.Retract, AddComponent, ChangeComponent, ChangePassword)
"""What puts a mistake right, and what may bring a secret."""

SCHEDULABLE: Mapping[str, type[c.SubscriptionCommand]] = {
    kind.__name__: kind
    for kind in COMMANDS
    if issubclass(kind, c.SubscriptionCommand) and not issubclass(kind, _AT_ONCE_ONLY)
}
"""The commands that can be tasks, by name."""

_TARGETS = {
    c.Cancel: Role.CANCELLED,
    c.Enable: Role.ENABLED,
    c.Resume: Role.ENABLED,
    c.Suspend: Role.SUSPENDED,
}


class TaskState(Enum):
    """How it stands with a task."""

    PENDING = "pending"
    RUNNING = "running"
    """It is being carried out; what it leaves is saved with its end."""
    DONE = "done"
    FAILED = "failed"
    """It was refused on as many days as the provider is patient."""
    CANCELLED = "cancelled"
    """It was withdrawn."""


@frozen
class Task:
    """A command for a later day, who scheduled it, and what became of it.

    ``permissions`` are those of who scheduled it, as they were then. ``attempts`` were made, the last one on
    ``tried_on``, and ``error`` says why it was refused. ``ended_by`` is who withdrew it.
    """

    id: TaskId
    command: c.SubscriptionCommand
    on: date
    scheduled_by: str
    scheduled_at: datetime
    permissions: frozenset[str]
    state: TaskState = TaskState.PENDING
    attempts: int = 0
    tried_on: date | None = None
    error: str | None = None
    ended_at: datetime | None = None
    ended_by: str | None = None

    @property
    def actor(self) -> Actor:
        """Who acts when it is carried out."""
        return Actor(self.scheduled_by, self.permissions, cause=Cause.SCHEDULED)

    @property
    def due_command(self) -> c.SubscriptionCommand:
        """The command as it is carried out: on its own day, but a transfer, which is never past, today."""
        return evolve(self.command, on=None) if isinstance(self.command, Transfer) else self.command

    def __str__(self) -> str:
        """Name the task in a sentence: ``Task 7 (Suspend of subscription 104 on 2012-03-10)``."""
        kind = type(self.command).__name__
        return f"Task {self.id} ({kind} of subscription {self.command.subscription} on {self.on})"


def check_task(
    command: c.SubscriptionCommand, timeline: Timeline, catalogue: Catalogue, *, actor: Actor, today: date
) -> date:
    """Return the day of *command* if it can be a task that *actor* schedules.

    Raises:
        NotPermittedError: the actor lacks the command's permission.
        NotFoundError: it names a plan or a status that does not exist.
        RefusedError: it can be no task, its day is not later, its reason is missing or does not belong there,
            its status may not be the target of a task, or the subscription does not live on its day.
    """
    check_permitted(command, actor)
    name = type(command).__name__
    if name not in SCHEDULABLE:
        raise RefusedError(f"{name} can be no task.", rule="no-task", hint="Give the command on its day.")
    if isinstance(command, Transfer) and command.newcomer is not None:
        raise RefusedError(
            "A task registers nobody.", rule="no-task", hint="Register the customer first, and name them."
        )
    on = command.on
    if on is None or on <= today:
        raise RefusedError(
            f"A task is for a later day, and {on or 'no day'} is not later than {today}.",
            rule="not-later",
            hint="Give the command itself.",
        )
    check_reason(command)
    if isinstance(command, c.Cancel):
        check_cancelling(command, f"Subscription {command.subscription}", catalogue)
    _check_names(command, catalogue)
    _check_lives(command, timeline, on)
    return on


def _check_names(command: c.SubscriptionCommand, catalogue: Catalogue) -> None:
    role = _TARGETS.get(type(command))
    if role is not None:
        check_target(catalogue.status_for(role), catalogue)
    if isinstance(command, c.ChangeStatus):
        check_target(catalogue.status(command.status), catalogue)
    if isinstance(command, c.ChangePlan):
        catalogue.plan(command.plan)


def _check_lives(command: c.SubscriptionCommand, timeline: Timeline, on: date) -> None:
    name, end, start = f"Subscription {command.subscription}", timeline.end, timeline.last.started_on
    if end is not None and end.on <= on:
        raise RefusedError(f"{name} ends on {end.on}.", rule="ended", hint="Schedule it for an earlier day.")
    if on < start:
        raise RefusedError(
            f"{name} does not exist on {on} yet.", rule="not-open", hint=f"It starts on {start}."
        )


def after_refusal(task: Task, error: str, at: datetime, attempts: int) -> Task:
    """Return *task* after its attempt was refused: it waits for another day, or after so many has failed."""
    if task.attempts < attempts:
        return evolve(task, state=TaskState.PENDING, error=error)
    return evolve(task, state=TaskState.FAILED, error=error, ended_at=at)

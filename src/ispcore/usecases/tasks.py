"""Scheduling commands for a later day, withdrawing them, and carrying out those whose day has come.

A task ends in the transaction that records what it left, so it is carried out once whoever runs it, however
often, and wherever a process is killed. One that is refused leaves nothing but its attempt.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.errors import ConcurrentChangeError, IspcoreError, RefusedError, StorageError
from ispcore.plans import Task, TaskState, after_refusal, check_task
from ispcore.usecases.do import do
from ispcore.usecases.one_transaction import OneTransaction
from ispcore.usecases.task_stores import TaskQuery
from ispcore.values import TaskId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.plans import SubscriptionCommand
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork

SCHEDULE, WITHDRAW, READ, RUN = "task.schedule", "task.withdraw", "task.read", "task.run"


@frozen
class TaskRun:
    """What became of the tasks that were tried, in the order in which they were.

    ``left`` says why others were left as they are: they are damaged, or somebody changed the same meanwhile.
    """

    tried: tuple[Task, ...] = ()
    left: tuple[str, ...] = ()

    @property
    def done(self) -> int:
        """How many were carried out."""
        return sum(task.state is TaskState.DONE for task in self.tried)

    @property
    def failed(self) -> int:
        """How many were refused for the last time."""
        return sum(task.state is TaskState.FAILED for task in self.tried)

    @property
    def refused(self) -> int:
        """How many were refused and are tried again on another day."""
        return sum(task.state is TaskState.PENDING for task in self.tried)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why tasks were refused or left, a sentence each."""
        refused = (_told(task) for task in self.tried if task.state is not TaskState.DONE)
        return (*refused, *self.left)


def _told(task: Task) -> str:
    then = "it has failed" if task.state is TaskState.FAILED else "it is tried again on another day"
    return f"{task} was refused, attempt {task.attempts}, and {then}: {task.error}"


@frozen
class _Named:
    """Gives the command of a task the task's name."""

    name: str

    def new(self) -> str:
        return self.name


def schedule(desk: Desk, commands: Sequence[SubscriptionCommand], *, actor: Actor) -> tuple[Task, ...]:
    """Keep *commands* as tasks, each for its own day: all of them, or none.

    Raises:
        NotPermittedError: the actor may not schedule, or lacks the permission of a command.
        RefusedError, NotFoundError: one can be no task.
    """
    actor.require(SCHEDULE)
    with desk.database.writing() as work:
        days = [_checked(work, desk, command, actor) for command in commands]
        first, now = work.tasks.new_numbers(len(commands)), desk.clock.now()
        tasks = tuple(
            Task(TaskId(first + n), command, on, actor.id, now, actor.permissions)
            for n, (command, on) in enumerate(zip(commands, days, strict=True))
        )
        work.tasks.insert(tasks)
    return tasks


def _checked(work: UnitOfWork, desk: Desk, command: SubscriptionCommand, actor: Actor) -> date:
    timeline, _ = work.subscriptions.get(command.subscription)
    catalogue = work.catalogue.current()
    today = desk.today(catalogue.unit(timeline.last.unit).zone)
    return check_task(command, timeline, catalogue, actor=actor, today=today)


def withdraw_task(desk: Desk, task: TaskId, *, actor: Actor) -> Task:
    """Withdraw a task that waits.

    Raises:
        NotFoundError: there is no such task.
        RefusedError: it waits no more.
    """
    actor.require(WITHDRAW)
    with desk.database.writing() as work:
        known = work.tasks.get(task)
        gone = evolve(known, state=TaskState.CANCELLED, ended_at=desk.clock.now(), ended_by=actor.id)
        if not work.tasks.withdraw(gone):
            state = work.tasks.get(task).state.value
            raise RefusedError(
                f"{known} cannot be withdrawn: it is {state}.",
                rule="task-ended",
                hint="What it left can be undone by commands only." if state == "done" else None,
            )
    return gone


def list_tasks(desk: Desk, query: TaskQuery, *, actor: Actor) -> tuple[Task, ...]:
    """Return the tasks that *query* asks for, by day."""
    actor.require(READ)
    with desk.database.reading() as work:
        return work.tasks.listed(query)


def run_tasks(desk: Desk, on: date | None = None, *, actor: Actor) -> TaskRun:
    """Carry out every task whose day has come by *on*, today by default, in the order of their days.

    Each acts on its own day, also after days of silence; a transfer acts today. One that is refused is tried
    again on another day, until the provider's patience is at its end; it keeps no other from being carried
    out.

    Raises:
        StorageError: the database failed; what was done stays done.
        ExceptionGroup: tasks broke by a defect; the others were carried out.
    """
    actor.require(RUN)
    with desk.database.reading() as work:
        catalogue = work.catalogue.current()
        day = desk.earliest_today_of(catalogue)
        due = work.tasks.due(min(on or day, day))
    tried: list[Task] = []
    left: list[str] = []
    broken: list[Exception] = []
    for task in due:
        try:
            done = _run(desk, task, min(on or day, day), catalogue.tasks.attempts)
        except (StorageError, ConcurrentChangeError) as error:
            with desk.database.reading():  # it is of this task alone where the database still answers
                left.append(f"Task {task} was left as it is: {error}")
        except Exception as error:  # noqa: BLE001 - raised below, when the others were carried out
            broken.append(error)
        else:
            tried += [] if done is None else [done]
    if broken:
        raise ExceptionGroup("Tasks broke; the others were carried out.", broken)
    return TaskRun(tuple(tried), tuple(left))


def _run(desk: Desk, name: TaskId, on: date, attempts: int) -> Task | None:
    """Carry a task out, unless somebody else did, and return what became of it."""
    with desk.database.writing() as work:
        task = work.tasks.take(name, on)
        if task is None:
            return None
        inside = evolve(desk, database=OneTransaction(work), command_ids=_Named(f"task-{task.id}"))
        now = desk.clock.now()
        try:
            with work.savepoint():
                do(inside, task.due_command, actor=task.actor)
            done = evolve(task, state=TaskState.DONE, error=None, ended_at=now)
        except (StorageError, ConcurrentChangeError):
            raise
        except IspcoreError as error:
            done = after_refusal(task, str(error), now, attempts)
        work.tasks.settle(done)
    return done

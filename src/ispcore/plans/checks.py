"""The checks that all commands share: permission, reason, and the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import item_commands as ic
from ispcore.plans.permissions import check_permitted
from ispcore.timeline import Cause

if TYPE_CHECKING:
    from datetime import date

    from ispcore.catalog import Catalogue, StatusPin
    from ispcore.plans.case import Case, Setting

# Dated terms and an end may be set for a later day; anything else for one is a task, decided on its day.
_MAY_BE_LATER = (
    c.OpeningCommand,
    c.Cancel,
    c.ChangePrice,
    c.ChangeDiscount,
    ic.AddItem,
    ic.ChangeItem,
    ic.EndItem,
    ic.CustomiseComposition,
    ic.RestoreComposition,
    c.ChangeBillingTerms,
)


def check_command(command: c.Command, setting: Setting) -> date:
    """Return the day of *command* after the checks that all commands share.

    Raises:
        NotPermittedError: the actor lacks a permission that the command needs.
        RefusedError: a reason where none belongs, or a later day where none is possible.
    """
    check_permitted(command, setting.actor)
    check_reason(command)
    on = command.on or setting.today
    if on > setting.today and not isinstance(command, _MAY_BE_LATER):
        raise RefusedError(
            f"{type(command).__name__} cannot be done for {on}: today is {setting.today}.",
            rule="later-day",
            hint="Give the command on its day, or schedule it as a task.",
        )
    return on


def check_reason(command: c.Command) -> None:
    """Refuse a reason where none belongs."""
    if command.reason is not None and not isinstance(command, c.Cancel):
        raise RefusedError(
            f"{type(command).__name__} takes no reason; {command.reason!r} was given.",
            rule="reason-not-allowed",
            hint="Only cancelling has reasons. Use the note.",
        )


def check_cancelling(command: c.Cancel, name: str, catalogue: Catalogue) -> None:
    """Refuse a cancellation of the subscription *name* without a reason of the catalogue's list."""
    if command.reason is None:
        known = ", ".join(sorted(catalogue.reasons)) or "none"
        raise RefusedError(
            f"{name} cannot be cancelled without a reason.",
            rule="reason-required",
            hint=f"The catalogue has: {known}.",
        )
    catalogue.check_reason(command.reason)


def check_entered(status: StatusPin, case: Case) -> None:
    """Refuse a *status* that a task enters and no task may."""
    if case.setting.actor.cause is Cause.SCHEDULED:
        check_target(status, case.setting.catalogue)


def check_target(status: StatusPin, catalogue: Catalogue) -> None:
    """Refuse a *status* that the catalogue does not let a task enter."""
    if not catalogue.statuses[status.code].may_be_task_target:
        raise RefusedError(
            f"The status {status.description!r} may not be the target of a task.",
            rule="no-task-target",
            hint="Enter it by hand, or let 'may_be_task_target' of the status allow it.",
        )

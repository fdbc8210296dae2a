"""The checks that all commands share: permission, reason, and the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import item_commands as ic
from ispcore.plans.permissions import check_permitted

if TYPE_CHECKING:
    from datetime import date

    from ispcore.plans.case import Setting

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
    name = type(command).__name__
    if command.reason is not None and not isinstance(command, c.Cancel):
        raise RefusedError(
            f"{name} takes no reason; {command.reason!r} was given.",
            rule="reason-not-allowed",
            hint="Only cancelling has reasons. Use the note.",
        )
    on = command.on or setting.today
    if on > setting.today and not isinstance(command, _MAY_BE_LATER):
        raise RefusedError(
            f"{name} cannot be done for {on}: today is {setting.today}.",
            rule="later-day",
            hint="Give the command on its day.",
        )
    return on

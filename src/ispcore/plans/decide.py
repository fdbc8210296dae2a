"""Deciding commands: what would remain of one, or the rule that forbids it.

``decide`` looks at the catalogue and at the state of the command's day; the fold of the later timeline
(:func:`ispcore.plans.subscription.fold_with`) has the last word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import (
    decide_components,
    decide_contracts,
    decide_ending,
    decide_equipment,
    decide_events,
    decide_items,
    decide_late,
    decide_migration,
    decide_service,
    decide_temporary,
    decide_terms,
    decide_transfer,
    notice_terms,
)
from ispcore.plans.case import Case, Decision, Rule, Setting
from ispcore.plans.checks import check_command
from ispcore.plans.component_commands import CollectEquipment
from ispcore.plans.contract_commands import JoinContract, MigrateTechnology
from ispcore.plans.item_commands import CustomiseComposition, RestoreComposition
from ispcore.plans.transfer_commands import Transfer

if TYPE_CHECKING:
    from ispcore.plans.subscription import Timeline

_RULES: dict[type[c.Command], Rule] = {
    **decide_service.RULES,
    **decide_terms.RULES,
    **decide_items.RULES,
    **decide_events.RULES,
    **decide_ending.RULES,
    **decide_components.RULES,
    **decide_equipment.RULES,
    **decide_late.RULES,
    **notice_terms.RULES,
    **decide_transfer.RULES,
    **decide_temporary.RULES,
    **decide_contracts.RULES,
    **decide_migration.RULES,
}

COMMANDS = tuple(_RULES)
"""Every command to a subscription."""

# What was opened for a later day in error can be put right before that day comes.
_BEFORE_THE_START = (c.Annul, c.Delete, c.Retract)


_THROUGH_THE_COMBO = (
    c.ChangePrice,
    c.ChangeDiscount,
    c.ChangePlan,
    c.ChangeBillingTerms,
    CustomiseComposition,
    RestoreComposition,
    JoinContract,
    MigrateTechnology,
    Transfer,
)
"""What would move a member's price, or take it out, beside the combo."""


def decide(command: c.SubscriptionCommand, timeline: Timeline, setting: Setting) -> Decision:
    """Return what *command* leaves behind on *timeline*.

    Raises:
        RefusedError: a rule forbids it.
        NotFoundError: it names something that does not exist.
    """
    on = check_command(command, setting)
    name = f"Subscription {timeline.last.id}"
    deleted_on, start = timeline.last.deleted_on, timeline.last.started_on
    if deleted_on is not None and not isinstance(command, c.Retract | CollectEquipment):
        raise RefusedError(
            f"{name} was deleted on {deleted_on}.", rule="deleted", hint="Retract the deletion first."
        )
    if isinstance(command, _BEFORE_THE_START):
        on = max(on, start)
    state = timeline.on(on)
    if state is None:
        raise RefusedError(
            f"{name} does not exist on {on} yet.", rule="not-open", hint=f"It starts on {start}."
        )
    combined = state if state.combo is not None else timeline.last
    if combined.combo is not None and isinstance(command, _THROUGH_THE_COMBO):
        raise RefusedError(
            f"{name} is in the combo {combined.contract}: {type(command).__name__} is given through that.",
            rule="in-combo",
            hint="Use ChangeInCombo, or take it out of the combo first.",
        )
    return _RULES[type(command)](command, Case(timeline, state, on, setting))

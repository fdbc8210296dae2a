"""Moving to another technology: a change of plan that brings work along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.errors import RefusedError
from ispcore.plans.commands import ChangePlan
from ispcore.plans.contract_commands import MigrateTechnology
from ispcore.plans.decide_ending import change_plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.plans.case import Case, Decision, Rule
    from ispcore.plans.commands import Command


def _migrate(command: MigrateTechnology, case: Case) -> Decision:
    catalogue = case.setting.catalogue
    own, other = catalogue.plans.get(case.state.plan.offer), catalogue.plan(command.plan)
    if own is not None and own.technology is other.technology:
        raise RefusedError(
            f"{case.name} is {own.technology.value} already, as the plan {other.code!r} is.",
            rule="same-technology",
            hint="Change the plan instead.",
        )
    change = ChangePlan(
        subscription=command.subscription,
        on=command.on,
        plan=command.plan,
        price=command.price,
        drop=command.drop,
        components=command.components,
    )
    return change_plan(change, case)


RULES: Mapping[type[Command], Rule] = {MigrateTechnology: _migrate}
"""The rules of this module, by command."""

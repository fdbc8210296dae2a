"""Commands about late payment: a bonus, switches, and an exemption from what is to be charged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.customers import LateTreatmentSet
from ispcore.errors import RefusedError
from ispcore.plans import facts as f
from ispcore.plans import late_commands as lc
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.holds import HoldCause, HoldKind, hold

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ispcore.plans.commands import Command


def _grant_bonus(command: lc.GrantBonus, case: Case) -> Decision:
    if command.until <= case.on:
        raise RefusedError(
            f"The bonus would end on {command.until}, before it begins.",
            rule="empty-bonus",
            hint="Give a later day: the first one on which it may be blocked again.",
        )
    return Decision((Event(case.on, f.BonusGranted(command.until)),))


def _change_treatment(command: lc.ChangeLateTreatment, case: Case) -> Decision:
    asked = {"blocks": command.blocks, "notices": command.notices, "charges": command.charges}
    treatment = evolve(case.state.late, **{name: one for name, one in asked.items() if one is not None})
    if treatment == case.state.late:
        raise RefusedError(
            f"ChangeLateTreatment changes nothing of subscription {case.state.id}.",
            rule="nothing",
            hint="Give a switch that stands otherwise.",
        )
    return Decision((Event(case.on, LateTreatmentSet(treatment)),))


def _exempt(command: lc.Exempt, case: Case) -> Decision:
    """Place the exemption over the days that were not billed yet: what was billed is let go by itself."""
    billed = case.setting.closed_through
    start = case.on if billed is None else max(case.on, billed)
    if case.on < command.until <= start:
        raise RefusedError(
            f"{case.name} is billed up to {billed} already; no day before {command.until} is left to exempt.",
            rule="billed-already",
            hint="Let go of the receivables instead, or exempt it for longer.",
        )
    placed = hold(HoldKind.EXEMPT, HoldCause.MANUAL, until=command.until)
    return Decision((Event(start, f.HoldPlaced(placed)),))


RULES: Mapping[type[Command], Rule] = {
    lc.GrantBonus: _grant_bonus,
    lc.ChangeLateTreatment: _change_treatment,
    lc.Exempt: _exempt,
}
"""The rules of this module, by command."""

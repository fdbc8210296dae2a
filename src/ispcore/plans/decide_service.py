"""Commands that change what is served: statuses and holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.catalog import Role
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans.allowances import check_still_room, timeline_with
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.checks import check_entered
from ispcore.plans.decide_temporary import check_season, check_season_over
from ispcore.plans.holds import HoldKind, hold
from ispcore.plans.kinds import MOVING_ON
from ispcore.plans.linked_mail import check_still_shared
from ispcore.plans.together import changed_by, changes_components, linked_with
from ispcore.timeline import Fact, Retracted, voided, voided_by

if TYPE_CHECKING:
    from collections.abc import Mapping


def _change_status(command: c.ChangeStatus, case: Case) -> Decision:
    return _entering(case, f.StatusChanged(case.setting.catalogue.status(command.status)))


def _enable(_: c.Enable, case: Case) -> Decision:
    return _entering(case, f.Enabled(case.setting.catalogue.status_for(Role.ENABLED)))


def _suspend(_: c.Suspend, case: Case) -> Decision:
    return _entering(case, f.Suspended(case.setting.catalogue.status_for(Role.SUSPENDED)))


def _resume(_: c.Resume, case: Case) -> Decision:
    return _entering(case, f.Resumed(case.setting.catalogue.status_for(Role.ENABLED)))


_PLACES: Mapping[type[c.HoldCommand], HoldKind] = {
    c.Block: HoldKind.BLOCKED,
    c.Reduce: HoldKind.REDUCED,
    c.Pause: HoldKind.PAUSED,
}
_LIFTS: Mapping[type[c.LiftCommand], HoldKind] = {
    c.Unblock: HoldKind.BLOCKED,
    c.Restore: HoldKind.REDUCED,
    c.Unpause: HoldKind.PAUSED,
}


def _place(command: c.HoldCommand, case: Case) -> Decision:
    check_season(command, case)
    kind = _PLACES[type(command)]
    placed = hold(kind, command.cause, until=command.until, level=command.level)
    return _one(case, f.HoldPlaced(placed))


def _lift(command: c.LiftCommand, case: Case) -> Decision:
    check_season_over(command, case)
    return _one(case, f.HoldLifted(_LIFTS[type(command)], command.cause))


def _joins_combo(fact: Fact[Any], case: Case) -> bool:
    """Tell whether *fact* brought it into a contract in which it had a price with others."""
    joined = isinstance(fact.payload, f.ContractJoined)
    return joined and any(isinstance(one.payload, f.ComboPriced) for one in case.timeline.facts)


def _retract(command: c.Retract, case: Case) -> Decision:
    fact = case.timeline.fact(command.fact)
    _check_retractable(fact, case)
    whole = {fact.sequence}
    if changes_components(fact, case.timeline):
        whole.update(changed_by(fact.recorded.command_id, case.timeline))
    whole.update(linked_with(fact, case.timeline))
    retracted = Retracted(tuple(sorted(whole)))
    left = timeline_with([retracted], case.setting.today, case)
    check_still_room(left, case)
    check_still_shared(case.timeline, left)
    return Decision((Event(case.setting.today, retracted),))


def _check_retractable(fact: Fact[Any], case: Case) -> None:
    """Refuse to retract a *fact* that others rest on, or that counts no longer."""
    if isinstance(fact.payload, MOVING_ON) and fact.payload.successor not in case.setting.undone:
        raise RefusedError(
            f"{case.name} moved to subscription {fact.payload.successor}; "
            "that fact cannot be retracted alone.",
            rule="linked",
            hint="Annul the successor from its first day, then retract it.",
        )
    if isinstance(fact.payload, f.Sold):
        raise RefusedError(
            f"{case.name} was asked for the {fact.payload.sale.amount} of {fact}.",
            rule="sold",
            hint="Let its receivable go instead.",
        )
    if isinstance(fact.payload, f.ComboPriced | f.ComboLeft) or _joins_combo(fact, case):
        raise RefusedError(
            f"{case.name} has {fact} by a combo; that fact is not retracted alone.",
            rule="in-combo",
            hint="Take it out of the combo, or add it again.",
        )
    if case.setting.closed_through is not None and _chooses_closing_day(fact, case):
        raise RefusedError(
            f"{case.name} was billed by the closing day that {fact} chose.",
            rule="closing-day-billed",
            hint="Move the closing day instead.",
        )
    voiding = voided(case.timeline.recorded).get(fact.sequence)
    if voiding is not None:
        raise RefusedError(
            f"{fact} was voided by {voiding} already.", rule="voided", hint="Retract that instead."
        )


def _chooses_closing_day(fact: Fact[Any], case: Case) -> bool:
    """Tell whether *fact*, or one that it voids and that would count again, chose the first closing day."""
    touched = [fact, *(case.timeline.fact(sequence) for sequence in voided_by(fact.payload))]
    return any(
        isinstance(one.payload, f.BillingTermsChanged)
        and one.payload.closing_day is not None
        and one.effective_on <= case.timeline.last.started_on
        for one in touched
    )


def _entering(case: Case, payload: f.StatusChanged | f.Enabled | f.Suspended | f.Resumed) -> Decision:
    check_entered(payload.status, case)
    return _one(case, payload)


def _one(case: Case, payload: object) -> Decision:
    return Decision((Event(case.on, payload),))


RULES: Mapping[type[c.Command], Rule] = {
    c.ChangeStatus: _change_status,
    c.Enable: _enable,
    c.Suspend: _suspend,
    c.Resume: _resume,
    **dict.fromkeys(_PLACES, _place),
    **dict.fromkeys(_LIFTS, _lift),
    c.Retract: _retract,
}
"""The rules of this module, by command."""

"""Folding facts about what is had for a while only; its end is derived like any other move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve as change

from ispcore.catalog import Bucket, Serves
from ispcore.plans import temporary_facts as tf
from ispcore.plans.holds import HoldKind
from ispcore.plans.refusals import refused
from ispcore.plans.state import TemporaryPlan

if TYPE_CHECKING:
    from ispcore.plans.state import State
    from ispcore.timeline import Fact

FOR_A_WHILE = (tf.EnabledProvisionally, tf.TemporaryPlanStarted, tf.TemporaryPlanEnded)
"""The facts of this module."""


def for_a_while(state: State, fact: Fact[Any]) -> State:
    """Return *state* after a fact of this module, or raise RefusedError."""
    payload, on = fact.payload, fact.effective_on
    if not isinstance(payload, tf.TemporaryPlanEnded) and payload.until <= on:
        raise refused(fact, f"it would be over on {payload.until}, before it begins", rule="empty-while")
    match payload:
        case tf.EnabledProvisionally(until):
            _check_not_served(state, fact)
            return change(state, provisional_since=on, provisional_until=until)
        case tf.TemporaryPlanStarted(plan, until):
            if state.temporary is not None:
                running = f"it has the plan {state.temporary.plan!r} until {state.temporary.until}"
                raise refused(fact, running, rule="already-temporary", hint="End that first.")
            return change(state, temporary=TemporaryPlan(plan, until))
        case _:
            if state.temporary is None:
                raise refused(fact, "it has its own plan", rule="not-temporary")
            return change(state, temporary=None)


def _check_not_served(state: State, fact: Fact[Any]) -> None:
    if any(hold.kind is HoldKind.PAUSED for hold in state.holds):
        raise refused(fact, "it is paused by request", rule="paused", hint="End the pause.")
    if state.bucket not in {Bucket.ACTIVE, Bucket.INACTIVE} or state.serves is Serves.FULL:
        reason = f"it is {state.status.description!r}, and nothing that is served is held back"
        raise refused(fact, reason, rule="not-inactive")

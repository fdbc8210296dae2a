"""Folding the facts of components, and refusing those that a state does not admit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve as change

from ispcore.plans import facts as f
from ispcore.plans.components import ProvisionalSpeed
from ispcore.plans.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ispcore.plans.components import Component
    from ispcore.plans.state import State
    from ispcore.timeline import Fact


def with_components(state: State, fact: Fact[Any]) -> State:
    """Return *state* after *fact*, one of a component.

    Raises:
        RefusedError: the state does not admit it.
        NotFoundError: there is no such component.
    """
    payload = fact.payload
    if isinstance(payload, f.ComponentAdded):
        _check_new(payload.component, state, fact)
        known = {one.resource for one in state.components}
        return change(state, components=(*state.components, *_standing([payload.component], known)))
    component = state.component(payload.component)
    if isinstance(payload, f.ComponentRemoved):
        _check_not_needed(component, state, fact)
        rest = [one for one in state.components if one is not component]
        return change(state, components=tuple(_standing(rest, {one.resource for one in rest})))
    changed = _changed(component, fact)
    return change(state, components=tuple(changed if one is component else one for one in state.components))


def _standing(components: Iterable[Component], known: Collection[str]) -> Iterator[Component]:
    """Yield *components*; a mailbox has its password for itself where its login is not *known* any more."""
    for one in components:
        yield one if one.password_of is None or one.password_of in known else change(one, password_of=None)


def _check_new(component: Component, state: State, fact: Fact[Any]) -> None:
    for other in state.components:
        if other.id == component.id:
            raise refused(fact, f"it has a component {other.id!r} already", rule="component-exists")
        if other.resource == component.resource:
            raise refused(
                fact,
                f"its component {other.id!r} stands for the resource {other.resource!r} already",
                rule="resource-twice",
            )


def _check_not_needed(component: Component, state: State, fact: Fact[Any]) -> None:
    needing = [one.id for one in state.components if component.resource in one.needs]
    if needing:
        names = ", ".join(repr(name) for name in needing)
        raise refused(
            fact, f"{component.id!r} is needed by {names}", rule="component-needed", hint="Remove that first."
        )


def _changed(component: Component, fact: Fact[Any]) -> Component:
    match fact.payload:
        case f.ComponentChanged(spec=spec, access_point=access_point):
            return change(component, spec=spec, access_point=access_point)
        case f.SpeedSet():
            return _with_speed(component, fact)
        case _:
            return change(component, windows=fact.payload.windows)


def _with_speed(component: Component, fact: Fact[Any]) -> Component:
    payload: f.SpeedSet = fact.payload
    if payload.speed is None:
        return change(component, override=None, provisional=None)
    if payload.until is None:
        return change(component, override=payload.speed)
    if payload.until <= fact.effective_on:
        raise refused(
            fact,
            f"the speed would end on {payload.until}, before it begins",
            rule="empty-speed",
            hint="Give the first day without it.",
        )
    return change(component, provisional=ProvisionalSpeed(payload.speed, payload.until))

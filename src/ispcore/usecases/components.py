"""What commands to components need of the world: secrets put away, and the customer's other subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Role, SecretRef, fields_of
from ispcore.errors import RefusedError
from ispcore.plans import AddComponent, ChangeComponent
from ispcore.plans.decide_components import changes
from ispcore.plans.facts import ComponentAdded, ComponentChanged
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ispcore.driver import Spec
    from ispcore.plans import Component, State, SubscriptionCommand, Timeline
    from ispcore.timeline import Fact
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.rows import SubscriptionRow


def with_secrets_kept(
    work: UnitOfWork, command: SubscriptionCommand, timeline: Timeline
) -> SubscriptionCommand:
    """Return *command* with references in place of its secrets, which are kept in the transaction of *work*.

    Raises:
        RefusedError: it refers to a secret that the subscription never had.
        StorageError: there is no key to lock secrets with.
    """
    if not isinstance(command, AddComponent | ChangeComponent) or command.spec is None:
        return command
    kept = {name: _kept(work, value, timeline) for name, value in _secrets(command.spec)}
    return evolve(command, spec=evolve(command.spec, **kept))


def _kept(work: UnitOfWork, value: object, timeline: Timeline) -> object:
    if isinstance(value, SecretText):
        return work.secrets.keep(value)
    if isinstance(value, SecretRef) and value not in _known(timeline):
        raise RefusedError(
            f"Subscription {timeline.last.id} never had the secret {value.name!r}.",
            rule="foreign-secret",
            hint="Give the secret itself.",
        )
    return value


def _known(timeline: Timeline) -> set[object]:
    """Return the references to the secrets that the subscription's components had at any time."""
    found: set[object] = set()
    for fact in timeline.recorded:
        match fact.payload:
            case ComponentAdded(component):
                found.update(value for _, value in _secrets(component.spec))
            case ComponentChanged(spec=spec):
                found.update(value for _, value in _secrets(spec))
    return found


def _secrets(spec: Spec) -> Iterator[tuple[str, object]]:
    return ((name, getattr(spec, name)) for name in fields_of(type(spec), Role.WRITE_ONLY))


def shareable(
    work: UnitOfWork, command: SubscriptionCommand, row: SubscriptionRow, on: date
) -> Mapping[str, Component]:
    """Return the resources of the customer's other subscriptions, where *command* asks for any."""
    if not isinstance(command, AddComponent) or not (command.resource or command.needs):
        return {}
    return {one.resource: one for _, _, one in reversed([*_others(work, row, on)])}


def others_to_change(
    work: UnitOfWork, known: tuple[Timeline, SubscriptionRow], facts: Iterable[Fact[Any]]
) -> Iterator[tuple[tuple[Timeline, SubscriptionRow], list[tuple[date, ComponentChanged]]]]:
    """Yield what else is to be written, so that whoever shares a resource goes on to say the same of it."""
    before, row = known
    for fact in facts:
        state = before.on(fact.effective_on)
        if isinstance(fact.payload, ComponentChanged) and state is not None:
            resource, on = state.component(fact.payload.component).resource, fact.effective_on
            for other, theirs, component in _others(work, row, on):
                if component.resource == resource:
                    after = evolve(component, spec=fact.payload.spec, access_point=fact.payload.access_point)
                    yield other, [(on, payload) for payload in changes(theirs, component, after)]


def _others(
    work: UnitOfWork, row: SubscriptionRow, on: date
) -> Iterator[tuple[tuple[Timeline, SubscriptionRow], State, Component]]:
    """Yield the components of the customer's other subscriptions that live on that day, and their states."""
    for other in work.subscriptions.of_customer(row.customer):
        state = other[0].on(on)
        if other[1].id != row.id and state is not None and state.end is None:
            yield from ((other, state, component) for component in state.components)

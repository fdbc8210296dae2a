"""What commands to components need of the world: secrets put away, and the customer's other subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Role, SecretRef, fields_of
from ispcore.errors import RefusedError
from ispcore.plans import AddComponent, ChangeComponent, ChangePassword, Transfer
from ispcore.plans.decide_components import changes
from ispcore.plans.facts import ComponentAdded, ComponentChanged
from ispcore.plans.specs import check_secret
from ispcore.plans.together import changed_by, changes_components, resources_changed
from ispcore.timeline import Retracted
from ispcore.values import SecretText, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
        InvalidValueError: a key is none that a wireless network can have.
        RefusedError: it refers to a secret that the subscription never had.
        StorageError: there is no key to lock secrets with.
    """
    if isinstance(command, ChangePassword):
        _check_key(command, timeline)
        return evolve(command, password=_kept(work, command.password, timeline))
    if not isinstance(command, AddComponent | ChangeComponent) or command.spec is None:
        return command
    for name, value in _secrets(command.spec):
        if isinstance(value, SecretText):
            check_secret(command.spec, name, value)
    kept = {name: _kept(work, value, timeline) for name, value in _secrets(command.spec)}
    return evolve(command, spec=evolve(command.spec, **kept))


def _check_key(command: ChangePassword, timeline: Timeline) -> None:
    for one in timeline.last.components:
        if one.id == command.component and isinstance(command.password, SecretText):
            check_secret(one.spec, "password", command.password)


def _kept(work: UnitOfWork, value: Any, timeline: Timeline) -> Any:  # noqa: ANN401 - a field's value
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
    named = isinstance(command, AddComponent) and bool(command.resource or command.needs)
    if not named and not isinstance(command, Transfer):
        return {}
    return {one.resource: one for _, _, one in reversed([*_others(work, row, on)])}


def others_to_change(
    work: UnitOfWork, known: tuple[Timeline, SubscriptionRow], facts: Sequence[Fact[Any]]
) -> Iterator[tuple[tuple[Timeline, SubscriptionRow], list[tuple[date, Any]]]]:
    """Yield what else is to be written, so that whoever shares a resource goes on to say the same of it."""
    before, row = known
    yield from _others_to_retract(work, known, facts)
    for fact in facts:
        state = before.on(fact.effective_on)
        if isinstance(fact.payload, ComponentChanged) and state is not None:
            resource, on = state.component(fact.payload.component).resource, fact.effective_on
            for other, theirs, component in _others(work, row, on):
                after = evolve(component, spec=fact.payload.spec, access_point=fact.payload.access_point)
                if component.resource == resource and after != component:  # its Wi-Fi went along already
                    yield other, [(on, payload) for payload in changes(theirs, component, after)]


def _others_to_retract(
    work: UnitOfWork, known: tuple[Timeline, SubscriptionRow], facts: Iterable[Fact[Any]]
) -> Iterator[tuple[tuple[Timeline, SubscriptionRow], list[tuple[date, Any]]]]:
    """Yield what the same commands changed in the customer's other subscriptions."""
    before, row = known
    for fact in facts:
        commands = {one.recorded.command_id for one in _retracted(fact, before)}
        for other in work.subscriptions.of_customer(row.customer) if commands else ():
            voids = [sequence for command in sorted(commands) for sequence in changed_by(command, other[0])]
            if voids and other[1].id != row.id:
                yield other, [(fact.effective_on, Retracted(tuple(sorted(voids))))]


def _retracted(fact: Fact[Any], before: Timeline) -> list[Fact[Any]]:
    """Return the changes of components that *fact* retracts."""
    if not isinstance(fact.payload, Retracted):
        return []
    voided = [before.fact(sequence) for sequence in fact.payload.voids]
    return [one for one in voided if changes_components(one, before)]


def check_still_alike(
    work: UnitOfWork,
    known: tuple[Timeline, SubscriptionRow],
    facts: Iterable[Fact[Any]],
    left: Iterable[Timeline],
) -> None:
    """Refuse to retract a change of which somebody who shares the resource knows nothing.

    That is a subscription that came to share it later, or that a change of plan has opened since. *left* are
    the subscriptions as they are with the new *facts*.
    """
    before, row = known
    for fact in facts:
        resources = resources_changed((one.sequence for one in _retracted(fact, before)), before)
        if resources:
            others = {other[1].id: other[0] for other in work.subscriptions.of_customer(row.customer)}
            now = {**others, **{timeline.last.id: timeline for timeline in left}}
            _check_alike(now.values(), resources, fact.effective_on)


def _check_alike(timelines: Iterable[Timeline], resources: Collection[str], on: date) -> None:
    said: dict[str, tuple[SubscriptionId, Component]] = {}
    for timeline in timelines:
        state = timeline.on(on)
        for component in state.components if state is not None and state.end is None else ():
            first, other = said.setdefault(component.resource, (timeline.last.id, component))
            differs = (component.spec, component.access_point) != (other.spec, other.access_point)
            if component.resource in resources and differs:
                raise RefusedError(
                    f"The change of {component.resource!r} cannot be retracted: subscriptions {first} and "
                    f"{timeline.last.id} share it, and one of them came to it as it was changed.",
                    rule="resource-differs",
                    hint="Change the component back instead.",
                )


def _others(
    work: UnitOfWork, row: SubscriptionRow, on: date
) -> Iterator[tuple[tuple[Timeline, SubscriptionRow], State, Component]]:
    """Yield the components of the customer's other subscriptions that live on that day, and their states."""
    for other in work.subscriptions.of_customer(row.customer):
        state = other[0].on(on)
        if other[1].id != row.id and state is not None and state.end is None:
            yield from ((other, state, component) for component in state.components)

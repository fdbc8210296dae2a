"""Changes of components that belong together: those that one command made, in one subscription and in others.

Whoever shares a resource says the same of it, Wi-Fi goes with its ONU, and a mailbox comes and goes with the
login whose password it has. So a change is retracted whole.
"""

from __future__ import annotations

from itertools import dropwhile
from typing import TYPE_CHECKING, Any

from ispcore.plans.facts import ComponentAdded, ComponentChanged, ComponentRemoved
from ispcore.timeline import Retracted, voided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.plans.components import Component
    from ispcore.plans.subscription import Timeline
    from ispcore.timeline import Fact
    from ispcore.values import ComponentId


def changes_components(fact: Fact[Any], timeline: Timeline) -> bool:
    """Tell whether *fact* changes a component, or retracts such a change; *timeline* is its subject's."""
    return any(True for _ in _changes(fact, timeline))


def changed_by(command_id: str, timeline: Timeline) -> tuple[int, ...]:
    """Return the facts of that command which changed components of *timeline*, and which still count."""
    gone = voided(timeline.recorded)
    return tuple(
        fact.sequence
        for fact in timeline.recorded
        if fact.recorded.command_id == command_id
        and fact.sequence not in gone
        and changes_components(fact, timeline)
    )


def linked_with(fact: Fact[Any], timeline: Timeline) -> tuple[int, ...]:
    """Return what *fact* is retracted with: mailboxes that a login has, or that its removal took along."""
    match fact.payload:
        case ComponentAdded(login):
            return tuple(_lives_with(login, fact, timeline))
        case ComponentRemoved():
            command, gone = fact.recorded.command_id, voided(timeline.recorded)
            return tuple(
                one.sequence
                for one in timeline.recorded
                if isinstance(one.payload, ComponentRemoved)
                and one.recorded.command_id == command
                and one.sequence not in gone
            )
        case _:
            return ()


def _lives_with(login: Component, added: Fact[Any], timeline: Timeline) -> Iterator[int]:
    """Yield how whatever shares the password of a *login* came and went, as long as that was there."""
    living: set[ComponentId] = set()
    for fact in dropwhile(lambda one: one.sequence != added.sequence, timeline.facts):
        match fact.payload:
            case ComponentAdded(component) if component.password_of == login.resource:
                living.add(component.id)
                yield fact.sequence
            case ComponentRemoved(name) if name == login.id:
                return
            case ComponentRemoved(name) if name in living:
                yield fact.sequence


def resources_changed(sequences: Iterable[int], timeline: Timeline) -> frozenset[str]:
    """Return the resources of the components that these facts of *timeline* changed."""
    changed = {
        payload.component for sequence in sequences for payload in _changes(timeline.fact(sequence), timeline)
    }
    every = (component for span in timeline.spans for component in span.state.components)
    return frozenset(component.resource for component in every if component.id in changed)


def _changes(fact: Fact[Any], timeline: Timeline) -> Iterator[ComponentChanged]:
    match fact.payload:
        case ComponentChanged() as changed:
            yield changed
        case Retracted(voids):
            for sequence in voids:
                yield from _changes(timeline.fact(sequence), timeline)

"""Changes of components that belong together: those that one command made, in one subscription and in others.

Whoever shares a resource says the same of it, Wi-Fi goes with its ONU, and a mailbox comes and goes with the
login whose password it has. So a change is retracted whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.plans.facts import ComponentAdded, ComponentChanged, ComponentRemoved
from ispcore.timeline import Retracted, voided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ispcore.plans.subscription import Timeline
    from ispcore.timeline import Fact


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
            shared = {one.id for one in timeline.last.components if one.password_of == login.resource}
            came = {one.payload.component.id: one.sequence for one in _counting(ComponentAdded, timeline)}
            return tuple(came[name] for name in shared)
        case ComponentRemoved():
            command = fact.recorded.command_id
            went = _counting(ComponentRemoved, timeline)
            return tuple(one.sequence for one in went if one.recorded.command_id == command)
        case _:
            return ()


def _counting(kind: type, timeline: Timeline) -> list[Fact[Any]]:
    gone = voided(timeline.recorded)
    return [one for one in timeline.recorded if isinstance(one.payload, kind) and one.sequence not in gone]


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

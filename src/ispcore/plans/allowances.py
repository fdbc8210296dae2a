"""How many components of each kind a subscription may have: what the plan includes and its services grant.

A service grants while it is an item whose end is not set, so what is billed is what is served.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.catalog import Plan
from ispcore.errors import RefusedError
from ispcore.plans.subscription import fold_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.plans.case import Case
    from ispcore.plans.components import Component
    from ispcore.plans.items import Item
    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline


@frozen
class Allowance:
    """What a plan with some additional services lets a subscription have."""

    plan: Plan
    granted: Mapping[str, int]

    def permits(self, kind: str) -> bool:
        """Tell whether components of this *kind* may be had at all."""
        return kind in self.plan.includes or kind in self.granted

    def of(self, kind: str) -> int:
        """Return how many components of this *kind* may be had."""
        return self.plan.includes.get(kind, 0) + self.granted.get(kind, 0)

    def excess(self, components: Iterable[Component]) -> tuple[Component, ...]:
        """Return those of *components* that are too many, the oldest of each kind being kept."""
        left: dict[str, int] = {}
        found = []
        for one in components:
            kind = one.spec.word
            left[kind] = left.get(kind, self.of(kind)) - 1
            if left[kind] < 0:
                found.append(one)
        return tuple(found)


def allowance(plan: str, items: Iterable[Item], catalogue: Catalogue) -> Allowance:
    """Return what *plan* includes and *items* grant."""
    granted: dict[str, int] = {}
    for item in items:
        service = catalogue.services.get(item.offer)
        if service is not None and item.ends_on is None:
            for kind, count in service.grants.items():
                granted[kind] = granted.get(kind, 0) + count
    return Allowance(catalogue.plan(plan), granted)


def check_room(component: Component, case: Case) -> None:
    """Refuse a new *component* that the plan does not permit, or one too many, on any day from then on."""
    kind = component.spec.word
    for state in _from(case):
        allowed = allowance(state.plan.offer, state.items, case.setting.catalogue)
        if not allowed.permits(kind):
            raise RefusedError(
                f"{case.name} gets no {kind}: the plan {allowed.plan.code!r} does not include any.",
                rule="component-not-permitted",
                hint=_way_out(kind, allowed.plan, case),
            )
        if component in allowed.excess((*state.components, component)):
            raise RefusedError(
                f"{case.name} gets no further {kind}: it may have {allowed.of(kind)}.",
                rule="component-limit",
                hint=_way_out(kind, allowed.plan, case),
            )


def has_room(component: Component, case: Case) -> bool:
    """Tell whether a new *component* may be had by what the subscription has already."""
    try:
        check_room(component, case)
    except RefusedError:
        return False
    return True


def case_with(payload: object, case: Case) -> Case:
    """Return *case* as if *payload* had been recorded on its day."""
    timeline = timeline_with([payload], case.on, case)
    return evolve(case, timeline=timeline, state=timeline.on(case.on) or case.state)


def timeline_with(payloads: Iterable[object], on: date, case: Case) -> Timeline:
    """Return the timeline of *case* as if *payloads* had been recorded, in effect from *on*.

    Raises:
        ConflictingFactsError: the facts contradict each other then.
    """
    first, last = case.timeline.recorded[0], len(case.timeline.recorded)
    new = [
        evolve(first, sequence=last + number, effective_on=on, payload=payload)
        for number, payload in enumerate(payloads, start=1)
    ]
    return fold_with(case.timeline, new)


def check_not_in_use(item: Item, case: Case) -> None:
    """Refuse to end *item* while a component is had by what it grants."""
    catalogue = case.setting.catalogue
    service = catalogue.services.get(item.offer)
    if service is None or not service.grants:
        return
    for state in _from(case):
        rest = [other for other in state.items if other.id != item.id]
        excess = allowance(state.plan.offer, rest, catalogue).excess(state.components)
        served = [one for one in excess if one.spec.word in service.grants]
        if served:
            raise RefusedError(
                f"{case.name} has {named(served)} by its item {item.id!r}.",
                rule="grant-in-use",
                hint="Remove what it grants first.",
            )


def check_still_room(left: Timeline, case: Case) -> None:
    """Refuse to void facts where more components would be had in what is *left* than may be."""
    for span in left.spans:
        before = case.timeline.before_end(span.since)
        excess = [
            one for one in _excess(span.state, case) if before is None or one not in _excess(before, case)
        ]
        if excess:
            raise RefusedError(
                f"{case.name} would have {named(excess)} beyond what its plan and services give then.",
                rule="component-limit",
                hint="Remove what is too much first.",
            )


def _excess(state: State, case: Case) -> tuple[Component, ...]:
    """Return what is too much in *state*; who carries nothing may have a plan that is not sold any more."""
    if not state.components:
        return ()
    return allowance(state.plan.offer, state.items, case.setting.catalogue).excess(state.components)


def check_moved(components: Sequence[Component], items: Iterable[Item], plan: str, case: Case) -> None:
    """Refuse *components* that a new *plan*, with the *items* that go along, does not take."""
    allowed = allowance(plan, items, case.setting.catalogue)
    excess = allowed.excess(components)
    if not excess:
        return
    barred = [one for one in excess if not allowed.permits(one.spec.word)]
    room = ", ".join(f"{allowed.of(kind)} {kind}" for kind in dict.fromkeys(one.spec.word for one in excess))
    raise RefusedError(
        f"{case.name} cannot take {named(excess)} to the plan {plan!r}, which has room for {room}.",
        rule="component-not-permitted" if barred else "component-limit",
        hint="Name the components that it keeps, or choose another plan.",
    )


def named(components: Iterable[Component]) -> str:
    """Return *components* as a sentence names them: ``the mailbox 'mailbox-2' and the login 'login'``."""
    return " and ".join(f"the {one.spec.word} {one.id!r}" for one in components)


def _way_out(kind: str, plan: Plan, case: Case) -> str:
    services = case.setting.catalogue.services
    granting = [code for code in sorted(plan.permits) if code in services and kind in services[code].grants]
    if granting:
        return f"Add an additional service that grants it: {', '.join(granting)}."
    return "Change to a plan that includes it."


def _from(case: Case) -> Iterator[State]:
    """Yield the state of the day, and each one after it."""
    yield case.state
    yield from (span.state for span in case.timeline.spans if span.since > case.on)

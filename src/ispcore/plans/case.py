"""What a decision looks at, and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from attrs import field, frozen

from ispcore.catalog import BusinessUnit, Catalogue
from ispcore.contracts import Agreement
from ispcore.plans.components import Component
from ispcore.plans.state import State
from ispcore.plans.subscription import Timeline
from ispcore.timeline import Actor
from ispcore.values import SubscriptionId


@frozen
class Event:
    """A fact in the making: what happens, and on which day."""

    on: date
    payload: Any


@frozen
class BillingDefaults:
    """How a customer's subscriptions are charged unless they say otherwise."""

    charge_method: str
    due_day: int


@frozen(kw_only=True)
class Setting:
    """What a decision may look at beside the timeline.

    ``unit`` serves the address in question. ``successor`` is the number that a change of plan would give.
    ``undone`` are successors that were annulled or deleted from their first day.
    ``closed_through`` is the first day after what was billed here; of the first cycle that was billed in
    part, a day up to its first one.
    ``debit_number`` is that of a sale with a due date of its own.
    ``documented_until`` is the first day after what a fiscal document was issued for.
    ``resources`` are those of the customer's other living subscriptions, by name. ``agreement`` is the
    contract that the subscription is in, ``overdue`` whether the customer owes what was due.
    """

    catalogue: Catalogue
    actor: Actor
    today: date
    unit: BusinessUnit
    defaults: BillingDefaults | None = None
    allows_discounts: bool = True
    open_receivables: bool = False
    closed_through: date | None = None
    undone: frozenset[SubscriptionId] = frozenset()
    successor: SubscriptionId | None = None
    debit_number: int | None = None
    documented_until: date | None = None
    resources: Mapping[str, Component] = field(factory=dict)
    agreement: Agreement | None = None
    overdue: bool = False


@frozen
class Decision:
    """What remains of a command: facts for the subscription, and for its successor after a change of plan."""

    events: tuple[Event, ...]
    successor: tuple[Event, ...] = ()


@frozen
class Case:
    """A command at its day: the timeline, the state that it meets, and the setting."""

    timeline: Timeline
    state: State
    on: date
    setting: Setting

    @property
    def name(self) -> str:
        """The subscription's name at the beginning of a sentence."""
        return f"Subscription {self.state.id}"


Rule: TypeAlias = Callable[[Any, Case], Decision]

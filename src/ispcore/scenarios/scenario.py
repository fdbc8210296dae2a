"""A scenario as a value: a catalogue, customers, dated steps, and what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeAlias

from attrs import field, frozen

from ispcore.scenarios.device_steps import DeviceSetup, ExpectedDevice, ExpectedWork
from ispcore.scenarios.money_steps import ExpectedAccount, ExpectedChores
from ispcore.scenarios.words import Act
from ispcore.values import Money


@frozen
class ExpectedEntry:
    """What a charge or credit of a closing is to be; None is not looked at.

    ``days`` are owed ``of`` the days of the whole cycle, which goes from ``cycle_from`` to ``cycle_to``.
    """

    subscription: str
    amount: Money
    credit: bool = False
    item: str | None = None
    line: str | None = None
    description: str | None = None
    company: str | None = None
    days: int | None = None
    of: int | None = None
    weight: int | None = None
    weight_of: int | None = None
    through: date | None = None
    cycle_from: date | None = None
    cycle_to: date | None = None
    due: date | None = None
    charge_method: str | None = None
    document_type: str | None = None
    account: str | None = None
    accrual: date | None = None
    document_accrual: date | None = None
    separate_slip: bool | None = None
    separate_document: bool | None = None


@frozen
class ExpectedClosing:
    """What a closing or preview is to come to; None is not looked at."""

    charged: Money | None = None
    credited: Money | None = None
    entries: tuple[ExpectedEntry, ...] | None = None
    problems: int | None = None


@frozen
class ExpectedState:
    """What a subscription is to be; None is not looked at."""

    subscription: str
    values: Mapping[str, Any] = field(factory=dict)


Expected: TypeAlias = (
    ExpectedClosing | ExpectedState | ExpectedAccount | ExpectedDevice | ExpectedWork | ExpectedChores
)


class Daily(Enum):
    """What is done by itself on each day that passes between two steps."""

    NOTHING = "nothing"
    NETWORK = "network"
    """The network follows what has run out."""
    EVERYTHING = "everything"
    """A whole tick."""


@frozen
class Step:
    """One step: on its day, ``do`` with ``values``.

    ``today`` is the day on which it is recorded, when that is not its day; ``label`` names what it makes;
    ``refused`` is the rule, or a part of the message, by which it is to be refused. A ``task`` is scheduled
    today for its day.
    """

    place: str
    do: str
    on: date
    today: date | None = None
    label: str | None = None
    refused: str | None = None
    task: bool = False
    values: Mapping[str, Any] = field(factory=dict)
    expected: Expected | None = None


@frozen
class Scenario:
    """A whole scenario; ``catalogue``, ``customers`` and ``devices`` are there before the first step."""

    title: str
    about: str
    currency: str
    catalogue: Mapping[str, Any]
    customers: Mapping[str, Mapping[str, Any]]
    steps: tuple[Step, ...]
    covers: tuple[str, ...] = ()
    devices: Mapping[str, DeviceSetup] = field(factory=dict)
    daily: Daily | None = None

    @property
    def works_by_itself(self) -> bool:
        """Whether a worker runs after each step: no step asks for it."""
        return bool(self.devices) and not self._has(Act.WORK)

    @property
    def each_day(self) -> Daily:
        """What is done on each day that passes, said or not."""
        if self.daily is not None:
            return self.daily
        return Daily.NETWORK if self.devices and not self._has(Act.TICK) else Daily.NOTHING

    def _has(self, act: Act) -> bool:
        return any(step.do == act.value for step in self.steps)

    @property
    def begins_on(self) -> date:
        """The day on which the story begins."""
        return min((step.today or step.on for step in self.steps), default=date(2000, 1, 1))

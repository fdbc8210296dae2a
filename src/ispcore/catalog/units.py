"""Business units: where the provider sells what, and on which days customers may pay.

A unit follows from the installation address's city, else from the customer's. It limits plans, charge
methods and due days.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.errors import RefusedError
from ispcore.values import PlainCalendar, as_frozenset

if TYPE_CHECKING:
    from collections.abc import Iterable


@frozen
class BusinessUnit:
    """A unit of the provider.

    An empty ``cities`` serves every city. ``due_days`` None is "any day"; with ``weekdays_only`` a due date
    that falls on a weekend or a listed holiday moves to the next business day.
    """

    code: str
    name: str
    zone: str = "America/Sao_Paulo"
    cities: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    plans: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    charge_methods: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    due_days: frozenset[int] | None = None
    weekdays_only: bool = False
    calendar: PlainCalendar = PlainCalendar()

    def check_plan(self, plan: str) -> None:
        """Refuse a *plan* that the unit does not sell."""
        if plan not in self.plans:
            raise RefusedError(
                f"The business unit {self.code!r} does not sell the plan {plan!r}.",
                rule="plan-not-in-unit",
                hint=f"It sells: {', '.join(sorted(self.plans)) or 'nothing yet'}. Attach the plan to it.",
            )

    def check_charge_method(self, method: str) -> None:
        """Refuse a charge *method* that the unit does not use."""
        if method not in self.charge_methods:
            raise RefusedError(
                f"The business unit {self.code!r} does not charge by {method!r}.",
                rule="charge-method-not-in-unit",
                hint=f"It charges by: {', '.join(sorted(self.charge_methods)) or 'nothing yet'}.",
            )

    def check_due_day(self, day: int) -> None:
        """Refuse a due *day* that the unit does not offer."""
        if self.due_days is not None and day not in self.due_days:
            raise RefusedError(
                f"The business unit {self.code!r} has no due day {day}.",
                rule="due-day-not-in-unit",
                hint=f"Its due days are: {', '.join(str(day) for day in sorted(self.due_days))}.",
            )


def unit_of(units: Iterable[BusinessUnit], cities: Iterable[str]) -> BusinessUnit:
    """Return the unit that serves the first of *cities* that any unit names.

    Units that name no city come last.

    Raises:
        RefusedError: no unit serves any of the cities.
    """
    known = tuple(units)
    wanted = tuple(dict.fromkeys(cities))
    for city in wanted:
        for unit in known:
            if city.casefold() in {name.casefold() for name in unit.cities}:
                return unit
    for unit in known:
        if not unit.cities:
            return unit
    asked = " or ".join(repr(city) for city in wanted) or "a customer without a city"
    raise RefusedError(
        f"No business unit serves {asked}.",
        rule="no-unit",
        hint="Add the city to a business unit of the catalogue, or correct the address.",
    )

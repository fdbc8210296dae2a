"""What a case expects beside what was found, and how far they are apart."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import evolve, frozen

from tests.cases.reading import cents


@frozen
class Row:
    """An amount in cents, up to and without a day, and the share of a whole cycle; None is not said."""

    cents: int
    until: date | None = None
    share: Fraction | None = None

    def as_far_as(self, other: "Row") -> "Row":
        """Return the row with no more said than *other* says."""
        until = self.until if other.until else None
        return evolve(self, until=until, share=self.share if other.share is not None else None)


Rows: TypeAlias = Mapping[str, Row]


@frozen
class Outcome:
    """What is *expected* and what was *found*, by name."""

    expected: Mapping[str, Any]
    found: Mapping[str, Any]

    @property
    def passes(self) -> bool:
        """Whether everything was found that is expected, and nothing else."""
        return not self.differences()

    def differences(self) -> dict[str, Any]:
        """Return what differs, rows by how many cents, and otherwise what was found instead."""
        names = [*self.expected, *(name for name in self.found if name not in self.expected)]
        pairs = {name: self._pair(name) for name in names}
        return {name: _apart(*pair) for name, pair in pairs.items() if pair[0] != pair[1]}

    def _pair(self, name: str) -> tuple[Any, Any]:
        expected, found = self.expected.get(name), self.found.get(name)
        if isinstance(expected, Row) and isinstance(found, Row):
            found = found.as_far_as(expected)
        return expected, found


def _apart(expected: Any, found: Any) -> Any:
    if not isinstance(expected, Row | None) or not isinstance(found, Row | None):
        return found
    less, more = expected or Row(0), found or Row(0)
    until = None if less.until == more.until else more.until
    return Row(more.cents - less.cents, until, None if less.share == more.share else more.share)


def expected_rows(periods: Iterable[Mapping[str, str]]) -> dict[str, Row]:
    """Return the data's periods as rows, by kind and first day."""
    return {
        f"{period['type']} {period['start']}": Row(
            cents(period["amount"]),
            date.fromisoformat(period["end"]),
            Fraction(period["fraction"]) if "fraction" in period else None,
        )
        for period in periods
    }


def totals(pairs: Iterable[tuple[str, str]]) -> dict[str, Row]:
    """Return the data's sums as rows, by day."""
    return {f"total {day}": Row(cents(amount)) for day, amount in pairs}

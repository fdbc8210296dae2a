"""How long a cycle is: a number of months, or of weeks."""

from __future__ import annotations

import re

from attrs import frozen

from ispcore.errors import InvalidValueError

_NAMES = {"week": (0, 1), "month": (1, 0), "quarter": (3, 0), "half-year": (6, 0), "year": (12, 0)}
_COUNTED = re.compile(r"([1-9][0-9]?) (month|week)s?\Z")
_MOST_MONTHS, _MOST_WEEKS = 36, 52
_SHOWN = 40


@frozen
class Every:
    """A length of so many *months*, or of so many *weeks*."""

    months: int = 1
    weeks: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse a length of nothing, of both, or longer than anybody bills at once."""
        fits = (1 <= self.months <= _MOST_MONTHS and self.weeks == 0) or (
            1 <= self.weeks <= _MOST_WEEKS and self.months == 0
        )
        if not fits:
            raise InvalidValueError(
                f"A cycle cannot last {self.months} months and {self.weeks} weeks.",
                hint=f"Use 1 to {_MOST_MONTHS} months, or 1 to {_MOST_WEEKS} weeks.",
            )

    @property
    def commercial_days(self) -> int:
        """The days of this length where every month has 30."""
        return 30 * self.months + 7 * self.weeks

    @classmethod
    def parse(cls, text: str) -> Every:
        """Return the length that *text* names.

        >>> Every.parse("quarter")
        Every(months=3, weeks=0)
        >>> str(Every.parse("2 weeks"))
        '2 weeks'

        Raises:
            InvalidValueError: it names none.
        """
        if text in _NAMES:
            return cls(*_NAMES[text])
        counted = _COUNTED.match(text)
        if counted is None:
            names = ", ".join(_NAMES)
            raise InvalidValueError(
                f"{text[:_SHOWN]!r} is no length of a cycle.", hint=f"Use {names}, '2 months' or '2 weeks'."
            )
        many = int(counted[1])
        return cls(months=many) if counted[2] == "month" else cls(months=0, weeks=many)

    def __str__(self) -> str:
        """Show the length by its name, or counted."""
        for name, length in _NAMES.items():
            if length == (self.months, self.weeks):
                return name
        return f"{self.months} months" if self.months else f"{self.weeks} weeks"

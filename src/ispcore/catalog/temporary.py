"""What is had for a while only: enabling provisionally, by plan, and seasonal pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.errors import InvalidValueError
from ispcore.values import FLAG, Kind, as_tuple, shown, whole

if TYPE_CHECKING:
    from ispcore.values import Table

_LONGEST = 3660
_MONTHS = 12
_MOST_MONTHS = 120


@frozen
class Provisional:
    """For how many ``days`` a plan is enabled provisionally, and that not again within ``every_days``."""

    days: int
    every_days: int = 0


@frozen
class SeasonalPolicy:
    """How many days a seasonal pause lasts, at least and at most, and in which ``months`` all of them lie.

    Months are numbers from 1 to 12, none being all of them; a number of days that is None sets no limit.
    There is one in ``every_months`` at most, and with ``without_debt`` none for who owes what was due.
    """

    min_days: int | None = None
    max_days: int | None = None
    months: tuple[int, ...] = field(default=(), converter=as_tuple)
    every_months: int = 0
    without_debt: bool = False

    @property
    def is_free(self) -> bool:
        """Whether any pause will do."""
        return self == SeasonalPolicy()


def read_provisional(table: Table) -> Provisional | None:
    """Return how a plan is enabled provisionally, if *table* says so."""
    if table.is_empty:
        return None
    found = Provisional(table.get("days", whole(1, _LONGEST)), table.get("every_days", _DAYS, default=0))
    table.close()
    return found


def read_seasonal(table: Table) -> SeasonalPolicy:
    """Return what *table* says about seasonal pauses."""
    months: tuple[int, ...] = table.get("months", _SOME_MONTHS, default=_FREE.months)
    policy = SeasonalPolicy(
        min_days=table.get("min_days", whole(1, _LONGEST), default=None),
        max_days=table.get("max_days", whole(1, _LONGEST), default=None),
        months=months,
        every_months=table.get("every_months", whole(0, _MOST_MONTHS), default=0),
        without_debt=table.get("without_debt", FLAG, default=False),
    )
    if table.clean and (policy.min_days or 0) > (policy.max_days or _LONGEST):
        table.problem(
            "No pause is so long and so short.", "Let 'max_days' be the greater one.", at="min_days"
        )
    table.close()
    return policy


def _some_months(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(one) is int and 1 <= one <= _MONTHS for one in value):
        raise InvalidValueError(f"{shown(value)} is no list of months.", hint="Use numbers from 1 to 12.")
    return tuple(sorted(set(value)))


_DAYS = whole(0, _LONGEST)
_FREE = SeasonalPolicy()
_SOME_MONTHS: Kind[tuple[int, ...]] = Kind(_some_months, ())

"""How the slips of a subscription are made: unified with others, gathering what is overdue, made with all.

None of it changes what is owed; it says on which slip the amounts go.
"""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from ispcore.catalog import DebitKind
from ispcore.errors import InvalidValueError
from ispcore.values import as_tuple, check_types

_MOST_MONTHS = 120


@frozen(cache_hash=True)
class Gathering:
    """Which overdue amounts of the subscription its next slip takes up.

    They are of these ``kinds`` and were due in the ``months`` before the slip's due day, whenever by default;
    with ``interest`` fine and interest up to the day of issue are asked for along with them.
    """

    kinds: tuple[DebitKind, ...] = field(default=(DebitKind.FEE,), converter=as_tuple)
    months: int | None = None
    interest: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse to gather nothing, and months that cannot be."""
        check_types(self)
        if not self.kinds:
            raise InvalidValueError(
                "A gathering of no kind of amounts gathers nothing.", hint="Name a kind, or leave it out."
            )
        if self.months is not None and not 1 <= self.months <= _MOST_MONTHS:
            raise InvalidValueError(
                f"Amounts of {self.months} months cannot be gathered.", hint=f"Use 1 to {_MOST_MONTHS}."
            )


@frozen(cache_hash=True)
class SlipTerms:
    """How the slips of one subscription are made.

    From ``unified_from`` on its amounts go with those of the customer's other unified subscriptions that are
    due in the same month. One that is not ``in_mass`` gets its slips only when its customer is asked for.
    """

    unified_from: date | None = None
    in_mass: bool = True
    gathers: Gathering | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


PLAIN_SLIPS = SlipTerms()
"""How slips are made unless a subscription says otherwise."""

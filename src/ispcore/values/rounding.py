"""The one place where an exact ratio becomes whole minor units.

Every amount is computed as a ratio of integers and rounded once, here, by a named mode.
"""

from __future__ import annotations

from enum import Enum

from ispcore.errors import InvalidValueError


class Rounding(Enum):
    """How a fraction of the smallest unit is decided."""

    HALF_UP = "half_up"
    """Halves move away from zero (the default)."""
    DOWN = "down"
    """The fraction is cut, towards zero."""
    HALF_EVEN = "half_even"
    """Halves move to the even neighbour."""


def round_ratio(numerator: int, denominator: int, mode: Rounding = Rounding.HALF_UP) -> int:
    """Return ``numerator / denominator`` as a whole number, rounded by *mode*.

    >>> round_ratio(60_000, 29)
    2069
    >>> round_ratio(60_000, 29, Rounding.DOWN)
    2068
    """
    if denominator <= 0:
        raise InvalidValueError(f"A ratio needs a positive denominator, not {denominator}.")
    whole, rest = divmod(abs(numerator), denominator)
    twice = 2 * rest
    if mode is Rounding.HALF_UP:
        whole += twice >= denominator
    elif mode is Rounding.HALF_EVEN:
        whole += twice > denominator or (twice == denominator and whole % 2 == 1)
    return whole if numerator >= 0 else -whole

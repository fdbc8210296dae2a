"""Handing out a fragment's cents to its lines.

Each cent goes to the line that is furthest behind its own exact running total, ties to the first. So lines
sum to the fragment, none is ever negative, and a constant full cycle gives each line its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction


def hand_out(cents: int, behind: Sequence[Fraction]) -> tuple[int, ...]:
    """Return how many of *cents* each line gets, when each is *behind* its exact running total.

    The same as giving one cent at a time to the line that is furthest behind, without walking them all:
    whole cents above a common level are given at once, the few that are left one by one.

    >>> from fractions import Fraction
    >>> hand_out(2069, [Fraction(36000, 29), Fraction(24000, 29)])
    (1241, 828)
    """
    level = 0
    while sum(given := [max(0, _floor(debt) - level) for debt in behind]) > cents:
        level += 1
    for _ in range(cents - sum(given)):
        first = max(range(len(behind)), key=lambda n: (behind[n] - given[n], -n))
        given[first] += 1
    return tuple(given)


def _floor(value: Fraction) -> int:
    return value.numerator // value.denominator

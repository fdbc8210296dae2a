"""Handing out a fragment's cents to its lines.

Each cent goes to the line that is furthest behind its own exact running total, ties to the first. So lines
sum to the fragment, none is ever negative, and a constant full cycle gives each line its value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def hand_out(cents: int, behind: Sequence[int], of: int) -> tuple[int, ...]:
    """Return how many of *cents* each line gets, when each is *behind* its exact running total.

    What they are behind is counted in parts, *of* a cent. The same as giving one cent at a time to the line
    that is furthest behind, without walking them all: whole cents above a common level are given at once,
    the few that are left one by one.

    >>> hand_out(2069, [36000, 24000], of=29)
    (1241, 828)
    """
    level = 0
    while sum(given := [max(0, debt // of - level) for debt in behind]) > cents:
        level += 1
    for _ in range(cents - sum(given)):
        first = max(range(len(behind)), key=lambda n: (behind[n] - given[n] * of, -n))
        given[first] += 1
    return tuple(given)

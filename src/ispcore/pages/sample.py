"""Choosing the customers that a page shows when there are too many for one page.

Each customer is chosen for what the others do not show: first whoever adds most kinds of things that have not
been seen, then whoever has seen most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

K = TypeVar("K")


def chosen(traits: Mapping[K, Sequence[Hashable]], most: int) -> tuple[K, ...]:
    """Return at most *most* of the keys of *traits*, in their order.

    >>> chosen({"ana": ["opened"], "joe": ["opened"], "eva": ["opened", "cancelled"]}, 2)
    ('ana', 'eva')
    """
    kinds = {key: frozenset(mine) for key, mine in traits.items()}
    rest = list(traits)
    picked: list[K] = []
    seen: set[Hashable] = set()
    while rest and len(picked) < most:
        best = max(rest, key=lambda key: (len(kinds[key] - seen), len(traits[key])))
        rest.remove(best)
        picked.append(best)
        seen |= kinds[best]
    return tuple(key for key in traits if key in picked)

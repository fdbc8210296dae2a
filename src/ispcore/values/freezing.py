"""Converters that freeze what a value is given: any iterable becomes a tuple or a frozenset.

Type checkers cannot see through ``converter=tuple``, whose type parameter nothing binds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def as_tuple(items: Iterable[Any]) -> tuple[Any, ...]:
    """Return *items* as a tuple."""
    return tuple(items)


def as_frozenset(items: Iterable[Any]) -> frozenset[Any]:
    """Return *items* as a frozenset."""
    return frozenset(items)

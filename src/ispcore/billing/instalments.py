"""Instalments of billing events, split into the lines of their event.

As with the fragments of an item, cents go to the line that is furthest behind its own running total: lines
of an instalment sum to it, and all instalments together give each line its value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.billing.split import hand_out
from ispcore.values import Money

if TYPE_CHECKING:
    from ispcore.catalog import Line
    from ispcore.plans import BillingEvent, TakenUp


def lines_of(taken: TakenUp) -> tuple[Line, ...]:
    """Return the lines of the event with what *taken* comes to for each, and which instalments they are."""
    event, numbers = taken.event, taken.numbers
    shares = _shares(event)
    values = [sum(shares[number - 1][n] for number in numbers) for n in range(len(event.lines))]
    which = _which(taken)
    return tuple(
        evolve(line, value=Money(cents, event.amount.currency), description=f"{line.description}{which}")
        for line, cents in zip(event.lines, values, strict=True)
    )


def _which(taken: TakenUp) -> str:
    first, last, of = taken.numbers[0], taken.numbers[-1], taken.event.instalments
    if of == 1:
        return ""
    return f", {first} of {of}" if first == last else f", {first} to {last} of {of}"


@lru_cache(maxsize=4_096)
def _shares(event: BillingEvent) -> tuple[tuple[int, ...], ...]:
    """Return the cents of each line, by instalment."""
    whole, so_far = event.amount.minor, 0
    given = [0] * len(event.lines)
    found = []
    for part in event.parts:
        so_far += part.minor
        owed = [line.value.minor * so_far for line in event.lines]
        behind = [exact - had * whole for exact, had in zip(owed, given, strict=True)]
        cents = hand_out(part.minor, behind, whole)
        given = [had + share for had, share in zip(given, cents, strict=True)]
        found.append(cents)
    return tuple(found)

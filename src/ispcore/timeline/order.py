"""Which facts count, and in what order.

A fact may void earlier recorded ones of its subject (a retraction, a back-dated cancellation). It does so
as long as it counts itself, so voiding a voiding fact brings the others back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from ispcore.timeline.fact import Fact


def voided_by(payload: object) -> Sequence[int]:
    """Return the sequences of the facts that *payload* voids."""
    return getattr(payload, "voids", ())


def voided(facts: Iterable[Fact[Any]]) -> dict[int, Fact[Any]]:
    """Return, for the sequence of each fact that does not count, the fact that voids it."""
    gone: dict[int, Fact[Any]] = {}
    for fact in sorted(facts, key=lambda fact: -fact.sequence):
        if fact.sequence not in gone:
            gone.update((sequence, fact) for sequence in voided_by(fact.payload) if sequence not in gone)
    return gone


def by_day(fact: Fact[Any]) -> tuple[date, int]:
    """Order facts by their day, and within a day by their sequence."""
    return fact.effective_on, fact.sequence


def in_force(facts: Iterable[Fact[Any]]) -> tuple[Fact[Any], ...]:
    """Return the facts that count, by day and within a day by sequence."""
    known = tuple(facts)
    gone = voided(known)
    return tuple(sorted((fact for fact in known if fact.sequence not in gone), key=by_day))

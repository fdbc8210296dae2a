"""How long a contract holds: pure functions of its first day, its months and the days it rested."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.catalog import Renewal
from ispcore.values import Period, add_months

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.contracts.terms import ContractTerms


@frozen
class Term:
    """The term that runs: ``ends_on`` is the first day after it, ``bound_until`` that after the fidelity.

    ``renewals`` counts the terms before it that were renewed in silence. ``bound_until`` None binds nobody.
    """

    starts_on: date
    ends_on: date
    bound_until: date | None
    renewals: int = 0

    def is_over(self, on: date) -> bool:
        """Tell whether it is over on a day."""
        return on >= self.ends_on


def end_of_term(starts_on: date, months: int, paused_days: int = 0) -> date:
    """Return the day on which a term is over, which is the same day of a later month, or its last one.

    >>> print(end_of_term(date(2012, 2, 24), 1), end_of_term(date(2012, 1, 31), 1))
    2012-03-24 2012-02-29
    """
    return add_months(starts_on, months) + timedelta(days=paused_days)


def term_on(terms: ContractTerms, starts_on: date, on: date, pauses: Iterable[Period] = ()) -> Term:
    """Return the term of a contract that runs on a day, or that was the last one.

    *starts_on* is the day of activation or renewal. Days of *pauses* put its ends off where the rule of its
    penalty says that they stop the clock.
    """
    rests = tuple(pauses) if terms.penalty.pauses_stop else ()
    found = _term(terms, starts_on, terms.fidelity_months, rests, 0)
    while terms.renewal is Renewal.SILENT and found.is_over(on):
        bound = terms.fidelity_months if terms.renews_fidelity else 0
        found = _term(terms, found.ends_on, bound, rests, found.renewals + 1)
    return found


def _term(
    terms: ContractTerms, start: date, fidelity: int, pauses: tuple[Period, ...], renewals: int
) -> Term:
    ends_on = _put_off(start, end_of_term(start, terms.months), pauses)
    bound = _put_off(start, end_of_term(start, fidelity), pauses) if fidelity else None
    return Term(start, ends_on, bound, renewals)


def _put_off(start: date, end: date, pauses: Iterable[Period]) -> date:
    """Return *end* later by each day, counted once, that rested before it."""
    counted = start
    for pause in sorted(pauses, key=lambda each: each.start):
        first = max(pause.start, counted)
        if first < min(end, pause.end):
            end += pause.end - first
            counted = pause.end
    return end


def days_of(pauses: Iterable[Period], since: date, until: date) -> int:
    """Return how many days of *pauses*, which do not overlap, lie from *since* to before *until*."""
    parts = ((max(one.start, since), min(one.end, until)) for one in pauses)
    return sum((end - start).days for start, end in parts if start < end)

"""What leaving a contract early costs: a fixed value or a formula, capped, and nothing for some reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from attrs import field, frozen

from ispcore.contracts.formula import Formula
from ispcore.errors import InvalidValueError
from ispcore.values import Money, Rounding, add_months, as_frozenset, percent_of, round_ratio, zero

_MOST_MONTHS = 1200


@frozen(kw_only=True)
class PenaltyTerms:
    """What a contract says of leaving it early; either ``fixed`` or a ``formula``, or neither: nothing.

    ``benefit`` is what was given for staying. ``most_percent`` of it is the most that can be asked for, None
    is no limit. ``exempting`` are codes of reasons that cost nothing. Within ``regret_days`` after signing
    everybody may leave. With ``pauses_stop`` days of pauses do not count as time that has passed.
    """

    fixed: Money | None = None
    formula: Formula | None = None
    benefit: Money
    term_months: int
    most_percent: Decimal | None = Decimal(100)
    exempting: frozenset[str] = field(default=frozenset(), converter=as_frozenset)
    regret_days: int = 0
    pauses_stop: bool = True
    rounding: Rounding = Rounding.HALF_UP

    def __attrs_post_init__(self) -> None:
        """Refuse terms that say two things, or none that can be."""
        if self.fixed is not None and self.formula is not None:
            raise InvalidValueError("A penalty is a fixed value or a formula, not both.")
        if not 0 <= self.term_months <= _MOST_MONTHS:
            raise InvalidValueError(
                f"A term of {self.term_months} months cannot be.", hint=f"Use 0 to {_MOST_MONTHS}."
            )
        if self.benefit.minor < 0 or (self.fixed is not None and self.fixed.minor < 0):
            raise InvalidValueError("Neither a benefit nor a penalty is below zero.")


@frozen(kw_only=True)
class Leaving:
    """Who leaves when: the first day of the term, the day of leaving, and what the formula may ask for."""

    starts_on: date
    on: date
    reason: str | None = None
    monthly_price: Money
    installation_fee: Money
    installation_unpaid: Money
    signed_on: date | None = None
    paused_days: int = 0


class Spared(Enum):
    """Why leaving costs nothing."""

    NOTHING_AGREED = "nothing_agreed"
    TERM_OVER = "term_over"
    REGRET = "regret"
    REASON = "reason"


@frozen
class Penalty:
    """What leaving costs, and how that was found.

    ``uncapped`` is what was agreed, before the cap; ``exact`` the same before it was rounded. ``values`` are
    those that the formula could use.
    """

    amount: Money
    uncapped: Money
    exact: Fraction
    ends_on: date
    values: Mapping[str, Fraction]
    spared: Spared | None = None


def end_of_term(starts_on: date, months: int, paused_days: int = 0) -> date:
    """Return the day on which a term is over, which is the same day of a later month, or its last one.

    >>> print(end_of_term(date(2012, 2, 24), 1), end_of_term(date(2012, 1, 31), 1))
    2012-03-24 2012-02-29
    """
    return add_months(starts_on, months) + timedelta(days=paused_days)


def penalty(terms: PenaltyTerms, leaving: Leaving) -> Penalty:
    """Return what leaving costs.

    Raises:
        RefusedError: the formula divides by zero, or comes to a number beyond all measure.
    """
    nothing = zero(terms.benefit.currency)
    paused = leaving.paused_days if terms.pauses_stop else 0
    ends_on = end_of_term(leaving.starts_on, terms.term_months, paused)
    values = _values(terms, leaving, ends_on, paused)
    spared = _spared(terms, leaving, ends_on)
    if spared is not None:
        return Penalty(nothing, nothing, Fraction(0), ends_on, values, spared)
    exact = _exact(terms, values)
    found = max(Money(round_ratio(*_pair(exact), terms.rounding), nothing.currency), nothing)
    if terms.most_percent is None:
        return Penalty(found, found, exact, ends_on, values)
    most = percent_of(terms.benefit, terms.most_percent, terms.rounding)
    return Penalty(min(found, most), found, exact, ends_on, values)


def _exact(terms: PenaltyTerms, values: Mapping[str, Fraction]) -> Fraction:
    """Return what was agreed, in minor units."""
    if terms.formula is None:
        assert terms.fixed is not None  # noqa: S101 - one of the two is there, or somebody was spared
        return Fraction(terms.fixed.minor)
    return terms.formula.value(values) * Fraction(10**terms.benefit.currency.digits)


def _pair(exact: Fraction) -> tuple[int, int]:
    return exact.numerator, exact.denominator


def _spared(terms: PenaltyTerms, leaving: Leaving, ends_on: date) -> Spared | None:
    signed = leaving.signed_on or leaving.starts_on
    if terms.fixed is None and terms.formula is None:
        return Spared.NOTHING_AGREED
    if leaving.reason in terms.exempting:
        return Spared.REASON
    if terms.regret_days and leaving.on <= signed + timedelta(days=terms.regret_days):
        return Spared.REGRET
    return Spared.TERM_OVER if leaving.on >= ends_on else None


def _values(terms: PenaltyTerms, leaving: Leaving, ends_on: date, paused: int) -> dict[str, Fraction]:
    counted_on = max(leaving.on - timedelta(days=paused), leaving.starts_on)
    elapsed = _whole_months(leaving.starts_on, counted_on, terms.term_months)
    days = (end_of_term(leaving.starts_on, terms.term_months) - leaving.starts_on).days
    return {
        "benefit": _amount(terms.benefit),
        "term_months": Fraction(terms.term_months),
        "elapsed_months": Fraction(elapsed),
        "remaining_months": Fraction(terms.term_months - elapsed),
        "term_days": Fraction(days),
        "remaining_days": Fraction(min(max((ends_on - leaving.on).days, 0), days)),
        "monthly_price": _amount(leaving.monthly_price),
        "installation_fee": _amount(leaving.installation_fee),
        "installation_unpaid": _amount(leaving.installation_unpaid),
    }


def _whole_months(start: date, day: date, most: int) -> int:
    """Return how many whole months are over between two days, up to *most*."""
    months = (day.year - start.year) * 12 + day.month - start.month
    if add_months(start, months) > day:
        months -= 1
    return min(months, most)


def _amount(money: Money) -> Fraction:
    return Fraction(money.minor, 10**money.currency.digits)

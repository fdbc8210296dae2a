"""What leaving a contract early costs: a fixed value or a formula, capped, and nothing for some reasons."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction

from attrs import frozen

from ispcore.catalog import MOST_MONTHS, PenaltyRule
from ispcore.contracts.term import end_of_term
from ispcore.errors import InvalidValueError
from ispcore.values import Currency, Money, add_months, percent_of, round_ratio, zero


@frozen(kw_only=True)
class Leaving:
    """Who leaves what when: the first day of the term, the day of leaving, and what a formula may ask for.

    ``benefit`` is what was given for staying ``term_months``.
    """

    benefit: Money
    term_months: int
    starts_on: date
    on: date
    reason: str | None = None
    monthly_price: Money
    installation_fee: Money
    installation_unpaid: Money
    signed_on: date | None = None
    paused_days: int = 0

    def __attrs_post_init__(self) -> None:
        """Refuse a term and a benefit that cannot be."""
        if not 0 <= self.term_months <= MOST_MONTHS:
            raise InvalidValueError(
                f"A term of {self.term_months} months cannot be.", hint=f"Use 0 to {MOST_MONTHS}."
            )
        if self.benefit.minor < 0:
            raise InvalidValueError(f"A benefit of {self.benefit} is below zero.")


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


def penalty(rule: PenaltyRule, leaving: Leaving) -> Penalty:
    """Return what leaving costs.

    Raises:
        RefusedError: the formula divides by zero, or comes to a number beyond all measure.
    """
    nothing = zero(leaving.benefit.currency)
    paused = leaving.paused_days if rule.pauses_stop else 0
    ends_on = end_of_term(leaving.starts_on, leaving.term_months, paused)
    values = _values(leaving, ends_on, paused)
    spared = _spared(rule, leaving, ends_on)
    if spared is not None:
        return Penalty(nothing, nothing, Fraction(0), ends_on, values, spared)
    exact = _exact(rule, values, nothing.currency)
    found = max(Money(round_ratio(*_pair(exact), rule.rounding), nothing.currency), nothing)
    if rule.most_percent is None:
        return Penalty(found, found, exact, ends_on, values)
    most = percent_of(leaving.benefit, rule.most_percent, rule.rounding)
    return Penalty(min(found, most), found, exact, ends_on, values)


def _exact(rule: PenaltyRule, values: Mapping[str, Fraction], currency: Currency) -> Fraction:
    """Return what was agreed, in minor units."""
    if rule.formula is None:
        assert rule.fixed is not None  # noqa: S101 - one of the two is there, or somebody was spared
        return Fraction(rule.fixed.minor)
    return rule.formula.value(values) * Fraction(10**currency.digits)


def _pair(exact: Fraction) -> tuple[int, int]:
    return exact.numerator, exact.denominator


def _spared(rule: PenaltyRule, leaving: Leaving, ends_on: date) -> Spared | None:
    signed = leaving.signed_on or leaving.starts_on
    if rule.fixed is None and rule.formula is None:
        return Spared.NOTHING_AGREED
    if leaving.reason in rule.exempting:
        return Spared.REASON
    if rule.regret_days and leaving.on <= signed + timedelta(days=rule.regret_days):
        return Spared.REGRET
    over = leaving.on >= ends_on or leaving.term_months == 0
    return Spared.TERM_OVER if over else None


def _values(leaving: Leaving, ends_on: date, paused: int) -> dict[str, Fraction]:
    counted_on = max(leaving.on - timedelta(days=paused), leaving.starts_on)
    elapsed = _whole_months(leaving.starts_on, counted_on, leaving.term_months)
    days = (end_of_term(leaving.starts_on, leaving.term_months) - leaving.starts_on).days
    return {
        "benefit": _amount(leaving.benefit),
        "term_months": Fraction(leaving.term_months),
        "elapsed_months": Fraction(elapsed),
        "remaining_months": Fraction(leaving.term_months - elapsed),
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

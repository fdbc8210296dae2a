"""What leaving early costs: by value or formula, capped, and nothing where contract or law says so."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Formula, PenaltyRule
from ispcore.contracts import Leaving, Penalty, Spared, end_of_term, penalty
from ispcore.errors import InvalidValueError
from ispcore.values import Money
from tests.catalogues import brl

START = date(2026, 1, 15)
BY_MONTHS = Formula.parse("benefit * remaining_months / term_months")
BY_DAYS = Formula.parse("benefit * remaining_days / term_days")


def rule(**more: Any) -> PenaltyRule:
    return PenaltyRule(**{"formula": BY_MONTHS} | more)


def leaving(on: date, **more: Any) -> Leaving:
    usual: dict[str, Any] = {
        "benefit": brl("600.00"),
        "term_months": 12,
        "starts_on": START,
        "on": on,
        "monthly_price": brl("99.90"),
        "installation_fee": brl("120.00"),
        "installation_unpaid": brl("40.00"),
    }
    return Leaving(**usual | more)


def left(on: date, agreed: PenaltyRule | None = None, **more: Any) -> Penalty:
    return penalty(agreed or rule(), leaving(on, **more))


@pytest.mark.covers("S0-067", "S0-068")
@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2012, 2, 24), 1, date(2012, 3, 24)),
        (date(2012, 1, 31), 1, date(2012, 2, 29)),
        (date(2011, 1, 31), 1, date(2011, 2, 28)),
        (date(2026, 1, 15), 12, date(2027, 1, 15)),
        (date(2012, 2, 29), 12, date(2013, 2, 28)),
    ],
)
def test_a_term_ends_on_the_same_day_of_a_later_month_or_on_its_last(
    start: date, months: int, end: date
) -> None:
    assert end_of_term(start, months) == end


def test_a_month_that_was_begun_remains() -> None:
    assert left(date(2026, 7, 1)).amount == brl("350.00")
    assert left(date(2026, 7, 15)).amount == brl("300.00")
    assert left(date(2026, 7, 14)).values["elapsed_months"] == 5


def test_by_days_it_shrinks_each_day() -> None:
    found = left(date(2026, 7, 1), rule(formula=BY_DAYS))

    assert found.ends_on == date(2027, 1, 15)
    assert (found.values["term_days"], found.values["remaining_days"]) == (Fraction(365), Fraction(198))
    assert found.amount == brl("325.48")


def test_more_than_the_benefit_is_not_asked_for_unless_the_policy_says_so() -> None:
    half = Formula.parse("monthly_price * 10 * 0.5")
    given = brl("360.00")

    found = left(START, rule(formula=half), benefit=given)

    assert (found.uncapped, found.amount) == (brl("499.50"), brl("360.00"))
    assert left(START, rule(formula=half, most_percent=None), benefit=given).amount == brl("499.50")
    assert left(START, rule(formula=half, most_percent=Decimal(50)), benefit=given).amount == brl("180.00")


def test_a_fixed_value_stays_what_it_is_up_to_the_cap() -> None:
    assert left(START, rule(formula=None, fixed=brl("200.00"))).amount == brl("200.00")
    assert left(START, rule(formula=None, fixed=brl("900.00"))).amount == brl("600.00")


@pytest.mark.parametrize(
    ("agreed", "more", "on", "spared"),
    [
        ({"formula": None}, {}, START, Spared.NOTHING_AGREED),
        ({"exempting": {"death"}}, {"reason": "death"}, START, Spared.REASON),
        ({"regret_days": 7}, {}, START + timedelta(days=7), Spared.REGRET),
        ({"regret_days": 7}, {"signed_on": date(2026, 1, 10)}, date(2026, 1, 17), Spared.REGRET),
        ({}, {}, date(2027, 1, 15), Spared.TERM_OVER),
        ({}, {"reason": "moved"}, date(2027, 1, 14), None),
        ({"regret_days": 7}, {}, START + timedelta(days=8), None),
    ],
)
def test_who_is_spared_pays_nothing(
    agreed: dict[str, Any], more: dict[str, Any], on: date, spared: Spared | None
) -> None:
    found = left(on, rule(**agreed), **more)

    assert found.spared is spared
    assert found.amount.is_zero is (spared is not None)


def test_days_of_a_pause_do_not_count_as_time_that_passed_unless_the_policy_says_so() -> None:
    stopped = left(date(2026, 7, 15), paused_days=30)
    runs = left(date(2026, 7, 15), rule(pauses_stop=False), paused_days=30)

    assert (stopped.ends_on, stopped.amount) == (date(2027, 2, 14), brl("350.00"))
    assert (runs.ends_on, runs.amount) == (date(2027, 1, 15), brl("300.00"))


def test_a_formula_below_zero_asks_for_nothing() -> None:
    found = left(START, rule(formula=Formula.parse("installation_unpaid - installation_fee")))

    assert (found.amount, found.exact) == (brl("0.00"), Fraction(-8000))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"fixed": brl("1.00")}, "not both"),
        ({"formula": None, "fixed": brl("-1.00")}, "below zero"),
        ({"instalments": 0}, "cannot be paid in 0 instalments"),
        ({"instalments": 121}, "Use 1 to 120"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        rule(**wrong)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"term_months": -1}, "-1 months cannot be"),
        ({"term_months": 1201}, "Use 0 to 1200"),
        ({"benefit": brl("-1.00")}, "below zero"),
    ],
)
def test_nobody_leaves_what_cannot_be(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        leaving(START, **wrong)


@given(st.integers(0, 800), st.integers(0, 200), st.integers(0, 36), st.integers(0, 10**7))
def test_it_never_rises_with_time_and_stays_between_nothing_and_the_benefit(
    days: int, paused: int, months: int, benefit: int
) -> None:
    given = Money(benefit, brl("0.00").currency)
    more: dict[str, Any] = {"benefit": given, "term_months": months, "paused_days": min(paused, days)}
    first = left(START + timedelta(days=days), rule(formula=BY_DAYS), **more)
    later = left(START + timedelta(days=days + 1), rule(formula=BY_DAYS), **more)

    assert brl("0.00") <= later.amount <= first.amount <= given
    assert 0 <= first.values["remaining_months"] <= months
    assert first.values["elapsed_months"] + first.values["remaining_months"] == months

"""Kinds of contracts, numbers and commissions in the catalogue's document."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.catalog import Acceptance, Commission, NumberPattern, PenaltyRule, Renewal
from ispcore.errors import DocumentError, InvalidValueError, NotFoundError
from tests.catalogues import brl, catalogue

REPEATING = ["{series}{series}", "{day}{series}", "7", "{series", "x" * 31 + "{series}"]
HOME: dict[str, Any] = {"name": "Internet at home", "months": 12}


def problems(**entry: Any) -> list[str]:
    with pytest.raises(DocumentError) as told:
        catalogue(contracts={"home": HOME | entry})
    return [str(problem) for problem in told.value.problems]


def test_a_template_says_what_a_contract_says() -> None:
    found = catalogue(
        contracts={
            "home": HOME
            | {
                "service": "Internet access",
                "fidelity_months": 12,
                "most_fidelity_person": 12,
                "renewal": "silent",
                "acceptance": "before_enabling",
                "number": "{year}/{series}",
                "penalty": {"fixed": "90.00", "most_percent": "none", "regret_days": 7, "instalments": 3},
            }
        }
    ).contract("home")

    assert (found.months, found.fidelity_months, found.most_fidelity_person) == (12, 12, 12)
    assert (found.renewal, found.acceptance) == (Renewal.SILENT, Acceptance.BEFORE_ENABLING)
    assert found.penalty == PenaltyRule(fixed=brl("90.00"), most_percent=None, regret_days=7, instalments=3)
    assert found.number == NumberPattern("{year}/{series}")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"months": 0}, "months"),
        ({"fidelity_months": 13}, "A fidelity of 13 months is longer than a term of 12"),
        ({"penalty": {"fixed": "1.00", "formula": "1"}}, "not both"),
        ({"penalty": {"formula": "benefit * remaning_months"}}, "Did you mean 'remaining_months'"),
        ({"penalty": {"most_percent": "1001"}}, "not between 0 and 1000"),
        ({"penalty": {"exempting": ["nobody"]}}, "nobody"),
        ({"number": "{year}"}, "no pattern for numbers"),
        ({"renewal": "always"}, "always"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_is_wrong_with_one_is_told(entry: dict[str, Any], words: str) -> None:
    assert any(words in problem for problem in problems(**entry)), problems(**entry)


def test_a_template_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(NotFoundError, match="The catalogue has: home"):
        catalogue(contracts={"home": HOME}).contract("office")


@pytest.mark.parametrize(
    ("pattern", "count", "number"),
    [
        ("{year}-{series:6}", 1, "2012-000001"),
        ("{series}", 1234567, "1234567"),
        ("A{year}{month}/{series:3}", 1234, "A201203/1234"),
    ],
)
def test_a_number_follows_its_pattern(pattern: str, count: int, number: str) -> None:
    assert NumberPattern.parse(pattern).number(date(2012, 3, 5), count) == number


def test_each_year_or_month_of_a_pattern_has_a_series_of_its_own() -> None:
    yearly, plain = NumberPattern.parse("{year}-{series}"), NumberPattern.parse("{series}")

    assert yearly.series(date(2012, 1, 1)) == yearly.series(date(2012, 12, 31))
    assert yearly.series(date(2012, 1, 1)) != yearly.series(date(2013, 1, 1))
    assert plain.series(date(2012, 1, 1)) == plain.series(date(2013, 1, 1))


@pytest.mark.parametrize("pattern", REPEATING)
def test_a_pattern_that_would_repeat_itself_is_refused(pattern: str) -> None:
    with pytest.raises(InvalidValueError, match="no pattern for numbers"):
        NumberPattern.parse(pattern)


@pytest.mark.covers("S0-029")
def test_a_commission_is_a_share_of_the_month_one_of_the_installation_and_a_fixed_amount() -> None:
    entries = {
        "ana": {"name": "Ana", "percent_of_monthly": "50", "percent_of_installation": "10", "fixed": "5.00"},
        "bia": {"name": "Bia", "percent_of_monthly": "12.5"},
    }
    found = catalogue(commissions=entries).commissions

    assert found["ana"].of_sale(brl("99.90"), brl("120.00")) == brl("66.95")
    assert found["bia"] == Commission(code="bia", name="Bia", percent_of_monthly=Decimal("12.5"))
    assert found["bia"].of_sale(brl("99.90"), brl("120.00")) == brl("12.49")

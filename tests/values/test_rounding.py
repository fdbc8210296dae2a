from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import Rounding, round_ratio

numerators = st.integers(-(10**18), 10**18)
denominators = st.integers(1, 10**6)


@given(numerators, denominators)
def test_half_up_moves_halves_away_from_zero(numerator: int, denominator: int) -> None:
    exact = abs(Fraction(numerator, denominator))
    sign = 1 if numerator >= 0 else -1

    assert round_ratio(numerator, denominator) == sign * floor(exact + Fraction(1, 2))


@given(numerators, denominators)
def test_half_even_is_what_python_rounds_fractions_to(numerator: int, denominator: int) -> None:
    assert round_ratio(numerator, denominator, Rounding.HALF_EVEN) == round(Fraction(numerator, denominator))


@given(numerators, denominators)
def test_down_cuts_towards_zero(numerator: int, denominator: int) -> None:
    assert round_ratio(numerator, denominator, Rounding.DOWN) == int(Fraction(numerator, denominator))


@pytest.mark.parametrize(
    ("mode", "expected"),
    [(Rounding.HALF_UP, (1, 2, -1)), (Rounding.DOWN, (0, 1, 0)), (Rounding.HALF_EVEN, (0, 2, 0))],
)
def test_the_modes_differ_on_halves(mode: Rounding, expected: tuple[int, int, int]) -> None:
    assert (round_ratio(1, 2, mode), round_ratio(3, 2, mode), round_ratio(-1, 2, mode)) == expected


@pytest.mark.parametrize("denominator", [0, -1])
def test_a_ratio_needs_a_positive_denominator(denominator: int) -> None:
    with pytest.raises(InvalidValueError, match=r"positive denominator"):
        round_ratio(1, denominator)

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import REMAINDER, Composition, Line, Target, check_lines, rescaled
from ispcore.errors import RefusedError
from ispcore.values import LineId, Money, total

TARGET = Target("3.1.1", "main", "telecom")
DEFAULT = Target("3.1.1", "default", "telecom")


def reais(text: str) -> Money:
    return Money.of(text, "BRL")


def line(name: str, value: str) -> Line:
    return Line(LineId(name), name, reais(value), TARGET)


LINES = (line("access", "60.00"), line("tv", "30.00"))
COMPOSITION = Composition(LINES, DEFAULT, "Plano")


def test_what_the_lines_leave_is_a_line_on_the_default_company() -> None:
    assert COMPOSITION.of_price(reais("100.00")) == (
        *LINES,
        Line(REMAINDER, "Plano", reais("10.00"), DEFAULT),
    )


def test_lines_that_make_up_the_price_leave_no_line() -> None:
    assert COMPOSITION.of_price(reais("90.00")) == LINES
    assert COMPOSITION.of_price(reais("90.00"), strict=True) == LINES


def test_a_free_item_without_lines_is_one_line_of_zero() -> None:
    assert Composition((), DEFAULT, "Plano").of_price(reais("0")) == (
        Line(REMAINDER, "Plano", reais("0"), DEFAULT),
    )


@pytest.mark.covers("S0-056")
def test_lines_may_not_exceed_the_price() -> None:
    with pytest.raises(RefusedError, match=r"sum to 90.00 BRL, more than the price 89.99 BRL") as caught:
        COMPOSITION.of_price(reais("89.99"))

    assert caught.value.rule == "composition-over-price"


def test_a_strict_policy_refuses_lines_that_do_not_reach_the_price() -> None:
    with pytest.raises(RefusedError, match=r"less than the price") as caught:
        check_lines(LINES, reais("100.00"), strict=True)

    assert caught.value.rule == "composition-under-price"


def test_lines_are_rescaled_with_what_they_leave() -> None:
    assert [str(part.value) for part in rescaled(LINES, reais("100.00"), reais("50.00"))] == [
        "30.00 BRL",
        "15.00 BRL",
    ]


def test_lines_of_nothing_stay_as_they_are() -> None:
    free = (line("access", "0"),)

    assert rescaled(free, reais("0"), reais("10.00")) == free


@given(st.lists(st.integers(0, 10**6), min_size=1), st.integers(0, 10**6), st.integers(0, 10**7))
def test_rescaled_lines_never_exceed_the_new_price(values: list[int], rest: int, price: int) -> None:
    brl = reais("0").currency
    lines = [Line(LineId(str(n)), "x", Money(value, brl), TARGET) for n, value in enumerate(values)]
    old, new = Money(sum(values) + rest, brl), Money(price, brl)

    parts = [part.value for part in rescaled(lines, old, new)]

    assert len(parts) == len(lines)
    if old.is_zero:
        assert total(parts, brl).is_zero
    else:
        assert total(parts, brl) <= new
        assert rest or total(parts, brl) == new

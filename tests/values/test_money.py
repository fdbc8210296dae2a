from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import Currency, Money, Rounding, percent_of, split_by_weight, split_evenly, total, zero

BRL = Currency.of("BRL")
amounts = st.integers(-(10**12), 10**12).map(lambda minor: Money(minor, BRL))


def reais(text: str) -> Money:
    return Money.of(text, "BRL")


def test_text_is_read_exactly() -> None:
    assert reais("0.10") + reais("0.20") == reais("0.30")


@pytest.mark.parametrize(
    ("amount", "minor"),
    [("100.00", 10000), ("100", 10000), ("-0.01", -1), ("+1.5", 150), (7, 700), (Decimal("1E+1"), 1000)],
)
def test_text_whole_numbers_and_decimals_become_cents(amount: str | int | Decimal, minor: int) -> None:
    assert Money.of(amount, BRL).minor == minor


@given(st.floats())
def test_no_float_is_money(amount: float) -> None:
    with pytest.raises(InvalidValueError, match=r"Money is text"):
        Money.of(amount, "BRL")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(InvalidValueError, match=r"whole minor units"):
        Money(amount, BRL)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize(
    "amount", ["", "1,00", "1.", ".5", "1e3", "1_000", "10 ", "NaN", "R$ 1", "1\n", "9" * 16]
)
def test_text_that_is_no_plain_number_is_refused(amount: str) -> None:
    with pytest.raises(InvalidValueError, match=r"not an amount"):
        reais(amount)


@pytest.mark.parametrize("amount", [True, None, b"1", Decimal("NaN"), Decimal("Infinity")])
def test_what_is_no_number_is_no_amount(amount: object) -> None:
    with pytest.raises(InvalidValueError, match=r"not an exact amount"):
        Money.of(amount, "BRL")  # type: ignore[arg-type]  # the mistake under test


def test_more_digits_than_the_currency_has_are_refused() -> None:
    with pytest.raises(InvalidValueError, match=r"more digits than BRL knows"):
        reais("0.001")


def test_a_currency_has_its_own_digits() -> None:
    assert Money.of("5", "JPY").minor == 5
    assert Money.of("5.125", "KWD").minor == 5125


@pytest.mark.parametrize("minor", [10**24, -(10**24), pytest.param(10**5000, id="huge")])
def test_an_amount_beyond_all_books_is_refused(minor: int) -> None:
    with pytest.raises(InvalidValueError, match=r"more than any books can hold"):
        Money(minor, BRL)


def test_the_largest_sum_shows_its_cents() -> None:
    assert str(Money(10**24 - 1, BRL)) == f"{'9' * 22}.99 BRL"


def test_an_unknown_currency_is_refused() -> None:
    with pytest.raises(InvalidValueError, match=r"'BRR' is not a currency"):
        Currency.of("BRR")


def test_money_shows_all_digits_of_its_currency() -> None:
    assert str(reais("20.7")) == "20.70 BRL"
    assert reais("20.7").amount == Decimal("20.70")


def test_nothing_is_zero() -> None:
    assert zero("BRL").is_zero
    assert not reais("0.01").is_zero
    assert total([], "BRL") == zero("BRL")


def test_amounts_of_one_currency_are_ordered() -> None:
    one, two = reais("1"), reais("2")

    assert one < two
    assert one <= two
    assert two > one
    assert two >= one
    assert not one > two
    assert not two < one


def test_two_currencies_do_not_mix() -> None:
    with pytest.raises(InvalidValueError, match=r"two currencies"):
        reais("1") + Money.of("1", "USD")
    with pytest.raises(InvalidValueError, match=r"two currencies"):
        _ = reais("1") < Money.of("1", "USD")


@given(amounts, amounts)
def test_what_is_added_can_be_taken_away(one: Money, other: Money) -> None:
    assert one + other - other == one
    assert one - one == zero(BRL)
    assert zero(BRL) - one == -one


@given(st.lists(amounts))
def test_a_total_is_the_sum_of_the_minor_units(parts: list[Money]) -> None:
    assert total(parts, BRL).minor == sum(part.minor for part in parts)


@given(amounts, st.integers(1, 60))
def test_equal_parts_sum_to_the_whole_and_differ_by_a_cent_at_most(amount: Money, parts: int) -> None:
    found = split_evenly(amount, parts)

    assert total(found, BRL) == amount
    assert len(found) == parts
    assert max(found).minor - min(found).minor <= 1


def test_the_first_parts_take_a_spare_cent_each() -> None:
    assert split_evenly(reais("100.00"), 3) == (reais("33.34"), reais("33.33"), reais("33.33"))
    assert split_evenly(reais("-0.05"), 2) == (reais("-0.03"), reais("-0.02"))


@given(amounts, st.lists(st.integers(0, 10**6), min_size=1).filter(any))
def test_weighted_parts_sum_to_the_whole_and_keep_their_proportion(amount: Money, weights: list[int]) -> None:
    parts = split_by_weight(amount, weights)

    assert total(parts, BRL) == amount
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part.minor * sum(weights) - amount.minor * weight) < sum(weights)


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_weights_that_cannot_share_are_refused(weights: list[int]) -> None:
    with pytest.raises(InvalidValueError, match=r"cannot share"):
        split_by_weight(reais("1"), weights)


def test_an_amount_is_not_split_into_no_parts() -> None:
    with pytest.raises(InvalidValueError, match=r"0 parts"):
        split_evenly(reais("1"), 0)


def test_a_percentage_is_rounded_once() -> None:
    assert percent_of(reais("100.00"), Decimal("12.5")) == reais("12.50")
    assert percent_of(reais("0.05"), Decimal(50)) == reais("0.03")
    assert percent_of(reais("0.05"), Decimal(50), Rounding.DOWN) == reais("0.02")

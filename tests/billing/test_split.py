"""Splitting a fragment's cents over lines: always whole, never negative, never far from exact."""

from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import hand_out

debts = st.fractions(min_value=-3, max_value=60, max_denominator=31 * 12000)


def one_at_a_time(cents: int, behind: list[Fraction]) -> tuple[int, ...]:
    given_out = [0] * len(behind)
    for _ in range(cents):
        left = [debt - given_out[n] for n, debt in enumerate(behind)]
        given_out[left.index(max(left))] += 1
    return tuple(given_out)


def largest_remainder(cents: int, exact: list[Fraction]) -> tuple[int, ...]:
    parts = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda n: parts[n] - exact[n])
    for n in by_rest[: cents - sum(parts)]:
        parts[n] += 1
    return tuple(parts)


@given(st.integers(0, 400), st.lists(debts, min_size=1, max_size=6))
def test_handing_out_is_giving_each_cent_to_the_line_furthest_behind(
    cents: int, behind: list[Fraction]
) -> None:
    assert hand_out(cents, behind) == one_at_a_time(cents, behind)


@given(st.lists(st.integers(0, 10000), min_size=1, max_size=6), st.integers(1, 31), st.integers(28, 31))
def test_what_is_handed_out_once_is_split_by_largest_remainder(
    values: list[int], days: int, whole: int
) -> None:
    exact = [Fraction(value * min(days, whole), whole) for value in values]
    cents = int(sum(exact) + Fraction(1, 2))

    shares = hand_out(cents, exact)

    assert shares == largest_remainder(cents, exact)
    assert sum(shares) == cents
    assert all(0 <= share <= ceil(debt) for share, debt in zip(shares, exact, strict=True))


def test_equal_lines_give_the_spare_cent_to_the_first() -> None:
    assert hand_out(100, [Fraction(100, 3)] * 3) == (34, 33, 33)


def test_a_line_that_is_ahead_waits() -> None:
    assert hand_out(2, [Fraction(-1, 2), Fraction(5, 2)]) == (0, 2)


def test_more_cents_than_anybody_is_behind_are_handed_out_all_the_same() -> None:
    assert hand_out(5, [Fraction(0), Fraction(0)]) == (3, 2)


def test_fewer_cents_than_are_owed_go_to_the_line_that_is_owed_most() -> None:
    assert hand_out(3, [Fraction(10), Fraction(12)]) == (1, 2)


def test_no_cents_are_no_cents() -> None:
    assert hand_out(0, [Fraction(7), Fraction(1, 3)]) == (0, 0)

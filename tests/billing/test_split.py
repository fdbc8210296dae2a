"""Splitting a fragment's cents over lines: always whole, never negative, never far from exact."""

from fractions import Fraction
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import hand_out

sizes = st.integers(1, 31 * 12000)
"""How many parts make a cent."""


@st.composite
def debts(draw: st.DrawFn) -> tuple[list[int], int]:
    """Draw what some lines are behind, from three cents ahead to sixty behind, and the size of its parts."""
    of = draw(sizes)
    return draw(st.lists(st.integers(-3 * of, 60 * of), min_size=1, max_size=6)), of


def one_at_a_time(cents: int, behind: list[int], of: int) -> tuple[int, ...]:
    given_out = [0] * len(behind)
    for _ in range(cents):
        left = [Fraction(debt, of) - given_out[n] for n, debt in enumerate(behind)]
        given_out[left.index(max(left))] += 1
    return tuple(given_out)


def largest_remainder(cents: int, exact: list[Fraction]) -> tuple[int, ...]:
    parts = [int(share) for share in exact]
    by_rest = sorted(range(len(exact)), key=lambda n: parts[n] - exact[n])
    for n in by_rest[: cents - sum(parts)]:
        parts[n] += 1
    return tuple(parts)


@given(st.integers(0, 400), debts())
def test_handing_out_is_giving_each_cent_to_the_line_furthest_behind(
    cents: int, owed: tuple[list[int], int]
) -> None:
    behind, of = owed

    assert hand_out(cents, behind, of) == one_at_a_time(cents, behind, of)


@given(st.lists(st.integers(0, 10000), min_size=1, max_size=6), st.integers(1, 31), st.integers(28, 31))
def test_what_is_handed_out_once_is_split_by_largest_remainder(
    values: list[int], days: int, whole: int
) -> None:
    behind = [value * min(days, whole) for value in values]
    exact = [Fraction(parts, whole) for parts in behind]
    cents = int(sum(exact) + Fraction(1, 2))

    shares = hand_out(cents, behind, whole)

    assert shares == largest_remainder(cents, exact)
    assert sum(shares) == cents
    assert all(0 <= share <= ceil(debt) for share, debt in zip(shares, exact, strict=True))


def test_equal_lines_give_the_spare_cent_to_the_first() -> None:
    assert hand_out(100, [100, 100, 100], of=3) == (34, 33, 33)


def test_a_line_that_is_ahead_waits() -> None:
    assert hand_out(2, [-1, 5], of=2) == (0, 2)


def test_more_cents_than_anybody_is_behind_are_handed_out_all_the_same() -> None:
    assert hand_out(5, [0, 0], of=1) == (3, 2)


def test_fewer_cents_than_are_owed_go_to_the_line_that_is_owed_most() -> None:
    assert hand_out(3, [10, 12], of=1) == (1, 2)


def test_no_cents_are_no_cents() -> None:
    assert hand_out(0, [21, 1], of=3) == (0, 0)

"""Fragments of a cycle: charged by running totals, so that no cent appears or is lost."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import ChargedFragment, Fragment, Terms
from ispcore.billing.desired import charged_fragments
from ispcore.catalog import BillingPolicy, Line
from ispcore.plans import (
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    CustomiseComposition,
    Discount,
    RestoreComposition,
    cycle_holding,
)
from ispcore.values import Period, Rounding, round_ratio
from tests.billing.lives import cents
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl, catalogue, line

FIRST = date(2012, 3, 1)
MARCH = cycle_holding(FIRST, 31)
MODES = st.sampled_from(Rounding)
cuts = st.sets(st.integers(1, 30), max_size=8).map(sorted)


def lines_of(values: Sequence[int]) -> tuple[Line, ...]:
    return tuple(line(f"line{n}", str(cents(value).amount)) for n, value in enumerate(values))


def fragment(start: int, end: int, values: Sequence[int], *, to_pay: int | None = None) -> Fragment:
    """Return the fragment of March from day number *start* to *end*, its lines making up the price."""
    price = sum(values)
    return Fragment(
        period=Period(FIRST + timedelta(days=start), FIRST + timedelta(days=end)),
        price=cents(price),
        to_pay=cents(price if to_pay is None else to_pay),
        lines=lines_of(values),
        weight=end - start,
        price_since=FIRST,
        composition_since=None,
    )


def charged(found: Sequence[Fragment], mode: Rounding = Rounding.HALF_UP) -> tuple[ChargedFragment, ...]:
    return charged_fragments(found, Terms(BillingPolicy(rounding=mode)), MARCH.period.days)


def cut_at(days: Sequence[int], values: Sequence[int]) -> list[Fragment]:
    return [fragment(start, end, values) for start, end in pairwise([0, *days, 31])]


def cents_by_line(parts: Iterable[ChargedFragment]) -> list[int]:
    rows = [[share.cents for share in part.shares] for part in parts]
    return [sum(column) for column in zip(*rows, strict=True)]


@given(cuts, st.lists(st.integers(0, 10000), min_size=1, max_size=4), MODES)
def test_fragments_that_fill_a_cycle_sum_to_its_price_and_each_line_to_its_value(
    days: list[int], values: list[int], mode: Rounding
) -> None:
    """Other engines issued corrections of one cent; here parts sum to the whole."""
    parts = charged(cut_at(days, values), mode)

    assert sum(part.cents for part in parts) == sum(values)
    assert cents_by_line(parts) == values


@st.composite
def changing_cycles(draw: st.DrawFn) -> list[Fragment]:
    """Draw fragments of March with gaps, other prices, discounts and values, all with the same lines."""
    days = [0, *draw(cuts), 31]
    count = draw(st.integers(1, 4))
    values = st.lists(st.integers(0, 9999), min_size=count, max_size=count)
    found = []
    for start, end in pairwise(days):
        if draw(st.integers(0, 3)):  # else a gap
            mine = draw(values)
            found.append(fragment(start, end, mine, to_pay=draw(st.integers(0, sum(mine)))))
    return found


@given(changing_cycles(), MODES)
def test_every_total_is_the_exact_total_rounded(found: list[Fragment], mode: Rounding) -> None:
    total = 0
    for part in charged(found, mode):
        total += part.cents
        assert part.cents >= 0
        assert total == round_ratio(part.exact_after, part.weight_of, mode)


@given(changing_cycles(), MODES)
def test_lines_sum_to_the_fragment_and_none_is_negative_or_above_its_exact_total(
    found: list[Fragment], mode: Rounding
) -> None:
    for part in charged(found, mode):
        assert sum(share.cents for share in part.shares) == part.cents
        assert min(share.cents for share in part.shares) >= 0
        assert all(
            share.charged_before + share.cents <= ceil(share.exact) for share in part.shares if share.cents
        )


@given(st.integers(0, 30), st.integers(1, 31), st.lists(st.integers(0, 9999), min_size=1, max_size=5))
def test_a_lone_fragment_is_simply_rounded_and_split_by_largest_remainder(
    start: int, length: int, values: list[int]
) -> None:
    end = min(start + length, 31)
    (part,) = charged([fragment(start, end, values)])

    exact = [Fraction(value * (end - start), 31) for value in values]
    down = [floor(share) for share in exact]
    by_rest = sorted(range(len(values)), key=lambda n: down[n] - exact[n])
    up = by_rest[: part.cents - sum(down)]
    assert part.cents == floor(sum(exact) + Fraction(1, 2))
    assert [share.cents for share in part.shares] == [down[n] + (n in up) for n in range(len(values))]


@given(st.sets(st.integers(1, 30)).map(sorted))
def test_a_line_of_one_cent_never_turns_negative(days: list[int]) -> None:
    """Largest remainder on running totals would take the cent back on the sixteenth day."""
    parts = charged(cut_at(days, [6000, 3989, 1]))

    assert all(share.cents >= 0 for part in parts for share in part.shares)
    assert cents_by_line(parts) == [6000, 3989, 1]


def test_a_line_of_one_cent_is_owed_from_the_day_it_is_furthest_behind() -> None:
    parts = charged(cut_at(range(1, 31), [6000, 3989, 1]))

    assert [part.shares[2].cents for part in parts].count(1) == 1
    assert {part.cents for part in parts} == {322, 323}


def test_ten_in_three_parts_of_ten_days_is_ten() -> None:
    """A naive split of 10.00 over thirty days gives 3.33 three times, and 9.99."""
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1), price=brl("10.00"))
    own = (line("own", "10.00"),)
    books.record(CustomiseComposition(subscription=SUBSCRIPTION, lines=own, on=date(2012, 4, 11)))
    books.record(RestoreComposition(subscription=SUBSCRIPTION, on=date(2012, 4, 21)))

    entries = books.close(date(2012, 4, 30)).entries

    parts = {entry.key.line: [part.cents for part in books.explain(entry).parts] for entry in entries}
    assert parts == {"remainder": [333, 333], "own": [334]}


def test_a_change_that_changes_nothing_cuts_nothing() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    nothing = Discount(percent=Decimal(0))
    books.record(ChangeDiscount(subscription=SUBSCRIPTION, discount=nothing, on=date(2012, 4, 11)))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("100.00"), on=date(2012, 4, 21)))

    (entry,) = books.close(date(2012, 4, 30)).entries

    (part,) = books.explain(entry).parts
    assert str(part.fragment.period) == "01/04/2012 to 30/04/2012, 30 days"
    assert part.fragment.price_since == date(2010, 1, 1)


def test_the_denominator_is_the_whole_cycle_after_a_change_too() -> None:
    """An upgrade must not shrink what later days are divided by."""
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 11), price=brl("30.00"))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("60.00"), on=date(2012, 4, 21)))

    (entry,) = books.close(date(2012, 4, 30)).entries

    assert [(part.cents, part.weight_of) for part in books.explain(entry).parts] == [(1000, 30), (2000, 30)]


def test_running_totals_stop_at_a_change_of_plan() -> None:
    books = KeptBooks()
    old = books.open("adsl", date(2012, 4, 1), price=brl("10.01"))
    change = ChangePlan(subscription=old, plan="no-last-day", price=brl("10.01"), on=date(2012, 4, 16))
    new = books.record(change)

    books.close(date(2012, 4, 30))

    assert (books.by_cycle(old), books.by_cycle(new)) == ({"2012-04": "5.01"}, {"2012-04": "5.01"})


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("half_up", {"2012-04": "0.01", "2012-06": "0.02"}),
        ("half_even", {"2012-04": "0.00", "2012-06": "0.02"}),
        ("down", {"2012-04": "0.00", "2012-06": "0.01"}),
    ],
)
def test_half_a_cent_goes_where_the_policy_says(mode: str, expected: dict[str, str]) -> None:
    books = KeptBooks(catalogue(policies={"standard": {"rounding": mode}}))
    books.open("adsl", date(2012, 4, 16), price=brl("0.01"))  # fifteen days of thirty
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("0.00"), on=date(2012, 5, 1)))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("0.03"), on=date(2012, 6, 16)))

    books.close(date(2012, 6, 30))

    assert books.by_cycle() == {**expected, "2012-05": "0.00"}

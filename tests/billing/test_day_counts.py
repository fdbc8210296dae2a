"""How much the days of a cycle weigh: real days, months of 30 or 28, the commercial month."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing.weights import weights, whole_weight
from ispcore.catalog import AnchorKind, DayCount
from ispcore.plans import ChangeDiscount, ChangePrice, Discount, Grid, Pause, Unpause, closing_grid
from ispcore.values import Every, Period
from tests.billing.by_policy import by_start, opened
from tests.catalogues import SUBSCRIPTION, brl

ACTUAL, OF_30, OF_28, COMMERCIAL = DayCount
MONTH, QUARTER, YEAR, WEEK = Every(), Every(3), Every(12), Every(0, 1)


def span(first: str, last: str) -> Period:
    return Period.through(date.fromisoformat(first), date.fromisoformat(last))


def ratios(part: Period, cycle: Period, every: Every) -> list[str]:
    """Return the weight of *part* in *cycle* by each day count, in their order."""
    return [
        f"{weights([part], cycle, every, count)[0]}/{whole_weight(cycle, every, count)}" for count in DayCount
    ]


@pytest.mark.parametrize(
    ("first", "last", "cycle", "expected"),
    [
        # actual, months of 30, months of 28, actual/360
        ("2021-01-27", "2021-01-31", ("2021-01-01", "2021-01-31"), ["5/31", "4/30", "2/28", "5/30"]),
        ("2021-01-31", "2021-01-31", ("2021-01-01", "2021-01-31"), ["1/31", "0/30", "0/28", "1/30"]),
        ("2021-04-16", "2021-04-30", ("2021-04-01", "2021-04-30"), ["15/30", "15/30", "13/28", "15/30"]),
        ("2021-02-01", "2021-02-14", ("2021-02-01", "2021-02-28"), ["14/28", "14/30", "14/28", "14/30"]),
        ("2021-02-28", "2021-02-28", ("2021-02-01", "2021-02-28"), ["1/28", "3/30", "1/28", "1/30"]),
        ("2020-02-29", "2020-02-29", ("2020-02-01", "2020-02-29"), ["1/29", "2/30", "0/28", "1/30"]),
        ("2021-02-23", "2021-03-14", ("2021-02-15", "2021-03-14"), ["20/28", "22/30", "20/28", "20/30"]),
        ("2023-05-23", "2023-06-14", ("2023-05-15", "2023-06-14"), ["23/31", "22/30", "20/28", "23/30"]),
    ],
)
def test_part_of_a_month_weighs_its_days_by_the_day_count(
    first: str, last: str, cycle: tuple[str, str], expected: list[str]
) -> None:
    assert ratios(span(first, last), span(*cycle), MONTH) == expected


@pytest.mark.parametrize(
    ("cycle", "every", "part", "expected"),
    [
        (
            ("2021-01-01", "2021-03-31"),
            QUARTER,
            ("2021-02-01", "2021-02-28"),
            ["28/90", "30/90", "28/84", "28/90"],
        ),
        (
            ("2012-01-01", "2012-03-31"),
            QUARTER,
            ("2012-02-01", "2012-02-29"),
            ["29/91", "30/90", "28/84", "29/90"],
        ),
        (
            ("2012-01-01", "2012-12-31"),
            YEAR,
            ("2012-01-01", "2012-01-31"),
            ["31/366", "30/360", "28/336", "31/360"],
        ),
        (("2012-03-26", "2012-04-01"), WEEK, ("2012-03-30", "2012-03-31"), ["2/7", "1/6", "0/4", "2/7"]),
    ],
)
def test_part_of_a_longer_or_shorter_cycle_is_weighed_in_the_whole_cycle(
    cycle: tuple[str, str], every: Every, part: tuple[str, str], expected: list[str]
) -> None:
    assert ratios(span(*part), span(*cycle), every) == expected


@pytest.mark.parametrize(
    ("cycle", "every", "last_days", "expected"),
    [
        (("2021-02-01", "2021-02-28"), MONTH, ["2021-02-14", "2021-02-28"], [14, 16]),
        (("2021-01-01", "2021-01-31"), MONTH, ["2021-01-16", "2021-01-31"], [16, 14]),
        (("2012-01-01", "2012-12-31"), YEAR, ["2012-12-25", "2012-12-31"], [360, 0]),
    ],
)
def test_in_the_commercial_month_the_part_that_completes_a_used_cycle_takes_the_rest(
    cycle: tuple[str, str], every: Every, last_days: list[str], expected: list[int]
) -> None:
    whole = span(*cycle)
    cuts = [whole.start, *(Period.through(whole.start, date.fromisoformat(day)).end for day in last_days)]

    parts = [Period(start, end) for start, end in pairwise(cuts)]

    assert weights(parts, whole, every, COMMERCIAL) == expected


def test_in_the_commercial_month_thirty_of_thirty_one_days_cost_the_price_and_never_more() -> None:
    january = span("2021-01-01", "2021-01-31")
    parts = [span("2021-01-01", "2021-01-10"), span("2021-01-12", "2021-01-31")]

    assert weights(parts, january, MONTH, COMMERCIAL) == [10, 20]


@given(
    st.dates(date(2000, 1, 1), date(2030, 12, 31)),
    st.integers(1, 31),
    st.sampled_from([MONTH, QUARTER, YEAR, WEEK]),
    st.sampled_from(DayCount),
    st.sets(st.integers(1, 366), max_size=5),
)
def test_parts_that_fill_a_cycle_weigh_the_whole(
    day: date, closing_day: int, every: Every, count: DayCount, cuts: set[int]
) -> None:
    cycle = closing_grid(every, closing_day, day).holding(day)
    inner = sorted(cut for cut in cuts if cut < cycle.days)
    days = [date.fromordinal(cycle.start.toordinal() + cut) for cut in [0, *inner, cycle.days]]

    parts = [Period(start, end) for start, end in pairwise(days)]

    found = weights(parts, cycle, every, count)
    assert sum(found) == whole_weight(cycle, every, count)
    assert min(found) >= 0


@pytest.mark.parametrize(
    ("count", "expected"),
    [(ACTUAL, "50.00"), (OF_30, "53.33"), (OF_28, "50.00"), (COMMERCIAL, "46.67")],
)
def test_a_start_on_the_15th_of_february_pays_by_the_day_count(count: DayCount, expected: str) -> None:
    books = opened(date(2021, 2, 15), day_count=count)  # 14 of 28; 16 of 30; 14 of 28; 14 of 30

    books.close(date(2021, 3, 31))

    assert by_start(books) == {"2021-02-01": expected, "2021-03-01": "100.00"}


def test_a_price_that_changes_in_a_commercial_february_is_weighed_by_both_parts() -> None:
    books = opened(date(2021, 2, 1), "300.00", day_count=COMMERCIAL)
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("600.00"), on=date(2021, 2, 15)))

    books.close(date(2021, 2, 28))

    assert by_start(books) == {"2021-02-01": "460.00"}  # 300 x 14/30 + 600 x 16/30


def test_lines_of_a_commercial_february_are_split_by_their_own_totals() -> None:
    books = opened(date(2021, 2, 1), None, plan="fibre", day_count=COMMERCIAL)
    off = Discount(percent=Decimal(10))
    books.record(ChangeDiscount(subscription=SUBSCRIPTION, discount=off, on=date(2021, 2, 15)))

    books.close(date(2021, 2, 28))

    assert {key[2]: net for key, net in books.nets().items()} == {
        "access": "75.73",  # 80 x 14/30 + 72 x 16/30
        "films": "28.40",
        "remainder": "9.47",
    }


def test_a_yearly_plan_with_a_new_price_and_a_pause_counts_the_days_of_the_year() -> None:
    books = opened(date(2012, 1, 1), "366.00", every=YEAR, anchor=AnchorKind.START)
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 3, 1)))
    books.record(Unpause(subscription=SUBSCRIPTION, on=date(2012, 3, 11)))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("732.00"), on=date(2012, 7, 1)))

    books.close(date(2012, 12, 31))

    assert by_start(books) == {"2012-01-01": "540.00"}  # 172 days at 1.00, 184 at 2.00


@pytest.mark.parametrize(("every", "days", "days_of"), [(QUARTER, 14, 91), (YEAR, 14, 366), (WEEK, 4, 7)])
def test_the_first_part_of_a_long_cycle_is_of_the_whole_real_cycle(
    every: Every, days: int, days_of: int
) -> None:
    books = opened(date(2012, 3, 18), every=every, closing_month=3, closing_day=31)
    if every is WEEK:
        books = opened(date(2012, 3, 29), every=every, closing_day=7)

    (entry, *_) = books.close(date(2012, 4, 1)).entries

    assert (entry.days, entry.days_of) == (days, days_of)


def test_the_grid_of_a_quarter_closes_in_the_month_that_the_policy_names() -> None:
    assert Grid(day=31, every=QUARTER, phase=2).holding(date(2012, 2, 10)) == span("2012-01-01", "2012-03-31")

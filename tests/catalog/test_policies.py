from datetime import date
from enum import Enum
from typing import Any

import pytest

from ispcore.catalog import (
    Accrual,
    AnchorKind,
    BillingPolicy,
    ClosingMove,
    DatedPolicy,
    DayCount,
    FirstBill,
    Proration,
    Suspension,
    policy_on,
    read_catalogue,
)
from ispcore.errors import DocumentError
from ispcore.values import Every

EVER = DatedPolicy(None, BillingPolicy(lead_days=1))
LATER = DatedPolicy(date(2012, 6, 1), BillingPolicy(lead_days=2))
LAST = DatedPolicy(date(2013, 1, 1), BillingPolicy(lead_days=3))


@pytest.mark.parametrize("versions", [(EVER, LATER, LAST), (LAST, LATER, EVER)])
@pytest.mark.parametrize(
    ("day", "lead"),
    [(date(2000, 1, 1), 1), (date(2012, 5, 31), 1), (date(2012, 6, 1), 2), (date(2020, 1, 1), 3)],
)
def test_the_last_policy_begun_is_in_force(versions: tuple[DatedPolicy, ...], day: date, lead: int) -> None:
    assert policy_on(versions, day).lead_days == lead


def test_the_earliest_policy_rules_the_time_before_it_too() -> None:
    assert policy_on((LAST, LATER), date(2000, 1, 1)).lead_days == 2


def test_an_amount_belongs_to_the_month_before_of_or_after_the_due_month() -> None:
    assert [accrual.months for accrual in Accrual] == [-1, 0, 1]


# --- read from documents

CHOICES = {
    "every": "quarter",
    "anchor": "start",
    "closing_month": 3,
    "closing_move": "cut",
    "day_count": "months_of_30",
    "proration": "free",
    "first_bill": "with_next",
    "greedy": True,
    "suspension": "extend",
}


def read(**written: Any) -> BillingPolicy:
    document = {"currency": "BRL", "policies": {"other": written}}
    return read_catalogue(document).policy("other", date(2012, 1, 1))


def problems(**written: Any) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        read(**written)
    return [str(problem) for problem in refused.value.problems]


def test_every_choice_is_read() -> None:
    assert read(**CHOICES) == BillingPolicy(
        every=Every(months=3),
        anchor=AnchorKind.START,
        closing_month=3,
        closing_move=ClosingMove.CUT,
        day_count=DayCount.MONTHS_OF_30,
        proration=Proration.FREE,
        first_bill=FirstBill.WITH_NEXT,
        greedy=True,
        suspension=Suspension.EXTEND,
    )


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("anchor", AnchorKind),
        ("closing_move", ClosingMove),
        ("day_count", DayCount),
        ("proration", Proration),
        ("first_bill", FirstBill),
        ("suspension", Suspension),
    ],
)
def test_a_choice_is_one_of_its_words_and_another_is_refused_with_the_words(
    key: str, kind: type[Enum]
) -> None:
    for one in kind:
        assert getattr(read(**{key: one.value}), key) is one

    (problem,) = problems(**{key: "sometimes"})
    assert problem.startswith(f"policies.other.{key}: 'sometimes' is not known here.")
    assert all(one.value in problem for one in kind)


@pytest.mark.parametrize(
    ("every", "length"),
    [
        ("week", Every(months=0, weeks=1)),
        ("2 weeks", Every(months=0, weeks=2)),
        ("month", Every()),
        ("2 months", Every(months=2)),
        ("quarter", Every(months=3)),
        ("half-year", Every(months=6)),
        ("year", Every(months=12)),
        ("36 months", Every(months=36)),
    ],
)
def test_the_length_of_a_cycle_is_named_or_counted(every: str, length: Every) -> None:
    assert read(every=every).every == length


@pytest.mark.parametrize("every", ["2 months", "quarter", "4 months", "half-year", "year"])
@pytest.mark.parametrize("month", [1, 12])
def test_cycles_that_fit_into_a_year_close_in_a_month(every: str, month: int) -> None:
    assert read(every=every, closing_month=month).closing_month == month


@pytest.mark.parametrize("every", ["month", "5 months", "7 months", "24 months", "week", "12 weeks"])
def test_cycles_that_do_not_close_in_the_same_months_have_no_closing_month(every: str) -> None:
    (problem,) = problems(every=every, closing_month=3)

    assert problem == (
        f"policies.other.closing_month: Cycles of {every} do not close in the same months of every year. "
        "Leave it out, or bill every 2, 3, 4, 6 or 12 months."
    )


def test_weeks_close_on_one_of_seven_days() -> None:
    assert read(every="week", closing_day=1).closing_day == 1
    assert problems(every="week", closing_day=15) == [
        "policies.other.closing_day: 15 is not between 1 and 7."
    ]


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("every", "fortnight", "'fortnight' is no length of a cycle. Use week, month"),
        ("every", "37 months", "A cycle cannot last 37 months and 0 weeks."),
        ("every", 3, "3 (int) is not a length of a cycle."),
        ("closing_month", 0, "0 is not between 1 and 12."),
        ("closing_month", 13, "13 is not between 1 and 12."),
        ("closing_month", "March", "'March' is not a whole number."),
        ("greedy", "yes", "'yes' is not true or false."),
        ("closing_day", 32, "32 is not between 1 and 31."),
    ],
)
def test_a_bad_value_is_refused_and_named(key: str, value: object, problem: str) -> None:
    (told,) = problems(**{"every": "quarter", key: value})

    assert told.startswith(f"policies.other.{key}: {problem}")


def test_all_bad_values_are_told_at_once() -> None:
    told = problems(every="never", anchor="end", greedy=1, suspension="none", proration="half")

    assert [problem.split(":")[0] for problem in told] == [
        f"policies.other.{key}" for key in ("every", "anchor", "proration", "greedy", "suspension")
    ]


def test_each_version_of_a_dated_policy_has_choices_of_its_own() -> None:
    versions = [
        {"from": "2012-01-01", "every": "quarter"},
        {"from": "2013-01-01", "day_count": "actual_360"},
    ]
    document = {"currency": "BRL", "policies": {"other": {"versions": versions}}}

    dated = read_catalogue(document)

    assert dated.policy("other", date(2012, 6, 1)).every == Every(months=3)
    assert dated.policy("other", date(2013, 6, 1)) == BillingPolicy(day_count=DayCount.ACTUAL_360)

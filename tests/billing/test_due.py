"""When an amount is to be paid, and which months it and its document belong to."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import accrual_month, due_date
from ispcore.catalog import Accrual, BillingPolicy, BusinessUnit, DueRoll
from ispcore.plans import ChangeBillingTerms
from ispcore.values import PlainCalendar
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, catalogue

UNIT = BusinessUnit("any", "Any")
HOLIDAYS = PlainCalendar(frozenset({date(2012, 9, 7), date(2012, 9, 10)}))
ROLLED = BillingPolicy(due_roll=DueRoll.NEXT_BUSINESS_DAY)


@pytest.mark.parametrize(
    ("issued_on", "lead", "due_day", "expected"),
    [
        (date(2012, 3, 31), 5, 10, date(2012, 4, 10)),
        (date(2012, 3, 5), 5, 10, date(2012, 3, 10)),  # exactly the lead
        (date(2012, 3, 6), 5, 10, date(2012, 4, 10)),  # a day too late for this month
        (date(2012, 3, 10), 0, 10, date(2012, 3, 10)),
        (date(2012, 12, 28), 5, 1, date(2013, 2, 1)),
    ],
)
def test_the_due_date_is_the_first_due_day_after_the_lead(
    issued_on: date, lead: int, due_day: int, expected: date
) -> None:
    assert due_date(issued_on, due_day, BillingPolicy(lead_days=lead), UNIT) == expected


@pytest.mark.parametrize(
    ("issued_on", "expected"), [(date(2012, 2, 1), date(2012, 2, 29)), (date(2013, 4, 1), date(2013, 4, 30))]
)
def test_a_due_day_that_the_month_lacks_is_its_last(issued_on: date, expected: date) -> None:
    assert due_date(issued_on, 31, BillingPolicy(), UNIT) == expected


def test_a_due_date_stays_on_a_weekend_unless_the_policy_rolls_it() -> None:
    saturday = date(2012, 3, 10)

    assert due_date(date(2012, 3, 1), 10, BillingPolicy(), UNIT) == saturday
    assert due_date(date(2012, 3, 1), 10, ROLLED, UNIT) == date(2012, 3, 12)


def test_a_due_date_rolls_over_holidays_of_the_units_calendar() -> None:
    unit = BusinessUnit("any", "Any", calendar=HOLIDAYS)  # a Friday and the Monday after it

    assert due_date(date(2012, 9, 1), 7, ROLLED, unit) == date(2012, 9, 11)


def test_a_unit_of_weekdays_only_rolls_whatever_the_policy_says() -> None:
    unit = BusinessUnit("any", "Any", weekdays_only=True)

    assert due_date(date(2012, 3, 1), 10, BillingPolicy(), unit) == date(2012, 3, 12)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(1, 31), st.integers(0, 60))
def test_the_due_date_is_never_before_the_lead_nor_more_than_a_month_after_it(
    issued_on: date, due_day: int, lead: int
) -> None:
    waited = (due_date(issued_on, due_day, BillingPolicy(lead_days=lead), UNIT) - issued_on).days

    assert lead <= waited <= lead + 31


@pytest.mark.covers("S3-048")
@pytest.mark.parametrize(
    ("accrual", "expected"),
    [
        (Accrual.PAST, date(2011, 12, 1)),
        (Accrual.PRESENT, date(2012, 1, 1)),
        (Accrual.FUTURE, date(2012, 2, 1)),
    ],
)
def test_the_accrual_month_is_counted_from_the_due_month(accrual: Accrual, expected: date) -> None:
    assert accrual_month(date(2012, 1, 31), accrual) == expected


def test_charge_and_document_have_each_their_own_accrual_month() -> None:
    books = KeptBooks(
        catalogue(policies={"standard": {"charge_accrual": "past", "document_accrual": "future"}})
    )
    books.open("adsl", date(2012, 3, 1))

    (receivable,) = books.close(date(2012, 3, 31)).receivables

    assert receivable.due_on == date(2012, 4, 10)
    assert (receivable.accrual, receivable.document_accrual) == (date(2012, 3, 1), date(2012, 5, 1))


def test_a_receivable_takes_the_due_day_that_holds_when_it_is_issued() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, due_day=25, on=date(2012, 4, 2)))

    (receivable,) = books.close(date(2012, 4, 3)).receivables

    assert receivable.due_on == date(2012, 4, 25)

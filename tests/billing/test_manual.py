"""The numbers of the manuals: a first bill, trials, discounts, the status that tries a plan."""

from datetime import date
from decimal import Decimal

import pytest

from ispcore.billing import Closing, charges_of_cycle, terms_of
from ispcore.catalog import Trial, TrialKind
from ispcore.plans import ChangeDiscount, Discount, cycle_holding
from tests.books import KeptBooks
from tests.catalogues import CATALOGUE, START, SUBSCRIPTION, brl, subscribed

LEAP_DAY = date(2012, 2, 29)


def issued(closing: Closing) -> list[tuple[str, str, int, int]]:
    """Return first day of the cycle, amount, days and days in all of what *closing* issued."""
    return [
        (f"{entry.key.cycle.period.start:%d/%m/%Y}", str(entry.amount.amount), entry.days, entry.days_of)
        for entry in closing.entries
    ]


def days_of_february(trial: Trial | None = None) -> str:
    timeline = subscribed(on=START, trial=trial)
    cycle = cycle_holding(START, 31)
    (charge,) = charges_of_cycle(timeline, terms_of(CATALOGUE, cycle, "standard", {"adsl"}), cycle)
    return str(charge.parts[0].fragment.period)


@pytest.mark.covers("S0-009", "S0-010", "S0-026")
def test_a_start_on_the_24th_pays_six_days_of_february() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24), closing_day=31)

    assert issued(books.close(LEAP_DAY)) == [("01/02/2012", "20.69", 6, 29)]


def test_the_six_days_are_the_24th_to_the_29th() -> None:
    assert days_of_february() == "24/02/2012 to 29/02/2012, 6 days"


@pytest.mark.covers("S0-010")
def test_nothing_is_issued_before_the_closing_day() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))

    assert issued(books.close(date(2012, 2, 28))) == []


@pytest.mark.covers("S0-011")
def test_the_next_period_is_march_in_full() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))
    books.close(LEAP_DAY)

    closing = books.close(date(2012, 3, 31))

    assert issued(closing) == [("01/03/2012", "100.00", 31, 31)]
    assert str(closing.entries[0].key.cycle) == "01/03/2012 to 31/03/2012, 31 days"


@pytest.mark.covers("S0-036")
def test_the_last_closing_date_is_kept_by_itself() -> None:
    books = KeptBooks()
    number = books.open("adsl", date(2012, 2, 24))

    (one,) = books.close(date(2012, 3, 5)).subscriptions

    assert one.subscription == number
    assert one.closed_through == date(2012, 3, 1)


@pytest.mark.covers("S0-013", "S0-014")
def test_three_trial_days_leave_three_days_to_pay() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24), trial=Trial(TrialKind.DAYS, 3))

    assert issued(books.close(LEAP_DAY)) == [("01/02/2012", "10.34", 3, 29)]


def test_the_three_days_after_the_trial_are_the_27th_to_the_29th() -> None:
    assert days_of_february(Trial(TrialKind.DAYS, 3)) == "27/02/2012 to 29/02/2012, 3 days"


def test_a_trial_moves_no_later_period() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24), trial=Trial(TrialKind.DAYS, 3))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-02": "10.34", "2012-03": "100.00"}


@pytest.mark.covers("S0-038", "S0-039", "S0-040")
@pytest.mark.parametrize("discount", [Discount(amount=brl("10.00")), Discount(percent=Decimal(10))])
def test_ten_off_a_hundred_is_ten_percent_and_ninety_to_pay(discount: Discount) -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1), discount=discount)

    books.close(date(2012, 3, 31))

    assert (discount.off(brl("100.00")), discount.as_percent(brl("100.00"))) == (brl("10.00"), Decimal(10))
    assert books.by_cycle() == {"2012-03": "90.00"}


def test_without_a_discount_the_value_is_paid() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1), discount=Discount(amount=brl("10.00")))
    books.record(ChangeDiscount(subscription=SUBSCRIPTION, discount=None, on=date(2012, 4, 1)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-03": "90.00", "2012-04": "100.00"}


@pytest.mark.covers("S0-014", "S4-004", "S4-005", "S4-006", "S4-007", "S4-008")
def test_ten_days_of_experimenta_are_free_and_the_eleventh_is_billed() -> None:
    books = KeptBooks()
    number = books.open("trial-status", date(2012, 3, 1), status=None)

    books.close(date(2012, 3, 31))

    first, eleventh = (books.timelines[number].on(date(2012, 3, day)) for day in (1, 11))
    assert first is not None
    assert eleventh is not None
    assert (first.status.description, first.serves.value, first.bills) == ("Experimenta", "full", False)
    assert (eleventh.status.description, eleventh.bills) == ("Serviço Habilitado", True)
    assert books.by_cycle() == {"2012-03": "67.74"}  # 21 of 31 days


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ("adsl", {"2012-03": "54.84", "2012-04": "100.00"}),  # 15/03 to 31/03
        ("trial-days", {"2012-03": "45.16", "2012-04": "100.00"}),  # 18/03 to 31/03
        ("trial-cycle", {"2012-05": "100.00"}),  # closes on the 10th: free to 10/04
        ("trial-status", {"2012-03": "22.58", "2012-04": "100.00"}),  # 25/03 to 31/03
    ],
)
@pytest.mark.covers("S0-014")
def test_each_kind_of_trial_frees_its_own_days(plan: str, expected: dict[str, str]) -> None:
    books = KeptBooks()
    books.open(plan, date(2012, 3, 15), status=None if plan == "trial-status" else "enabled")

    books.close(date(2012, 5, 10))

    assert books.by_cycle() == expected


@pytest.mark.covers("S0-015")
def test_the_proportional_trial_frees_the_rest_of_the_month() -> None:
    books = KeptBooks()
    books.open("trial-month", date(2012, 3, 15), closing_day=10)

    books.close(date(2012, 5, 10))

    assert books.by_cycle() == {"2012-04": "32.26", "2012-05": "100.00"}  # 01/04 to 10/04: 10 of 31 days


def test_of_two_trials_the_one_that_ends_last_counts_and_they_never_add_up() -> None:
    books = KeptBooks()
    books.open("trial-month", date(2012, 3, 20), trial=Trial(TrialKind.DAYS, 5))
    books.open("trial-month", date(2012, 3, 20), trial=Trial(TrialKind.DAYS, 22))

    books.close(date(2012, 4, 30))

    first, second = books.timelines
    assert books.by_cycle(first) == {"2012-04": "100.00"}
    assert books.by_cycle(second) == {"2012-04": "66.67"}  # free to 10/04: 20 of 30 days


def test_a_trial_inside_a_timed_status_adds_no_day() -> None:
    books = KeptBooks()
    books.open("trial-status", date(2012, 3, 1), status=None, trial=Trial(TrialKind.DAYS, 8))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "67.74"}  # Experimenta lasts to 10/03


def test_the_31st_closes_at_the_end_of_every_month() -> None:
    """Days are clamped to a short month and come back afterwards."""
    books = KeptBooks()
    books.open("adsl", date(2012, 1, 1), closing_day=31)

    books.close(date(2012, 4, 30))

    periods = [str(entry.key.cycle) for entry in books.charges]
    assert periods == [
        "01/01/2012 to 31/01/2012, 31 days",
        "01/02/2012 to 29/02/2012, 29 days",
        "01/03/2012 to 31/03/2012, 31 days",
        "01/04/2012 to 30/04/2012, 30 days",
    ]


def test_the_30th_closes_on_the_last_of_february_and_on_the_30th_again() -> None:
    books = KeptBooks()
    books.open("adsl", date(2013, 1, 31), closing_day=30)

    books.close(date(2013, 3, 30))

    assert [str(entry.key.cycle) for entry in books.charges] == [
        "31/01/2013 to 28/02/2013, 29 days",
        "01/03/2013 to 30/03/2013, 30 days",
    ]

"""How a subscription ends decides its last bill; an end that is entered late, or in error, repairs."""

from datetime import date

import pytest

from ispcore.plans import Annul, Cancel, ChangePlan, Delete, Retract, SubscriptionCommand
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl


def cancel(on: date) -> Cancel:
    return Cancel(subscription=SUBSCRIPTION, reason="moved", on=on)


def opened(plan: str = "adsl", *, advance: bool = False) -> KeptBooks:
    books = KeptBooks()
    books.open(plan, date(2012, 3, 1), advance=advance)
    return books


@pytest.mark.parametrize(("plan", "expected"), [("adsl", "32.26"), ("no-last-day", "29.03")])
def test_the_last_day_is_billed_where_the_policy_says_so(plan: str, expected: str) -> None:
    books = opened(plan)
    books.record(cancel(date(2012, 3, 10)))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": expected}  # 10 or 9 of 31 days


@pytest.mark.parametrize("advance", [False, True])
def test_cancelled_on_the_start_day_owes_nothing(advance: bool) -> None:
    books = opened(advance=advance)
    books.record(cancel(date(2012, 3, 1)))

    assert books.close(date(2012, 3, 31)).entries == ()


def test_cancelled_in_the_trial_owes_nothing() -> None:
    books = opened("trial-days")
    books.record(cancel(date(2012, 3, 3)))

    assert books.close(date(2012, 3, 31)).entries == ()


def test_cancelled_on_the_first_day_after_the_trial_owes_that_day() -> None:
    books = opened("trial-days")
    books.record(cancel(date(2012, 3, 4)))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "3.23"}


def test_annulled_owes_nothing_from_its_day() -> None:
    books = opened()
    books.record(Annul(subscription=SUBSCRIPTION, on=date(2012, 3, 10)))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "29.03"}  # 01/03 to 09/03


def test_deleted_owes_nothing_from_its_day() -> None:
    books = opened()
    books.record(Delete(subscription=SUBSCRIPTION, note="twice", on=date(2012, 3, 10)))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "29.03"}


def test_the_day_of_a_change_belongs_to_the_new_plan() -> None:
    books = opened()
    new = books.record(ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=date(2012, 3, 10)))

    books.close(date(2012, 3, 31))

    assert books.by_cycle(SUBSCRIPTION) == {"2012-03": "29.03"}  # 9 of 31 days of 100.00
    assert books.by_cycle(new) == {"2012-03": "85.16"}  # 22 of 31 days of 120.00


def test_a_free_plan_that_is_changed_the_same_day_is_not_billed_twice() -> None:
    """A zero amount is an amount: it is neither a gap nor a double."""
    books = KeptBooks()
    old = books.open("adsl", date(2012, 3, 10), price=brl("0.00"))
    new = books.record(ChangePlan(subscription=old, plan="fibre", on=date(2012, 3, 10)))

    books.close(date(2012, 3, 31))

    assert (books.by_cycle(old), books.by_cycle(new)) == ({}, {"2012-03": "85.16"})
    assert books.close(date(2012, 3, 31)).entries == ()


@pytest.mark.parametrize(
    ("plan", "closing_day", "expected"),
    [
        ("adsl", date(2012, 3, 9), {}),
        ("adsl", date(2012, 3, 10), {"2012-03": "32.26"}),
        ("at-closing", date(2012, 3, 30), {}),
        ("at-closing", date(2012, 3, 31), {"2012-03": "32.26"}),
    ],
)
def test_the_final_bill_comes_at_the_end_or_at_the_closing(
    plan: str, closing_day: date, expected: dict[str, str]
) -> None:
    books = opened(plan)
    books.record(cancel(date(2012, 3, 10)))

    books.close(closing_day)

    assert books.by_cycle() == expected


@pytest.mark.parametrize("advance", [False, True])
def test_a_cancellation_in_the_past_takes_back_what_was_billed_after_it(advance: bool) -> None:
    books = opened(advance=advance)
    books.close(date(2012, 4, 30))
    books.record(cancel(date(2012, 3, 10)), today=date(2012, 5, 1))

    closing = books.close(date(2012, 5, 1))

    assert [str(entry.amount) for entry in closing.entries] == ["67.74 BRL", "100.00 BRL"]
    assert {entry.kind.value for entry in closing.entries} == {"credit"}
    assert books.by_cycle() == {"2012-03": "32.26", "2012-04": "0.00"}


def test_cancelled_in_advance_credits_the_unused_days() -> None:
    books = opened(advance=True)
    books.close(date(2012, 3, 1))
    books.record(cancel(date(2012, 3, 10)))

    books.close(date(2012, 3, 10))

    assert books.by_cycle() == {"2012-03": "32.26"}


@pytest.mark.parametrize("advance", [False, True])
def test_annulled_from_the_start_takes_everything_back(advance: bool) -> None:
    books = opened("fibre", advance=advance)
    books.close(date(2012, 5, 31))
    books.record(Annul(subscription=SUBSCRIPTION, on=date(2012, 3, 1)), today=date(2012, 6, 5))

    books.close(date(2012, 6, 5))

    assert books.nets() == {}


def retract_the_cancellation(books: KeptBooks, today: date) -> None:
    last = books.timelines[SUBSCRIPTION].last_sequence
    books.record(Retract(subscription=SUBSCRIPTION, fact=last), today=today)


def test_a_retracted_cancellation_is_charged_again_when_the_cycle_is_due_again() -> None:
    books = opened()
    books.record(cancel(date(2012, 3, 10)))
    books.close(date(2012, 3, 10))
    retract_the_cancellation(books, date(2012, 3, 15))

    early = books.close(date(2012, 3, 15))
    assert (early.entries, books.dirty_from[SUBSCRIPTION]) == ((), date(2012, 3, 1))

    late = books.close(date(2012, 3, 31))
    assert [str(entry.amount) for entry in late.entries] == ["67.74 BRL"]
    assert books.dirty_from[SUBSCRIPTION] is None


def test_in_advance_a_retracted_cancellation_is_charged_again_at_once() -> None:
    books = opened(advance=True)
    books.close(date(2012, 3, 1))
    books.record(cancel(date(2012, 3, 10)))
    books.close(date(2012, 3, 10))
    retract_the_cancellation(books, date(2012, 3, 15))

    books.close(date(2012, 3, 15))

    assert books.by_cycle() == {"2012-03": "100.00"}


@pytest.mark.parametrize("advance", [False, True])
def test_the_months_of_a_retracted_cancellation_are_charged_afterwards(advance: bool) -> None:
    books = opened(advance=advance)
    books.record(cancel(date(2012, 3, 10)))
    books.close(date(2012, 5, 31))
    assert books.by_cycle() == {"2012-03": "32.26"}
    retract_the_cancellation(books, date(2012, 6, 5))

    books.close(date(2012, 6, 30))

    assert books.by_cycle() == dict.fromkeys(["2012-03", "2012-04", "2012-05", "2012-06"], "100.00")


@pytest.mark.parametrize(
    "end", [cancel(date(2012, 3, 10)), Annul(subscription=SUBSCRIPTION, on=date(2012, 3, 10))]
)
def test_no_cycle_is_closed_after_the_end(end: SubscriptionCommand) -> None:
    books = opened()
    books.record(end)

    books.close(date(2013, 3, 31))

    assert [str(cycle) for cycle in books.closed[SUBSCRIPTION]] == ["01/03/2012 to 31/03/2012, 31 days"]


def test_cycles_closed_after_an_end_that_was_entered_late_are_looked_at_again() -> None:
    books = opened()
    books.close(date(2012, 6, 30))
    books.record(cancel(date(2012, 3, 31)), today=date(2012, 7, 1))

    books.close(date(2012, 7, 1))

    assert books.by_cycle() == {"2012-03": "100.00", "2012-04": "0.00", "2012-05": "0.00", "2012-06": "0.00"}

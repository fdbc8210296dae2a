"""When a part of a cycle is billed: the first, alone or with the next cycle; an open one, up to a closing."""

from datetime import date

import pytest

from ispcore.billing import as_text
from ispcore.catalog import FinalBill, FirstBill
from ispcore.plans import Cancel, ChangeBillingTerms, ChangePlan, ChangePrice, Pause
from ispcore.values import Every
from tests.billing.by_policy import by_start, close_each_day, opened
from tests.catalogues import SUBSCRIPTION, brl

WITH_NEXT = FirstBill.WITH_NEXT


@pytest.mark.parametrize(
    ("advance", "not_yet", "due"),
    [(False, date(2012, 5, 30), date(2012, 5, 31)), (True, date(2012, 4, 30), date(2012, 5, 1))],
)
def test_the_first_part_waits_for_the_first_full_cycle(advance: bool, not_yet: date, due: date) -> None:
    books = opened(date(2012, 4, 16), first_bill=WITH_NEXT, advance=advance)

    assert books.close(not_yet).entries == ()
    assert [str(entry.amount) for entry in books.close(due).entries] == ["50.00 BRL", "100.00 BRL"]


@pytest.mark.parametrize("advance", [False, True])
def test_the_first_part_alone_is_billed_as_any_other_cycle(advance: bool) -> None:
    books = opened(date(2012, 4, 16), first_bill=FirstBill.ALONE, advance=advance)

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "50.00"}


def test_a_first_cycle_that_is_full_waits_for_nothing() -> None:
    books = opened(date(2012, 4, 1), first_bill=WITH_NEXT)

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "100.00"}


def test_what_goes_on_from_another_plan_waits_for_nothing() -> None:
    books = opened(date(2012, 4, 1), first_bill=WITH_NEXT)
    moved = books.record(ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=date(2012, 4, 16)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle(moved) == {"2012-04": "60.00"}  # half of 120.00


def test_who_leaves_in_the_first_part_is_billed_for_it_at_once() -> None:
    books = opened(date(2012, 4, 16), first_bill=WITH_NEXT)
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 20)))

    books.close(date(2012, 4, 20))

    assert books.by_cycle() == {"2012-04": "16.67"}  # five of 30 days


def test_an_open_cycle_in_arrears_is_billed_up_to_each_closing_and_then_the_whole() -> None:
    books = opened(date(2012, 4, 1), "30.00", greedy=True)
    days = [date(2012, 4, 10), date(2012, 4, 20), date(2012, 4, 15), date(2012, 4, 30), date(2012, 4, 30)]

    amounts = [[str(entry.amount.amount) for entry in books.close(day).entries] for day in days]

    assert amounts == [["10.00"], ["10.00"], [], ["10.00"], []]
    assert all(books.explain(charge).agrees for charge in books.charges)
    assert [charge.through for charge in books.charges] == [days[0], days[1], None]
    assert books.dirty_from[SUBSCRIPTION] is None


def test_billed_each_day_an_odd_price_is_split_without_a_lost_cent() -> None:
    books = opened(date(2012, 3, 1), "99.99", greedy=True)

    close_each_day(books, date(2012, 3, 1), date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "99.99"}
    assert len(books.charges) == 31
    assert {charge.amount.minor for charge in books.charges} == {322, 323}


def test_the_lines_of_a_cycle_that_is_billed_each_day_come_to_their_values() -> None:
    books = opened(date(2012, 3, 1), None, plan="fibre", greedy=True)

    close_each_day(books, date(2012, 3, 1), date(2012, 3, 31))

    assert {key[2]: net for key, net in books.nets().items()} == {
        "access": "80.00",
        "films": "30.00",
        "remainder": "10.00",
    }


def test_what_was_billed_of_an_open_cycle_is_repaired_when_its_price_falls() -> None:
    books = opened(date(2012, 4, 1), "30.00", greedy=True)
    books.close(date(2012, 4, 20))
    change = ChangePrice(subscription=SUBSCRIPTION, price=brl("15.00"), on=date(2012, 4, 1))
    books.record(change, today=date(2012, 4, 20))

    closings = [books.close(day).entries for day in (date(2012, 4, 20), date(2012, 4, 30))]

    assert [[one.signed_minor for one in entries] for entries in closings] == [[-1000], [500]]
    assert all(books.explain(charge).agrees for charge in books.charges)


def test_an_open_quarter_says_up_to_which_day_it_was_billed() -> None:
    books = opened(date(2012, 1, 1), "91.00", greedy=True, every=Every(3), closing_month=3)

    (entry,) = books.close(date(2012, 1, 31)).entries

    assert "fragment  01/01/2012 to 31/01/2012, 31 days: 31 of 91" in as_text(books.explain(entry))
    assert books.by_cycle() == {"2012-03": "31.00"}


def test_in_advance_there_is_nothing_open_to_bill() -> None:
    books = opened(date(2012, 4, 1), greedy=True, advance=True)

    books.close(date(2012, 4, 10))

    assert (books.by_cycle(), books.partly[SUBSCRIPTION]) == ({"2012-04": "100.00"}, {})


def test_an_open_cycle_without_an_owed_day_is_not_billed_in_part() -> None:
    books = opened(date(2012, 4, 1), greedy=True)
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 4, 1)))

    assert books.close(date(2012, 4, 10)).subscriptions[0].closed == ()


def test_a_cycle_that_an_end_cuts_and_that_waits_for_its_closing_is_billed_up_to_a_closing_too() -> None:
    books = opened(date(2012, 4, 1), "30.00", greedy=True, final_bill=FinalBill.AT_CLOSING)
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 12)))

    amounts = [books.close(date(2012, 4, day)).entries for day in (10, 20, 30)]

    assert [[str(one.amount.amount) for one in entries] for entries in amounts] == [["10.00"], ["2.00"], []]


def test_a_closing_day_that_moves_after_part_of_the_first_cycle_was_billed_counts_afterwards() -> None:
    """The cycle was billed by the old closing day, though it was not closed."""
    books = opened(date(2012, 3, 1), greedy=True)
    books.close(date(2012, 3, 10))
    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=30, on=date(2012, 3, 11)))

    books.close(date(2012, 4, 30))

    # March to its end, and of the cycle from 31 March to 30 April the thirty days of April.
    assert by_start(books) == {"2012-03-01": "100.00", "2012-03-31": "96.77"}


def test_an_open_cycle_is_not_begun_by_days_that_will_be_owed_after_the_closing() -> None:
    books = opened(date(2012, 4, 1), greedy=True)
    books.record(Pause(subscription=SUBSCRIPTION, on=date(2012, 4, 1), until=date(2012, 4, 20)))

    closing = books.close(date(2012, 4, 10))

    assert (closing.entries, closing.subscriptions[0].closed) == ((), ())
    assert [str(one.amount.amount) for one in books.close(date(2012, 4, 21)).entries] == ["6.67"]

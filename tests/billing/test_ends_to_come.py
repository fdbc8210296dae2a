"""What is known to end: a discount within a cycle, and a cancellation that was ordered."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.catalog import FinalBill
from ispcore.plans import Cancel, CancelOn, ChangeDiscount, Discount, WithdrawCancellation
from tests.billing.by_policy import opened
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl

TEN_PERCENT = Decimal(10)


def cancelled(when: CancelOn = CancelOn.DAY, **policy: Any) -> KeptBooks:
    """Return books since 1 April, with an end on 20 April, or on the cycle's, that is ordered on 5 April."""
    books = opened(date(2012, 4, 1), **policy)
    end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 20), when=when)
    books.record(end, today=date(2012, 4, 5))
    return books


@pytest.mark.parametrize(
    ("discount", "april"),
    [
        (Discount(percent=TEN_PERCENT, until=date(2012, 4, 16)), "95.00"),
        (Discount(amount=brl("10.00"), until=date(2012, 4, 11)), "96.67"),  # ten days of 90.00
        (Discount(percent=TEN_PERCENT, until=date(2012, 5, 1)), "90.00"),
    ],
)
def test_a_discount_that_ends_inside_a_cycle_counts_for_its_days(discount: Discount, april: str) -> None:
    books = opened(date(2012, 4, 1), opens={"discount": discount})

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": april, "2012-05": "100.00"}


@pytest.mark.parametrize(
    ("cycles", "may", "june"), [(1, "100.00", "100.00"), (2, "90.00", "100.00"), (3, "90.00", "90.00")]
)
def test_a_discount_for_some_cycles_counts_the_one_that_it_begins_in(
    cycles: int, may: str, june: str
) -> None:
    books = opened(date(2012, 4, 1))
    off = Discount(percent=TEN_PERCENT, cycles=cycles)
    books.record(ChangeDiscount(subscription=SUBSCRIPTION, discount=off, on=date(2012, 4, 16)))

    books.close(date(2012, 6, 30))

    assert books.by_cycle() == {"2012-04": "95.00", "2012-05": may, "2012-06": june}


def test_an_ordered_end_is_billed_on_its_day_and_not_before() -> None:
    books = cancelled()

    amounts = [[str(one.amount) for one in books.close(date(2012, 4, day)).entries] for day in (6, 19, 20)]

    assert amounts == [[], [], ["66.67 BRL"]]
    assert books.close(date(2013, 4, 30)).entries == ()


def test_an_ordered_end_may_wait_for_its_closing() -> None:
    books = cancelled(final_bill=FinalBill.AT_CLOSING)

    amounts = [[str(one.amount) for one in books.close(date(2012, 4, day)).entries] for day in (20, 29, 30)]

    assert amounts == [[], [], ["66.67 BRL"]]


@pytest.mark.parametrize("last_day", [False, True])
@pytest.mark.parametrize("advance", [False, True])
def test_an_end_with_the_cycle_owes_the_whole_cycle_and_nothing_after_it(
    last_day: bool, advance: bool
) -> None:
    books = cancelled(CancelOn.CYCLE_END, bills_last_day=last_day, advance=advance)

    books.close(date(2012, 4, 30))
    books.close(date(2012, 8, 31))

    assert books.by_cycle() == {"2012-04": "100.00"}


def test_an_end_that_was_ordered_in_advance_is_credited_when_it_is_known() -> None:
    books = opened(date(2012, 4, 1), advance=True)
    books.close(date(2012, 4, 1))
    end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 20))
    books.record(end, today=date(2012, 4, 5))

    (entry,) = books.close(date(2012, 4, 5)).entries

    assert entry.signed_minor == -3333


def test_an_end_that_is_withdrawn_was_never_ordered() -> None:
    books = cancelled()
    books.close(date(2012, 4, 10))
    books.record(WithdrawCancellation(subscription=SUBSCRIPTION, on=date(2012, 4, 12)))

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": "100.00"}

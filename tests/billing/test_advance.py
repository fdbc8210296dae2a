"""Which cycles a closing takes up: after use in arrears, before it in advance; and what it would issue."""

from datetime import date

import pytest

from ispcore.plans import ChangeBillingTerms, ChangePrice, Suspend
from tests.books import KeptBooks
from tests.catalogues import START, SUBSCRIPTION, brl, catalogue


def opened(*, advance: bool, on: date = START) -> KeptBooks:
    books = KeptBooks()
    books.open("fibre", on, advance=advance)
    return books


@pytest.mark.covers("S0-025")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 2, 23), {}),
        (date(2012, 2, 24), {"2012-02": "24.83"}),  # six days of 29, on the first of them
        (date(2012, 2, 29), {"2012-02": "24.83"}),
        (date(2012, 3, 1), {"2012-02": "24.83", "2012-03": "120.00"}),
    ],
)
def test_in_advance_a_cycle_is_billed_on_its_first_owed_day(day: date, expected: dict[str, str]) -> None:
    books = opened(advance=True)

    books.close(day)

    assert books.by_cycle() == expected


@pytest.mark.covers("S0-026")
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2012, 2, 28), {}),
        (date(2012, 2, 29), {"2012-02": "24.83"}),
        (date(2012, 3, 30), {"2012-02": "24.83"}),
        (date(2012, 3, 31), {"2012-02": "24.83", "2012-03": "120.00"}),
    ],
)
def test_in_arrears_a_cycle_is_billed_on_its_closing_day(day: date, expected: dict[str, str]) -> None:
    books = opened(advance=False)

    books.close(day)

    assert books.by_cycle() == expected


@pytest.mark.parametrize("advance", [False, True])
def test_a_run_that_comes_months_late_bills_every_cycle_it_missed(advance: bool) -> None:
    books = opened(advance=advance, on=date(2012, 1, 1))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == dict.fromkeys(["2012-01", "2012-02", "2012-03", "2012-04"], "120.00")


@pytest.mark.parametrize("advance", [False, True])
def test_a_run_for_an_earlier_day_takes_nothing_back(advance: bool) -> None:
    books = opened(advance=advance)
    books.close(date(2012, 6, 30))

    closing = books.close(date(2012, 3, 15))

    assert (closing.entries, closing.allocations, closing.subscriptions[0].closed) == ((), (), ())
    assert closing.subscriptions[0].closed_through == date(2012, 7, 1)


@pytest.mark.parametrize("advance", [False, True])
def test_nothing_is_closed_before_the_start(advance: bool) -> None:
    books = opened(advance=advance, on=date(2012, 4, 10))

    (one,) = books.close(date(2012, 3, 31)).subscriptions

    assert (one.entries, one.closed, one.closed_through) == ((), (), None)


def test_a_cycle_without_an_owed_day_is_closed_with_nothing() -> None:
    books = opened(advance=False, on=date(2012, 3, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 1)))

    (one,) = books.close(date(2012, 3, 31)).subscriptions

    assert (one.entries, one.closed_through) == ((), date(2012, 4, 1))


def test_a_cycle_in_which_clocks_are_changed_has_all_its_days() -> None:
    """Days are dates: no hour that is skipped or lived twice moves one."""
    books = opened(advance=False, on=date(2012, 10, 21))  # clocks went forward at midnight

    books.close(date(2012, 10, 31))

    assert [(entry.days, entry.days_of) for entry in books.charges] == [(11, 31)] * 3


@pytest.mark.covers("S3-108")
def test_the_next_bill_can_be_looked_at_without_issuing_it() -> None:
    books = opened(advance=False, on=date(2012, 3, 1))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("150.00"), on=date(2012, 3, 1)))

    preview = books.preview(date(2012, 3, 31))

    assert [str(entry.amount) for entry in preview.receivables] == ["80.00 BRL", "30.00 BRL", "40.00 BRL"]
    assert books.charges == []
    assert books.close(date(2012, 3, 31)) == preview


def test_what_was_billed_ahead_is_repaired_at_once_in_both_directions() -> None:
    books = opened(advance=True, on=date(2012, 3, 1))
    books.close(date(2012, 6, 1))

    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("130.00"), on=date(2012, 3, 1)))
    dearer = books.close(date(2012, 3, 31))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("125.00"), on=date(2012, 3, 1)))
    cheaper = books.close(date(2012, 3, 31))

    assert sum(entry.signed_minor for entry in dearer.entries) == 4 * 1000
    assert sum(entry.signed_minor for entry in cheaper.entries) == 4 * -500
    assert books.by_cycle() == dict.fromkeys(["2012-03", "2012-04", "2012-05", "2012-06"], "125.00")


def test_what_was_billed_ahead_stays_billed_when_the_closing_day_cuts_it() -> None:
    books = KeptBooks(catalogue(policies={"standard": {"closing_move": "cut"}}))
    books.open("adsl", date(2012, 1, 1), advance=True)
    books.close(date(2012, 6, 1))  # ahead, up to the end of June

    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15, on=date(2012, 3, 11)))
    books.close(date(2012, 3, 11))

    assert {start: net for (_, _, _, start), net in books.nets().items() if start > date(2012, 2, 1)} == {
        date(2012, 3, 1): "32.26",  # ten of 31 days of the cycle that was cut
        date(2012, 2, 16): "17.24",  # the bridge from 11 to 15 March: five of 29 days
        date(2012, 3, 16): "100.00",
        date(2012, 4, 16): "100.00",
        date(2012, 5, 16): "100.00",
        date(2012, 6, 16): "100.00",
    }

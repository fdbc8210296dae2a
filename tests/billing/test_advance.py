"""Which cycles a closing takes up: after use in arrears, before it in advance; and what it would issue."""

from datetime import date

import pytest
from attrs import evolve

from ispcore.plans import (
    ChangeBillingTerms,
    ChangePrice,
    Pause,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Unpause,
)
from ispcore.values import Money
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


STOPS = [
    (Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 10)), Resume(subscription=SUBSCRIPTION)),
    (Pause(subscription=SUBSCRIPTION, on=date(2012, 3, 10)), Unpause(subscription=SUBSCRIPTION)),
]


@pytest.mark.parametrize(("stop", "go_on"), STOPS)
def test_a_cycle_closed_ahead_with_nothing_owed_is_charged_on_its_first_owed_day_and_not_before(
    stop: SubscriptionCommand, go_on: SubscriptionCommand
) -> None:
    books = opened(advance=True, on=date(2012, 3, 1))
    books.record(stop)
    books.close(date(2012, 6, 30))  # ahead, with nothing owed from April on

    books.record(evolve(go_on, on=date(2012, 4, 16)))
    charged = {day: _charged(books, day) for day in (date(2012, 4, 16), *MAY_TO_JULY)}

    assert charged == {
        date(2012, 4, 16): {"2012-04": "60.00"},  # fifteen of thirty days
        date(2012, 4, 30): {},
        date(2012, 5, 1): {"2012-05": "120.00"},
        date(2012, 5, 31): {},
        date(2012, 6, 1): {"2012-06": "120.00"},
        date(2012, 7, 1): {"2012-07": "120.00"},
    }
    assert books.dirty_from[SUBSCRIPTION] is None


MAY_TO_JULY = [date(2012, *day) for day in ((4, 30), (5, 1), (5, 31), (6, 1), (7, 1))]


def _charged(books: KeptBooks, on: date) -> dict[str, str]:
    """Close on that day, and return what it charged by month of the closing day."""
    found: dict[str, Money] = {}
    for entry in books.close(on).entries:
        month = f"{entry.key.cycle.closing_day:%Y-%m}"
        found[month] = found.get(month, brl("0.00")) + entry.amount
    return {month: str(amount.amount) for month, amount in found.items()}


def test_a_cycle_billed_ahead_and_credited_whole_waits_for_its_first_owed_day_too() -> None:
    books = opened(advance=True, on=date(2012, 3, 1))
    books.close(date(2012, 5, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 10)))
    books.close(date(2012, 3, 10))
    books.record(Resume(subscription=SUBSCRIPTION, on=date(2012, 3, 20)))

    books.close(date(2012, 3, 20))

    assert books.by_cycle() == {"2012-03": "81.29", "2012-04": "0.00", "2012-05": "0.00"}
    assert _charged(books, date(2012, 4, 1)) == {"2012-04": "120.00"}


def test_what_was_credited_in_part_is_charged_again_at_once() -> None:
    books = opened(advance=True, on=date(2012, 3, 1))
    books.close(date(2012, 4, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 10)))
    books.close(date(2012, 4, 10))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2, on=date(2012, 4, 10)))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == dict.fromkeys(["2012-03", "2012-04"], "120.00")

"""Days that were paid in advance and then not served: credited, free later, or neither."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from ispcore.catalog import AnchorKind, Proration, Suspension
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePrice,
    Discount,
    EndItem,
    Pause,
    Resume,
    SubscriptionCommand,
    Suspend,
    Unpause,
)
from ispcore.values import Every, ItemId
from tests.billing.by_policy import by_start, opened
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl

CREDIT, EXTEND, NEITHER = Suspension
MARCH = date(2012, 3, 1)


def stops(*days: date) -> list[SubscriptionCommand]:
    """Return pauses and their ends, in turn, on these days."""
    return [
        (Pause if n % 2 == 0 else Unpause)(subscription=SUBSCRIPTION, on=day) for n, day in enumerate(days)
    ]


def march(*days: int) -> list[SubscriptionCommand]:
    """Return pauses and their ends on these days, counted on from 1 March."""
    return stops(*(date(2012, 2, 29) + timedelta(days=day) for day in days))


def lived(books: KeptBooks, commands: list[SubscriptionCommand], until: date) -> dict[str, str]:
    """Return what was issued when a closing came before each command, and on *until*."""
    for command in commands:
        assert command.on is not None
        books.close(command.on)
        books.record(command)
    books.close(until)
    assert books.close(until).entries == ()
    return by_start(books)


def april_too(books: KeptBooks, commands: list[SubscriptionCommand]) -> list[str | None]:
    """Return what March, April and May cost."""
    found = lived(books, commands, date(2012, 5, 31))
    return [found.get(start) for start in ("2012-03-01", "2012-04-01", "2012-05-01")]


@pytest.mark.parametrize(
    ("suspension", "expected"),
    [
        (CREDIT, ["21.00", "31.00", "31.00"]),
        (EXTEND, ["31.00", "20.67", "31.00"]),  # 20 of the 30 days of April
        (NEITHER, ["31.00", "31.00", "31.00"]),
    ],
)
def test_days_of_a_stop_are_credited_or_come_free_after_the_cycle_or_stay_owed(
    suspension: Suspension, expected: list[str]
) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension)

    assert april_too(books, march(11, 21)) == expected


@pytest.mark.parametrize(
    ("suspension", "expected"),
    [
        (CREDIT, ["23.23", "30.00", "30.00"]),  # 24 of the 31 days of March
        (EXTEND, ["30.00", "23.00", "30.00"]),  # 23 of the 30 days of April
        (NEITHER, ["30.00", "30.00", "30.00"]),
    ],
)
def test_several_stops_in_one_cycle_add_up(suspension: Suspension, expected: list[str]) -> None:
    books = opened(MARCH, "30.00", advance=True, suspension=suspension)

    assert april_too(books, march(3, 6, 11, 13, 29, 31)) == expected  # three, two and two days


@pytest.mark.parametrize(
    ("suspension", "expected"),
    [
        (CREDIT, ["18.39", "26.00", "30.00"]),  # 19 of 31 days, 26 of 30
        (EXTEND, ["30.00", "14.00", "30.00"]),  # twelve days free from 5 April on: 14 of 30 are left
        (NEITHER, ["30.00", "26.00", "30.00"]),
    ],
)
def test_a_stop_over_the_end_of_the_cycle_keeps_only_what_was_paid(
    suspension: Suspension, expected: list[str]
) -> None:
    books = opened(MARCH, "30.00", advance=True, suspension=suspension)

    assert april_too(books, march(20, 36)) == expected  # 20 March to 4 April


def test_a_stop_during_free_days_keeps_the_free_days_that_are_left() -> None:
    books = opened(MARCH, "30.00", advance=True, suspension=EXTEND)

    owed = april_too(books, march(11, 21, 36, 39))

    # Ten days are free: 1 to 4 April, and after the stop from 5 to 7 April, 8 to 13; 14 to 30 are owed.
    assert owed == ["30.00", "17.00", "30.00"]


def test_a_stop_after_the_free_days_earns_free_days_again() -> None:
    books = opened(MARCH, "30.00", advance=True, suspension=EXTEND)

    owed = april_too(books, march(11, 21, 51, 61))

    # Free are 1 to 10 April; stopped from 20 to 29 April, which earns ten days of May.
    assert owed == ["30.00", "20.00", "20.32"]  # 21 of 31 days of May


@pytest.mark.parametrize(
    ("every", "price", "following", "expected"),
    [
        (Every(3), "91.00", "2012-04-01", {CREDIT: ("71.00", "91.00"), EXTEND: ("91.00", "71.00")}),
        (Every(12), "366.00", "2013-01-01", {CREDIT: ("346.00", "366.00"), EXTEND: ("366.00", "345.95")}),
    ],
)
@pytest.mark.parametrize("suspension", Suspension)
def test_repeated_stops_in_a_quarter_or_a_year_are_safe(
    suspension: Suspension,
    every: Every,
    price: str,
    following: str,
    expected: dict[Suspension, tuple[str, str]],
) -> None:
    """Two stops in a quarter once parked an account of another engine for ever."""
    books = opened(
        date(2012, 1, 1), price, advance=True, suspension=suspension, every=every, anchor=AnchorKind.START
    )
    days = [date(2012, 1, 11), date(2012, 1, 21), date(2012, 2, 1), date(2012, 2, 11)]

    # Twenty days come free first, so a cycle in advance is due on its 21st day.
    owed = lived(books, stops(*days), date.fromisoformat(following) + timedelta(days=20))

    assert (owed["2012-01-01"], owed[following]) == expected.get(suspension, (price, price))


@pytest.mark.parametrize(
    ("suspension", "expected"), [(CREDIT, "10.00"), (EXTEND, "20.00"), (NEITHER, "20.00")]
)
def test_cancelled_while_suspended_owes_nothing_after_the_end(suspension: Suspension, expected: str) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension)
    end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 3, 20))

    owed = lived(books, [Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 11)), end], date(2012, 4, 1))

    assert owed == {"2012-03-01": expected}


@pytest.mark.parametrize("suspension", Suspension)
def test_in_arrears_no_day_was_paid(suspension: Suspension) -> None:
    books = opened(MARCH, "31.00", suspension=suspension)

    assert lived(books, march(11, 21), date(2012, 3, 31)) == {"2012-03-01": "21.00"}


@pytest.mark.parametrize("suspension", Suspension)
def test_a_cycle_in_arrears_was_not_paid_though_the_next_one_will_be(suspension: Suspension) -> None:
    books = opened(MARCH, "31.00", suspension=suspension)
    switch = ChangeBillingTerms(subscription=SUBSCRIPTION, advance=True, on=date(2012, 3, 5))

    assert lived(books, [switch, *march(11, 21)], date(2012, 3, 31)) == {"2012-03-01": "21.00"}


@pytest.mark.parametrize("suspension", [EXTEND, NEITHER])
def test_a_cycle_in_advance_was_paid_though_the_next_one_will_not_be(suspension: Suspension) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension)
    switch = ChangeBillingTerms(subscription=SUBSCRIPTION, advance=False, on=date(2012, 3, 5))

    assert lived(books, [switch, *march(11, 21)], date(2012, 3, 31)) == {"2012-03-01": "31.00"}


@pytest.mark.parametrize("suspension", Suspension)
def test_a_cycle_that_did_not_begin_to_be_owed_is_not_kept(suspension: Suspension) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension)

    assert lived(books, march(1, 21), date(2012, 3, 31)) == {"2012-03-01": "11.00"}


@pytest.mark.parametrize("suspension", [EXTEND, NEITHER])
@pytest.mark.parametrize(
    ("change", "paid"),
    [
        (ChangePrice(subscription=SUBSCRIPTION, price=brl("62.00"), on=date(2012, 3, 16)), "47.00"),
        (
            ChangeDiscount(
                subscription=SUBSCRIPTION,
                discount=Discount(percent=Decimal(50), until=date(2012, 3, 16)),
                on=MARCH,
            ),
            "23.50",
        ),
    ],
)
def test_days_that_stay_owed_cost_what_was_paid_for_them(
    suspension: Suspension, change: SubscriptionCommand, paid: str
) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension)
    books.record(change)
    books.close(MARCH)
    before = len(books.charges)

    owed = lived(books, march(11, 25), date(2012, 3, 31))

    assert owed == {"2012-03-01": paid}
    assert len(books.charges) == before  # nothing was credited and charged again


@pytest.mark.parametrize("suspension", [EXTEND, NEITHER])
def test_a_service_that_ends_during_a_stop_is_kept_up_to_its_end(suspension: Suspension) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension)
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", price=brl("31.00"), on=MARCH))
    end = EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 3, 15))

    lived(books, [*march(11), end], date(2012, 3, 31))

    assert by_start(books, item="mailbox") == {"2012-03-01": "15.00"}


@pytest.mark.parametrize(("suspension", "april"), [(CREDIT, "30.00"), (EXTEND, None), (NEITHER, "30.00")])
def test_a_service_that_comes_during_a_stop_begins_with_its_first_owed_day(
    suspension: Suspension, april: str | None
) -> None:
    books = opened(MARCH, "31.00", advance=True, suspension=suspension, proration=Proration.FULL)
    add = AddItem(subscription=SUBSCRIPTION, service="mailbox", price=brl("30.00"), on=date(2012, 3, 15))
    stop, resume = march(11, 41)  # 10 April

    lived(books, [stop, add, resume], date(2012, 5, 1))

    owed = by_start(books, item="mailbox")
    assert (owed.get("2012-04-01"), owed["2012-05-01"]) == (
        april,
        "30.00",
    )  # to extend, 10 to 30 April are free


@pytest.mark.parametrize("suspension", Suspension)
def test_a_subscription_that_never_billed_owes_nothing(suspension: Suspension) -> None:
    books = opened(MARCH, advance=True, suspension=suspension)
    books.record(Suspend(subscription=SUBSCRIPTION, on=MARCH))

    closing = books.close(date(2012, 4, 30))

    assert (closing.problems, closing.entries) == ((), ())


@pytest.mark.parametrize("suspension", Suspension)
def test_a_one_off_that_comes_while_suspended_is_owed_once_afterwards(suspension: Suspension) -> None:
    books = opened(MARCH, None, plan="fibre", advance=True, suspension=suspension)
    commands = [
        Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 11)),
        AddItem(subscription=SUBSCRIPTION, service="visit", price=brl("80.00"), on=date(2012, 3, 15)),
        Resume(subscription=SUBSCRIPTION, on=date(2012, 3, 21)),
    ]

    lived(books, commands, date(2012, 6, 1))

    assert list(by_start(books, item="visit").values()) == ["80.00"]

"""Prices, discounts and compositions that change in a cycle, each from its day."""

from datetime import date
from decimal import Decimal

import pytest

from ispcore.plans import (
    ChangeDiscount,
    ChangePrice,
    CustomiseComposition,
    Discount,
    PriceStart,
    RestoreComposition,
)
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl, line


def price(amount: str, on: date, start: PriceStart = PriceStart.DAY) -> ChangePrice:
    return ChangePrice(subscription=SUBSCRIPTION, price=brl(amount), on=on, start=start)


def discount(off: Discount | None, on: date) -> ChangeDiscount:
    return ChangeDiscount(subscription=SUBSCRIPTION, discount=off, on=on)


def by_line(books: KeptBooks, month: int) -> dict[str, str]:
    return {line_id: net for (_, _, line_id, start), net in books.nets().items() if start.month == month}


@pytest.mark.covers("S0-153")
def test_a_price_counts_from_its_day() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.record(price("130.00", date(2012, 4, 16)))

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "115.00", "2012-05": "130.00"}
    assert books.catalogue.plan("adsl").versions[0].price == brl("100.00")


def test_of_two_prices_in_a_cycle_each_counts_for_its_days() -> None:
    """Elsewhere the older of two changes won in silence."""
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.record(price("130.00", date(2012, 4, 11)))
    books.record(price("160.00", date(2012, 4, 21)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "130.00"}  # ten days of 100.00, of 130.00 and of 160.00


def test_of_two_prices_on_one_day_the_last_counts() -> None:
    """Facts of a day keep their order, and the state at its end rules."""
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.record(price("500.00", date(2012, 4, 16)))
    books.record(price("130.00", date(2012, 4, 16)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "115.00"}


@pytest.mark.parametrize("advance", [False, True])
def test_a_price_from_the_next_cycle_is_not_prorated(advance: bool) -> None:
    """A new price may start with a cycle, and then costs its whole self."""
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1), advance=advance)
    books.close(date(2012, 4, 1))
    books.record(price("130.00", date(2012, 4, 16), PriceStart.NEXT_CYCLE))

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": "130.00"}


def test_in_advance_a_higher_price_charges_the_rest_of_the_cycle() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1), advance=True)
    books.close(date(2012, 4, 1))
    books.record(price("130.00", date(2012, 4, 16)))

    (entry,) = books.close(date(2012, 4, 16)).entries

    assert (entry.kind.value, str(entry.amount)) == ("charge", "15.00 BRL")


def test_a_price_of_zero_is_billed_like_any_other() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1), price=brl("0.00"))

    closing = books.close(date(2012, 4, 30))

    assert [str(entry.amount) for entry in closing.entries] == ["0.00 BRL"]
    assert closing.receivables == ()
    assert books.close(date(2012, 4, 30)).entries == ()


@pytest.mark.parametrize(
    ("off", "expected"),
    [(Discount(amount=brl("10.00")), "95.00"), (Discount(percent=Decimal("12.5")), "93.75")],
)
@pytest.mark.covers("S0-038")
def test_a_discount_in_value_or_percent_counts_from_its_day(off: Discount, expected: str) -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.record(discount(off, date(2012, 4, 16)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": expected}


def test_a_discount_is_taken_off_the_price_before_the_days_are_counted() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 16), discount=Discount(amount=brl("10.00")))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "45.00"}  # half of 90.00, not 50.00 less 10.00


def test_a_percentage_follows_a_new_price_and_an_amount_does_not() -> None:
    books = KeptBooks()
    first = books.open("adsl", date(2012, 4, 1), discount=Discount(percent=Decimal(10)))
    second = books.open("adsl", date(2012, 4, 1), discount=Discount(amount=brl("10.00")))
    for number in (first, second):
        books.record(ChangePrice(subscription=number, price=brl("200.00"), on=date(2012, 5, 1)))

    books.close(date(2012, 5, 31))

    assert books.by_cycle(first) == {"2012-04": "90.00", "2012-05": "180.00"}
    assert books.by_cycle(second) == {"2012-04": "90.00", "2012-05": "190.00"}


def test_a_discounted_price_is_rounded_once_before_it_is_prorated() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 16), price=brl("0.99"), discount=Discount(percent=Decimal(50)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "0.25"}  # 0.50 off leaves 0.49; half of it


def test_every_line_bears_its_part_of_the_discount() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1), discount=Discount(percent=Decimal(10)))

    books.close(date(2012, 4, 30))

    assert by_line(books, 4) == {"access": "72.00", "films": "27.00", "remainder": "9.00"}


@pytest.mark.covers("S0-041")
def test_a_customised_composition_counts_from_its_day_and_its_lines_go_on() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1))
    own = (line("access", "50.00"), line("books", "70.00"))
    books.record(CustomiseComposition(subscription=SUBSCRIPTION, lines=own, on=date(2012, 4, 16)))

    books.close(date(2012, 5, 31))

    assert by_line(books, 4) == {"access": "65.00", "films": "15.00", "remainder": "5.00", "books": "35.00"}
    assert by_line(books, 5) == {"access": "50.00", "books": "70.00"}


def test_back_to_default_follows_the_catalogue_again() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1), lines=(line("books", "70.00"),))
    books.record(RestoreComposition(subscription=SUBSCRIPTION, on=date(2012, 5, 1)))

    books.close(date(2012, 5, 31))

    assert by_line(books, 4) == {"books": "70.00", "remainder": "50.00"}
    assert by_line(books, 5) == {"access": "80.00", "films": "30.00", "remainder": "10.00"}

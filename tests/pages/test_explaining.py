"""The panel says what `ispcore explain` says."""

from datetime import date
from fractions import Fraction

import pytest

from ispcore.billing import as_text
from ispcore.pages.explaining import EntryRow, Panel, PartRow, panels
from ispcore.pages.words import amount, decimal, exact
from ispcore.plans import Cancel, ChangePrice, CustomiseComposition
from ispcore.values import Currency, Money
from tests.books import KeptBooks
from tests.catalogues import SUBSCRIPTION, brl, line
from tests.pages.lives import life_of

BRL = Currency.of("BRL")


def told(books: KeptBooks) -> tuple[Panel, ...]:
    return panels(life_of(books))


def test_the_manuals_charge_explains_itself() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))
    books.close(date(2012, 2, 29))

    (panel,) = told(books)

    assert panel.heading == "Charge of 20.69 BRL, issued on 29/02/2012"
    assert panel.cycle == "01/02/2012 to 29/02/2012, 29 days"
    assert panel.facts == "subscribed 24/02/2012 (fact 1)"
    assert panel.entries == (
        EntryRow(
            name="ADSL",
            amount="20.69 BRL",
            difference="",
            receive="due 10/03/2012 by slip, open",
            booked="account 3.1.01, net, nfcom",
            id="104:plan:remainder@net:2012-02-01:0:1",
        ),
    )
    (part,) = panel.parts
    assert part.days == "24/02/2012 to 29/02/2012, 6 days (6 of 29)"
    assert part.price == "100.00 BRL since 01/01/2010"
    assert part.total == "0.00 + 100.00 × 6/29 = 600/29 = 20.6897"
    assert (part.rounded, part.part) == ("half up 20.69 \u2212 0.00 before", "20.69")


def test_lines_that_share_a_price_are_explained_together_with_what_each_is_behind() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))
    lines = (line("access", "60.00"), line("support", "40.00"))
    books.record(CustomiseComposition(subscription=SUBSCRIPTION, on=date(2012, 2, 24), lines=lines))
    books.close(date(2012, 2, 29))

    (panel,) = told(books)

    assert [one.amount for one in panel.entries] == ["12.41 BRL", "8.28 BRL"]
    assert [(one.total, one.before, one.behind, one.part) for one in panel.parts[0].lines] == [
        ("360/29 = 12.4138", "0.00", "12.4138", "12.41"),
        ("240/29 = 8.2759", "0.00", "8.2759", "8.28"),
    ]


def test_a_second_fragment_goes_on_from_the_total_before() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.record(ChangePrice(subscription=SUBSCRIPTION, on=date(2012, 3, 10), price=brl("90.00")))
    books.close(date(2012, 3, 31))

    (panel,) = told(books)

    assert [(part.total, part.part) for part in panel.parts] == [
        ("0.00 + 100.00 × 9/31 = 900/31 = 29.0323", "29.03"),
        ("29.0323 + 90.00 × 22/31 = 2880/31 = 92.9032", "63.87"),
    ]


def test_a_credit_says_what_is_owed_and_what_was_issued_before() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.close(date(2012, 3, 31))
    cancelled = Cancel(subscription=SUBSCRIPTION, on=date(2012, 3, 20), reason="moved")
    books.record(cancelled, today=date(2012, 4, 10))
    books.close(date(2012, 4, 30))

    _, credit = told(books)

    assert credit.heading == "Credit of 35.48 BRL, issued on 30/04/2012"
    assert credit.entries[0].difference == "64.52 owed \u2212 100.00 issued before"
    assert credit.entries[0].receive == ""


def test_the_panel_shows_the_sums_of_the_text() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 2, 24))
    books.record(ChangePrice(subscription=SUBSCRIPTION, on=date(2012, 2, 27), price=brl("77.77")))
    books.close(date(2012, 2, 29))

    (panel,) = told(books)
    totals = [text for text in as_text(books.explain(books.charges[0])).splitlines() if "total" in text]

    assert [_plain(part) for part in panel.parts] == [text.partition("total")[2].strip() for text in totals]


def _plain(part: PartRow) -> str:
    return part.total.replace("×", "x")


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (Fraction(2069), "20.69"),
        (Fraction(60000, 29), "20.6897"),
        (Fraction(1, 2), "0.0050"),
        (Fraction(-60000, 29), "\u221220.6897"),
        (Fraction(-1, 1000), "0.00"),
    ],
)
def test_amounts_between_cents_are_shown_to_the_hundredth_of_a_cent(minor: Fraction, shown: str) -> None:
    assert decimal(minor, BRL) == shown


def test_an_amount_without_an_end_is_shown_as_a_fraction_too() -> None:
    assert exact(Fraction(60000, 29), BRL) == "600/29 = 20.6897"
    assert exact(Fraction(2000), BRL) == "20.00"
    assert exact(Fraction(400, 3), Currency.of("JPY")) == "400/3 = 133.33"


def test_large_amounts_are_grouped_by_thin_spaces() -> None:
    assert amount(Money.of("1234567.89", "BRL")) == "1\u202f234\u202f567.89"
    assert amount(Money.of("9999.99", "BRL")) == "9999.99"
    assert amount(Money.of("-12000", "JPY")) == "\u221212\u202f000"

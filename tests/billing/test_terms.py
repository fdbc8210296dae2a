"""What a cycle is billed by: one policy, and of each offer the compositions of its days."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.billing import offers, prices_on, terms_of
from ispcore.catalog import Catalogue
from ispcore.errors import NotFoundError
from ispcore.plans import AddItem, Discount, cycle_holding
from tests.books import KeptBooks
from tests.catalogues import CATALOGUE, DOCUMENT, SUBSCRIPTION, brl, catalogue, subscribed

MARCH = cycle_holding(date(2012, 3, 1), 31)


def sold_since(*days: str) -> Catalogue:
    adsl: dict[str, Any] = DOCUMENT["plans"]["adsl"]
    versions = [{**adsl["versions"][0], "from": day} for day in days]
    return catalogue(plans={"adsl": {**adsl, "versions": versions}})


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        (["2010-01-01"], ["2010-01-01"]),
        (["2012-03-10", "2010-01-01", "2011-01-01"], ["2011-01-01", "2012-03-10"]),  # written in any order
        (["2010-01-01", "2012-03-01"], ["2012-03-01"]),
        (["2010-01-01", "2012-03-31"], ["2010-01-01", "2012-03-31"]),
        (["2010-01-01", "2012-04-01"], ["2010-01-01"]),
        (["2013-01-01", "2014-01-01"], ["2013-01-01"]),  # the earliest rules the time before it
    ],
)
def test_terms_hold_the_compositions_of_the_cycles_days_and_no_others(
    versions: list[str], expected: list[str]
) -> None:
    terms = terms_of(sold_since(*versions), MARCH, "standard", {"adsl"})

    assert [str(since) for since in terms.changes("adsl")] == expected


def test_terms_leave_out_an_offer_that_the_catalogue_lacks_until_it_is_needed() -> None:
    terms = terms_of(CATALOGUE, MARCH, "standard", {"adsl", "mailbox", "fax"})

    assert sorted(terms.compositions) == ["adsl", "mailbox"]
    assert terms.changes("fax") == ()
    with pytest.raises(NotFoundError, match="no composition of 'fax'"):
        terms.composition("fax", MARCH.period.start, brl("1.00"))


def test_a_policy_that_the_catalogue_lacks_is_missed_at_once() -> None:
    with pytest.raises(NotFoundError, match="no policy 'fax'"):
        terms_of(CATALOGUE, MARCH, "fax", {"adsl"})


def test_a_cycle_is_pinned_without_what_came_after_it() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 3, 1))
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 3, 31)))
    books.record(AddItem(subscription=SUBSCRIPTION, service="antivirus", on=date(2012, 4, 1)))

    april = cycle_holding(date(2012, 4, 1), 31)

    assert offers(books.timelines[SUBSCRIPTION], MARCH) == {"fibre", "mailbox"}
    assert offers(books.timelines[SUBSCRIPTION], april) == {"fibre", "mailbox", "antivirus"}


@pytest.mark.parametrize(
    ("day", "price"),
    [(date(2012, 3, 30), "90.00"), (date(2012, 4, 1), "135.00"), (date(2012, 5, 1), "135.00")],
)
def test_a_price_is_that_of_the_day_less_the_discount(day: date, price: str) -> None:
    first = DOCUMENT["plans"]["adsl"]["versions"][0]
    dearer = {**first, "from": "2012-04-01", "price": "150.00", "existing": "next_cycle"}
    sold = catalogue(plans={"adsl": {**DOCUMENT["plans"]["adsl"], "versions": [first, dearer]}})
    timeline = subscribed("adsl", discount=Discount(percent=Decimal(10)))

    assert list(prices_on(timeline, day, sold).values()) == [brl(price)]

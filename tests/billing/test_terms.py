"""What a cycle is billed by: one policy, and of each offer the compositions of its days."""

from datetime import date
from typing import Any

import pytest

from ispcore.billing import offers, terms_of
from ispcore.catalog import Catalogue
from ispcore.errors import NotFoundError
from ispcore.plans import AddItem, cycle_holding
from tests.books import KeptBooks
from tests.catalogues import CATALOGUE, DOCUMENT, SUBSCRIPTION, brl, catalogue

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

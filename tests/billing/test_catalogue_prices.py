"""A price that changes in the catalogue: who has it already keeps it, or follows from a day of one's own."""

from datetime import date
from typing import TypeVar

import pytest
from attrs import evolve

from ispcore.catalog import Catalogue, Existing, Line, Plan, Service, Version
from ispcore.plans import (
    AddItem,
    ChangePrice,
    CustomiseComposition,
    Discount,
    Retract,
)
from tests.billing.by_policy import by_start
from tests.books import KeptBooks
from tests.catalogues import CATALOGUE, SUBSCRIPTION, brl, line

KEEP, NEXT_CYCLE, ANNIVERSARY = Existing


Offer = TypeVar("Offer", Plan, Service)


def priced(offer: Offer, existing: Existing, *lines: Line, **prices: str) -> Offer:
    """Return *offer* with other prices from days of 2012, each named as ``from_0416``."""
    latest = offer.versions[-1]
    composition = evolve(latest.composition, lines=lines or latest.composition.lines)
    added: list[Version] = [
        Version(date(2012, int(day[5:7]), int(day[7:9])), brl(price), composition, existing)
        for day, price in prices.items()
    ]
    return evolve(offer, versions=(*offer.versions, *added))


def with_plan(plan: str, existing: Existing, *lines: Line, **prices: str) -> Catalogue:
    """Return the catalogue with other prices of *plan*."""
    changed = priced(CATALOGUE.plans[plan], existing, *lines, **prices)
    return evolve(CATALOGUE, plans={**CATALOGUE.plans, plan: changed})


def billed(changed: Catalogue, *, start: date = date(2012, 4, 1), until: date, **terms: object) -> KeptBooks:
    """Return books of a subscription from before the catalogue changed, closed on a day after."""
    books = KeptBooks()
    books.open("adsl", start, **terms)
    books.catalogue = changed
    books.close(until)
    return books


@pytest.mark.parametrize(
    ("existing", "may"), [(KEEP, "100.00"), (NEXT_CYCLE, "130.00"), (ANNIVERSARY, "100.00")]
)
def test_who_has_the_plan_keeps_its_price_or_follows_from_the_next_cycle(
    existing: Existing, may: str
) -> None:
    books = billed(with_plan("adsl", existing, from_0416="130.00"), until=date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": may}


def test_a_price_from_the_first_day_of_a_cycle_counts_for_that_cycle() -> None:
    books = billed(with_plan("adsl", NEXT_CYCLE, from_0501="130.00"), until=date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": "130.00"}


def test_an_anniversary_brings_the_price_on_its_day() -> None:
    changed = with_plan("adsl", ANNIVERSARY, from_0416="130.00")
    books = billed(changed, start=date(2012, 1, 10), until=date(2013, 2, 28))

    after = [by_start(books)[start] for start in ("2012-12-01", "2013-01-01", "2013-02-01")]
    assert after == ["100.00", "121.29", "130.00"]  # nine days at 100.00, 22 at 130.00


def test_the_anniversary_of_a_leap_day_is_the_last_of_february() -> None:
    changed = with_plan("adsl", ANNIVERSARY, from_0416="130.00")
    books = billed(changed, start=date(2012, 2, 29), until=date(2013, 3, 31))

    assert (by_start(books)["2013-02-01"], by_start(books)["2013-03-01"]) == ("101.07", "130.00")  # 27 and 1


def test_an_anniversary_before_the_change_is_not_the_one() -> None:
    changed = with_plan("adsl", ANNIVERSARY, from_0416="130.00")
    books = billed(changed, start=date(2011, 3, 1), until=date(2013, 3, 31))

    assert (by_start(books)["2013-02-01"], by_start(books)["2013-03-01"]) == ("100.00", "130.00")


def test_of_two_prices_in_one_cycle_the_next_cycle_follows_the_last() -> None:
    changed = with_plan("adsl", NEXT_CYCLE, from_0405="120.00", from_0416="130.00")

    assert billed(changed, until=date(2012, 5, 31)).by_cycle() == {"2012-04": "100.00", "2012-05": "130.00"}


def test_a_price_of_ones_own_does_not_follow() -> None:
    changed = with_plan("adsl", NEXT_CYCLE, from_0416="130.00")
    books = billed(changed, until=date(2012, 5, 31), price=brl("90.00"))

    assert books.by_cycle() == {"2012-04": "90.00", "2012-05": "90.00"}


def test_a_price_that_was_given_by_hand_does_not_follow_until_that_is_taken_back() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00"), on=date(2012, 4, 1)))
    books.catalogue = with_plan("adsl", NEXT_CYCLE, from_0416="130.00")
    books.close(date(2012, 5, 31))
    assert books.by_cycle() == {"2012-04": "90.00", "2012-05": "90.00"}

    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 6, 1))
    books.close(date(2012, 6, 1))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": "130.00"}


def test_the_lines_are_those_of_the_version_that_brought_the_price() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1))
    lines = (line("access", "100.00"), line("films", "30.00", company="media", document_type="nfse"))
    books.catalogue = with_plan("fibre", NEXT_CYCLE, *lines, from_0416="150.00")

    books.close(date(2012, 5, 31))

    found = {(str(key[3]), str(key[2])): net for key, net in books.nets().items()}
    assert found == {
        ("2012-04-01", "access"): "80.00",
        ("2012-04-01", "films"): "30.00",
        ("2012-04-01", "remainder"): "10.00",
        ("2012-05-01", "access"): "100.00",
        ("2012-05-01", "films"): "30.00",
        ("2012-05-01", "remainder"): "20.00",
    }


def test_a_composition_of_ones_own_keeps_the_price_that_it_splits() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1))
    own = (line("access", "120.00"),)
    books.record(CustomiseComposition(subscription=SUBSCRIPTION, lines=own, on=date(2012, 4, 1)))
    books.catalogue = with_plan("fibre", NEXT_CYCLE, from_0416="150.00")

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "120.00", "2012-05": "120.00"}


def test_an_additional_service_follows_its_own_price() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 4, 1)))
    dearer = priced(CATALOGUE.services["mailbox"], NEXT_CYCLE, from_0416="12.00")
    books.catalogue = evolve(CATALOGUE, services={**CATALOGUE.services, "mailbox": dearer})

    books.close(date(2012, 5, 31))

    assert by_start(books, item="mailbox") == {"2012-04-01": "10.00", "2012-05-01": "12.00"}


def test_a_discount_in_value_is_taken_off_the_price_that_came() -> None:
    changed = with_plan("adsl", NEXT_CYCLE, from_0416="130.00")
    books = billed(changed, until=date(2012, 5, 31), discount=Discount(amount=brl("10.00")))

    assert books.by_cycle() == {"2012-04": "90.00", "2012-05": "120.00"}


def test_a_price_that_comes_into_a_closed_cycle_counts_from_the_next_open_one() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1))
    books.close(date(2012, 5, 31))
    books.catalogue = with_plan("adsl", NEXT_CYCLE, from_0501="130.00")

    books.close(date(2012, 6, 30))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": "100.00", "2012-06": "130.00"}


def test_the_explanation_names_the_day_from_which_the_price_was_followed() -> None:
    changed = with_plan("adsl", ANNIVERSARY, from_0416="130.00")
    books = billed(changed, start=date(2012, 1, 10), until=date(2013, 1, 31))

    first, second = books.explain(books.charges[-1]).parts

    assert (first.fragment.price_since, second.fragment.price_since) == (date(2010, 1, 1), date(2013, 1, 10))
    assert (first.cents, second.cents) == (2903, 9226)

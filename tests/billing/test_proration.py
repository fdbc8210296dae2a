"""A cycle in which an item begins or ends: by its days, in full, or free."""

from datetime import date

import pytest

from ispcore.catalog import Proration
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangeBillingTerms,
    ChangePlan,
    ChangePrice,
    EndItem,
    ImportSubscription,
    Resume,
    Suspend,
)
from ispcore.values import ItemId
from tests.billing.by_policy import billed_by, by_start, opened
from tests.books import KeptBooks
from tests.catalogues import CUSTOMER, SUBSCRIPTION, brl

BY_DAYS, FULL, FREE = Proration
MAILBOX = ItemId("mailbox")


@pytest.mark.parametrize(("proration", "expected"), [(BY_DAYS, "50.00"), (FULL, "100.00"), (FREE, "0.00")])
def test_the_cycle_of_the_start_costs_its_days_or_all_or_nothing(proration: Proration, expected: str) -> None:
    books = opened(date(2012, 4, 16), proration=proration)

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": expected, "2012-05": "100.00"}


@pytest.mark.parametrize(("proration", "expected"), [(BY_DAYS, "32.26"), (FULL, "100.00"), (FREE, "0.00")])
def test_the_cycle_of_the_end_costs_its_days_or_all_or_nothing(proration: Proration, expected: str) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 5, 10)))

    books.close(date(2012, 5, 31))

    assert books.by_cycle() == {"2012-04": "100.00", "2012-05": expected}  # 10 of 31 days


@pytest.mark.parametrize("proration", Proration)
def test_a_cycle_that_is_lived_from_its_first_to_its_last_day_is_owed_whole(proration: Proration) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 30)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "100.00"}


@pytest.mark.parametrize(
    ("proration", "april", "may"),
    [(BY_DAYS, "5.00", "3.23"), (FULL, "10.00", "10.00"), (FREE, None, None)],
)
def test_an_additional_service_begins_and_ends_by_the_same_rule(
    proration: Proration, april: str | None, may: str | None
) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 4, 16)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=MAILBOX, on=date(2012, 5, 10)))

    books.close(date(2012, 5, 31))

    owed = {"2012-04-01": april, "2012-05-01": may}
    assert by_start(books, item="mailbox") == {start: net for start, net in owed.items() if net}
    assert by_start(books, item="plan") == {"2012-04-01": "100.00", "2012-05-01": "100.00"}


@pytest.mark.parametrize("proration", Proration)
def test_a_change_of_plan_costs_both_sides_their_days_and_never_both_the_whole(proration: Proration) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    new = books.record(ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=date(2012, 4, 16)))

    books.close(date(2012, 4, 30))

    assert (books.by_cycle(), books.by_cycle(new)) == ({"2012-04": "50.00"}, {"2012-04": "60.00"})


@pytest.mark.parametrize("proration", Proration)
def test_an_imported_subscription_that_was_billed_elsewhere_goes_on_by_days(proration: Proration) -> None:
    books = KeptBooks(billed_by(proration=proration))
    command = ImportSubscription(
        customer=CUSTOMER,
        plan="adsl",
        on=date(2012, 4, 1),
        status="enabled",
        charge_method="slip",
        due_day=10,
        system="old",
        foreign_id="7",
        billed_through=date(2012, 4, 15),
    )
    books.record(command)

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "50.00"}


@pytest.mark.parametrize("proration", Proration)
def test_the_bridge_to_another_closing_day_is_billed_by_days(proration: Proration) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    books.close(date(2012, 4, 30))
    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15, on=date(2012, 5, 10)))

    books.close(date(2012, 6, 15))

    assert by_start(books) == {
        "2012-04-01": "100.00",
        "2012-05-01": "100.00",
        "2012-05-16": "48.39",
    }  # 15 of 31


@pytest.mark.parametrize("proration", Proration)
def test_a_suspension_neither_begins_nor_ends_a_cycle(proration: Proration) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 11)))
    books.record(Resume(subscription=SUBSCRIPTION, on=date(2012, 4, 21)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "66.67"}


def test_a_first_cycle_in_full_costs_its_first_price_for_the_days_before_the_start() -> None:
    books = opened(date(2012, 4, 11), "30.00", proration=FULL)
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("60.00"), on=date(2012, 4, 21)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": "40.00"}  # 20 days of 30.00, ten of 60.00


def test_a_service_that_begins_and_ends_in_one_cycle_costs_the_whole_cycle_in_full() -> None:
    books = opened(date(2012, 4, 1), proration=FULL)
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 4, 11)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=MAILBOX, on=date(2012, 4, 20)))

    books.close(date(2012, 4, 30))

    assert by_start(books, item="mailbox") == {"2012-04-01": "10.00"}


@pytest.mark.parametrize(
    ("proration", "expected"),
    [(BY_DAYS, {"2012-04-01": "3.00"}), (FULL, {"2012-04-01": "10.00"}), (FREE, {})],
)
def test_a_service_ends_by_the_same_rule_where_its_last_day_is_not_owed(
    proration: Proration, expected: dict[str, str]
) -> None:
    books = opened(date(2012, 3, 1), proration=proration, bills_last_day=False)
    books.record(AddItem(subscription=SUBSCRIPTION, service="mailbox", on=date(2012, 4, 1)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=MAILBOX, on=date(2012, 4, 10)))

    books.close(date(2012, 4, 30))

    assert by_start(books, item="mailbox") == expected


@pytest.mark.parametrize(("proration", "expected"), [(BY_DAYS, "33.33"), (FULL, "66.67"), (FREE, "0.00")])
def test_days_of_a_suspension_that_lasts_to_the_end_are_not_owed_in_full(
    proration: Proration, expected: str
) -> None:
    books = opened(date(2012, 4, 1), proration=proration)
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 11)))
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 4, 20)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-04": expected}  # in full: 1 to 10 April, and the ten days after the end


def test_a_one_off_is_owed_whole_where_a_started_cycle_is_free() -> None:
    books = opened(date(2012, 4, 16), None, plan="fibre", proration=FREE)
    books.record(AddItem(subscription=SUBSCRIPTION, service="visit", on=date(2012, 4, 20)))

    books.close(date(2012, 4, 30))

    assert by_start(books) == {"2012-04-01": "80.00"}

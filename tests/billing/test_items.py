"""Additional services beside the plan: every cycle, or once; from another system, mid-cycle."""

from datetime import date

import pytest

from ispcore.catalog import Trial, TrialKind
from ispcore.plans import (
    AddItem,
    Cancel,
    ChangePlan,
    ChangePrice,
    Discount,
    EndItem,
    ImportSubscription,
    Resume,
    Retract,
    Suspend,
)
from ispcore.values import ItemId
from tests.books import KeptBooks
from tests.catalogues import CUSTOMER, SUBSCRIPTION, brl, catalogue


def opened(plan: str = "fibre", *, advance: bool = False) -> KeptBooks:
    books = KeptBooks()
    books.open(plan, date(2012, 3, 1), advance=advance)
    return books


def add(service: str, on: date, **more: object) -> AddItem:
    return AddItem(subscription=SUBSCRIPTION, service=service, on=on, **more)  # type: ignore[arg-type]  # as given


def of_item(books: KeptBooks, item: str) -> dict[int, str]:
    return {start.month: net for (_, mine, _, start), net in books.nets().items() if mine == item}


def test_an_added_service_is_billed_from_its_day() -> None:
    books = opened()
    books.record(add("mailbox", date(2012, 3, 17)))

    books.close(date(2012, 4, 30))

    assert of_item(books, "mailbox") == {3: "4.84", 4: "10.00"}  # 15 of 31 days


def test_a_service_has_its_own_price_and_discount() -> None:
    books = opened()
    books.record(add("mailbox", date(2012, 3, 1), price=brl("20.00"), discount=Discount(amount=brl("5.00"))))

    books.close(date(2012, 3, 31))

    assert of_item(books, "mailbox") == {3: "15.00"}


def test_a_dropped_service_is_billed_through_its_last_day() -> None:
    books = opened()
    books.record(add("mailbox", date(2012, 3, 1)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 4, 15)))

    books.close(date(2012, 5, 31))

    assert of_item(books, "mailbox") == {3: "10.00", 4: "5.00"}


def test_a_service_without_its_last_day_where_the_policy_says_so() -> None:
    books = opened("adsl")
    books.record(add("mailbox", date(2012, 3, 1)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 4, 16)))
    standard = {"bills_last_day": False}
    books.catalogue = catalogue(policies={"standard": standard})

    books.close(date(2012, 4, 30))

    assert of_item(books, "mailbox") == {3: "10.00", 4: "5.00"}


def test_a_service_dropped_on_the_day_it_came_owes_nothing() -> None:
    books = opened()
    books.record(add("mailbox", date(2012, 3, 10)))
    books.record(EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 3, 10)))

    books.close(date(2012, 3, 31))

    assert of_item(books, "mailbox") == {}


def test_a_service_dropped_late_is_credited() -> None:
    books = opened()
    books.record(add("mailbox", date(2012, 3, 1)))
    books.close(date(2012, 4, 30))
    end = EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 4, 15))
    books.record(end, today=date(2012, 5, 2))

    (credit,) = books.close(date(2012, 5, 2)).entries

    assert (credit.kind.value, credit.key.item, str(credit.amount)) == ("credit", "mailbox", "5.00 BRL")


@pytest.mark.parametrize("advance", [False, True])
def test_a_service_that_is_added_late_to_a_closed_cycle_is_charged_for_it(advance: bool) -> None:
    books = opened(advance=advance)
    books.close(date(2012, 3, 31))
    books.record(add("mailbox", date(2012, 3, 17)), today=date(2012, 4, 5))

    closing = books.close(date(2012, 4, 5))

    assert closing.problems == ()
    assert of_item(books, "mailbox") == {3: "4.84"} | ({4: "10.00"} if advance else {})


def test_a_service_that_reaches_a_closed_cycle_is_pinned_with_it() -> None:
    books = opened()
    books.close(date(2012, 3, 31))
    (cycle,) = books.closed[SUBSCRIPTION]
    books.record(add("mailbox", date(2012, 3, 17)), today=date(2012, 4, 5))

    (one,) = books.close(date(2012, 4, 5)).subscriptions

    assert (one.closed, one.closed_through) == ((), date(2012, 4, 1))
    assert [(closed.cycle, sorted(closed.terms.compositions)) for closed in one.repinned] == [
        (cycle, ["fibre", "mailbox"])
    ]


def test_a_one_off_is_billed_once_and_whole() -> None:
    books = opened()
    books.record(add("visit", date(2012, 3, 10)))
    books.record(ChangePrice(subscription=SUBSCRIPTION, price=brl("150.00"), on=date(2012, 3, 20)))

    books.close(date(2012, 5, 31))

    assert of_item(books, "visit") == {3: "80.00"}


def test_a_one_off_is_one_day_and_the_weight_of_a_cycle() -> None:
    books = opened()
    books.record(add("visit", date(2012, 3, 10)))

    closing = books.close(date(2012, 3, 31))

    (visit,) = [entry for entry in closing.entries if entry.key.item == "visit"]
    assert (visit.days, visit.days_of, visit.weight, visit.weight_of) == (1, 31, 31, 31)


@pytest.mark.parametrize("closings", [[31], [12, 31], [31, 31], [9, 10, 11, 31]])
def test_a_one_off_is_billed_once_however_often_is_closed(closings: list[int]) -> None:
    books = opened(advance=True)
    books.record(add("visit", date(2012, 3, 10)))

    for day in closings:
        books.close(date(2012, 3, day))
    books.close(date(2012, 6, 30))

    assert of_item(books, "visit") == {3: "80.00"}


def test_a_one_off_of_days_that_are_not_owed_is_billed_on_the_first_owed_day() -> None:
    books = opened()
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 5)))
    books.record(add("visit", date(2012, 3, 10)))
    books.record(Resume(subscription=SUBSCRIPTION, on=date(2012, 4, 20)))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 25)))
    books.record(Resume(subscription=SUBSCRIPTION, on=date(2012, 4, 28)))

    books.close(date(2012, 5, 31))

    assert of_item(books, "visit") == {4: "80.00"}


def test_a_one_off_in_a_trial_is_billed_after_it() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 3, 30), trial=Trial(TrialKind.DAYS, 5))
    books.record(add("visit", date(2012, 3, 30)))

    books.close(date(2012, 4, 30))

    assert of_item(books, "visit") == {4: "80.00"}


def test_a_one_off_after_the_end_is_never_billed() -> None:
    books = opened()
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 5)))
    books.record(add("visit", date(2012, 3, 10)))
    books.record(Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 3, 20)))

    books.close(date(2012, 4, 30))

    assert of_item(books, "visit") == {}


def test_a_retracted_one_off_is_credited() -> None:
    books = opened()
    books.record(add("visit", date(2012, 3, 10)))
    books.close(date(2012, 3, 31))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 4, 2))

    (credit,) = books.close(date(2012, 4, 2)).entries

    assert (credit.kind.value, credit.description, str(credit.amount)) == (
        "credit",
        "Visita técnica",
        "80.00 BRL",
    )


def test_services_go_on_beside_another_plan() -> None:
    books = opened("adsl")
    books.record(add("mailbox", date(2012, 3, 1)))
    new = books.record(ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=date(2012, 3, 17)))

    books.close(date(2012, 3, 31))

    both = {key[0]: net for key, net in books.nets().items() if key[1] == "mailbox"}
    assert both == {SUBSCRIPTION: "5.16", new: "4.84"}  # 16 and 15 of 31 days


def test_in_advance_an_upgrade_credits_unused_days_and_charges_the_new_plan_from_its_day() -> None:
    books = opened("adsl", advance=True)
    books.close(date(2012, 3, 1))
    new = books.record(ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=date(2012, 3, 17)))

    closing = books.close(date(2012, 3, 17))

    first, *rest = closing.entries
    assert (first.kind.value, str(first.amount)) == ("credit", "48.39 BRL")  # 15 of 31 days of 100.00
    assert [(entry.key.subscription, entry.kind.value) for entry in rest] == [(new, "charge")] * 3
    assert books.by_cycle(new) == {"2012-03": "58.06"}  # 15 of 31 days of 120.00


def imported(books: KeptBooks, billed_through: date | None) -> None:
    command = ImportSubscription(
        customer=CUSTOMER,
        plan="adsl",
        on=date(2012, 3, 1),
        status="enabled",
        charge_method="slip",
        due_day=10,
        system="old",
        foreign_id="A-17",
        billed_through=billed_through,
    )
    books.record(command, today=date(2012, 3, 20))


def test_an_imported_subscription_is_billed_from_the_day_after_the_other_systems_last() -> None:
    books = KeptBooks()
    imported(books, date(2012, 3, 15))

    books.close(date(2012, 4, 30))

    assert books.by_cycle() == {"2012-03": "51.61", "2012-04": "100.00"}  # 16 of 31 days


def test_an_imported_subscription_that_was_never_billed_is_billed_from_its_first_day() -> None:
    books = KeptBooks()
    imported(books, None)

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "100.00"}


def test_an_imported_subscription_cancelled_on_its_first_day_here_owes_that_day() -> None:
    books = KeptBooks()
    imported(books, date(2012, 3, 15))
    cancel = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 3, 16))
    books.record(cancel, today=date(2012, 3, 20))

    books.close(date(2012, 3, 31))

    assert books.by_cycle() == {"2012-03": "3.23"}


def test_an_item_that_ends_on_the_day_of_a_change_of_plan_is_owed_for_that_day() -> None:
    # 6.20 of 31 days is 0.20 a day: 20 days.
    books = opened()
    books.record(add("mailbox", date(2012, 3, 1), price=brl("6.20")))
    books.record(EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox"), on=date(2012, 3, 20)))
    books.record(ChangePlan(subscription=SUBSCRIPTION, plan="adsl", on=date(2012, 3, 20)))

    entries = books.close(date(2012, 3, 31)).entries

    mail = [
        (entry.key.subscription, str(entry.amount.amount)) for entry in entries if entry.key.item == "mailbox"
    ]
    assert mail == [(104, "3.80"), (105, "0.20")]

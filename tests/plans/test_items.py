"""Additional services: added, changed and ended, each with its own dated price."""

from typing import Any

import pytest

from ispcore.errors import ConflictingFactsError, InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import AddItem, ChangeItem, ChangePrice, Discount, EndItem, Timeline
from ispcore.values import ItemId, Money
from tests.catalogues import DOCUMENT, SUBSCRIPTION, april, brl, catalogue, do, line, march, subscribed

MAILBOX = ItemId("mailbox")


def add(service: str, **more: Any) -> AddItem:
    return AddItem(subscription=SUBSCRIPTION, service=service, **more)


def change(**more: Any) -> ChangeItem:
    return ChangeItem(subscription=SUBSCRIPTION, **{"item": MAILBOX, **more})


END = EndItem(subscription=SUBSCRIPTION, item=MAILBOX)


def names(timeline: Timeline) -> list[str]:
    return [item.id for item in timeline.last.items]


@pytest.mark.covers("S2-031")
def test_an_additional_service_is_added_from_its_day_at_the_catalogues_price() -> None:
    timeline = do(subscribed("fibre"), add("antivirus"), march(10))

    item = timeline.last.item(ItemId("antivirus"))
    assert (item.description, item.price, item.starts_on) == ("Antivírus", brl("5.00"), march(10))
    before = timeline.on(march(9))
    assert before is not None
    assert [each.id for each in before.items] == ["plan"]


def test_a_service_may_have_its_own_name_price_discount_and_lines() -> None:
    lines = (line("mail", "7.00"),)
    command = add(
        "mailbox",
        item=ItemId("office"),
        price=brl("8.00"),
        discount=Discount(amount=brl("1.00")),
        lines=lines,
    )

    item = do(subscribed("fibre"), command, march(10)).last.item(ItemId("office"))

    assert (item.offer, item.price, item.price_since, item.lines) == (
        "mailbox",
        brl("8.00"),
        march(10),
        lines,
    )
    assert item.to_pay() == brl("7.00")


def test_a_service_may_be_free() -> None:
    item = do(subscribed("fibre"), add("mailbox", price=brl("0.00")), march(10)).last.item(MAILBOX)

    assert item.price.is_zero


def test_a_one_off_is_not_recurring() -> None:
    assert do(subscribed("fibre"), add("visit"), march(10)).last.item(ItemId("visit")).recurring is False


def test_services_of_one_kind_are_counted() -> None:
    timeline = subscribed("fibre")

    for _ in range(3):
        timeline = do(timeline, add("mailbox"), march(10))

    assert names(timeline) == ["plan", "mailbox", "mailbox-2", "mailbox-3"]


def test_a_name_that_is_given_is_no_longer_than_one_that_is_chosen() -> None:
    """A longer one is taken by no table, and would stop a closing there."""
    code = "a" * 40
    versions = DOCUMENT["services"]["mailbox"]["versions"]
    fibre = {**DOCUMENT["plans"]["fibre"], "permits": [code]}
    sold = catalogue(services={code: {"name": "Long", "versions": versions}}, plans={"fibre": fibre})
    timeline = subscribed("fibre")

    for _ in range(10):
        timeline = do(timeline, add(code), march(10), catalogue=sold)

    assert names(timeline)[1:4] == [code, f"{'a' * 38}-2", f"{'a' * 38}-3"]
    assert names(timeline)[-1] == f"{'a' * 37}-10"


def test_a_name_that_a_later_day_takes_is_not_given_today() -> None:
    timeline = do(subscribed("fibre"), add("mailbox", on=april(1)), march(10))

    assert names(do(timeline, add("mailbox"), march(10))) == ["plan", "mailbox-2", "mailbox"]


@pytest.mark.parametrize("name", ["mailbox", "plan"])
def test_a_name_is_taken_once(name: str) -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(10))

    with pytest.raises(RefusedError, match=f"it has an item '{name}' already"):
        do(timeline, add("antivirus", item=ItemId(name)), march(12))


def test_a_back_dated_item_of_a_later_ones_name_is_refused_and_both_are_named() -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(10))

    with pytest.raises(ConflictingFactsError, match=r"because of ItemAdded of 2012-03-10 \(fact 2\)"):
        do(timeline, add("mailbox", item=MAILBOX, on=march(5)), march(12))


def test_a_service_that_the_plan_does_not_permit_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"'adsl' does not permit .* 'antivirus'\. It permits: mailbox"):
        do(subscribed("adsl"), add("antivirus"), march(10))
    with pytest.raises(RefusedError, match="It permits: none"):
        do(subscribed("closing-15"), add("antivirus"), march(10))


@pytest.mark.parametrize(
    ("command", "error", "problem"),
    [
        (add("radio"), NotFoundError, "There is no additional service 'radio'"),
        (add("mailbox", item=ItemId("")), InvalidValueError, "'' cannot be a name of an item"),
        (add("mailbox", item=ItemId("Büro")), InvalidValueError, "'Büro' cannot be a name of an item"),
        (add("mailbox", price=Money.of("8.00", "USD")), RefusedError, "Use an amount of BRL"),
        (add("mailbox", price=brl("-8.00")), RefusedError, "zero or more"),
        (add("mailbox", lines=(line("mail", "10.01"),)), RefusedError, "more than the price"),
        (add("mailbox", discount=Discount(amount=brl("10.01"))), RefusedError, "more than the price"),
    ],
)
def test_odd_items_are_refused(command: AddItem, error: type[Exception], problem: str) -> None:
    with pytest.raises(error, match=problem):
        do(subscribed("fibre"), command, march(10))


# --- changing


def test_price_and_discount_of_a_service_change_together() -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(1))

    item = do(
        timeline, change(price=brl("20.00"), discount=Discount(amount=brl("15.00"))), march(10)
    ).last.item(MAILBOX)

    assert (item.price, item.to_pay()) == (brl("20.00"), brl("5.00"))


def test_a_lower_price_may_come_with_a_lower_discount() -> None:
    timeline = do(subscribed("fibre"), add("mailbox", discount=Discount(amount=brl("8.00"))), march(1))

    item = do(
        timeline, change(price=brl("5.00"), discount=Discount(amount=brl("2.00"))), march(10)
    ).last.item(MAILBOX)

    assert (item.price, item.to_pay()) == (brl("5.00"), brl("3.00"))


@pytest.mark.parametrize(
    ("terms", "price", "to_pay"),
    [
        ({"price": brl("12.00")}, "12.00", "12.00"),
        ({"discount": Discount(amount=brl("3.00"))}, "10.00", "7.00"),
    ],
)
def test_price_or_discount_of_a_service_changes_alone(terms: dict[str, Any], price: str, to_pay: str) -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(1))

    item = do(timeline, change(**terms), march(10)).last.item(MAILBOX)

    assert (item.price, item.to_pay()) == (brl(price), brl(to_pay))


def test_a_change_of_nothing_is_refused() -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(1))

    with pytest.raises(RefusedError, match="ChangeItem changes nothing"):
        do(timeline, change(), march(10))


# --- ending


def test_a_service_ends_with_its_last_day() -> None:
    timeline = do(do(subscribed("fibre"), add("mailbox"), march(1)), END, march(10))

    assert timeline.last.item(MAILBOX).ends_on == march(10)


def test_a_service_may_end_on_a_later_day() -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(1))

    command = EndItem(subscription=SUBSCRIPTION, item=MAILBOX, on=april(30))

    assert do(timeline, command, march(10)).last.item(MAILBOX).ends_on == april(30)


def test_on_its_last_day_a_service_can_still_be_changed_and_not_after_it() -> None:
    timeline = do(do(subscribed("fibre"), add("mailbox"), march(1)), END, march(10))
    price = ChangePrice(subscription=SUBSCRIPTION, item=MAILBOX, price=brl("9.00"))

    assert do(timeline, price, march(10)).last.item(MAILBOX).price == brl("9.00")
    with pytest.raises(RefusedError, match="its item 'mailbox' ended on 2012-03-10"):
        do(timeline, price, march(11))


def test_a_service_ends_once() -> None:
    timeline = do(do(subscribed("fibre"), add("mailbox"), march(1)), END, march(10))

    with pytest.raises(RefusedError, match="its item 'mailbox' ends on 2012-03-10 already"):
        do(timeline, END, march(10))


def test_the_plan_ends_by_cancelling_only() -> None:
    with pytest.raises(RefusedError, match="the plan itself ends by cancelling"):
        do(subscribed(), EndItem(subscription=SUBSCRIPTION, item=ItemId("plan")), march(10))


def test_a_service_that_was_not_added_yet_cannot_end() -> None:
    timeline = do(subscribed("fibre"), add("mailbox"), march(10))

    with pytest.raises(NotFoundError, match=r"There is no item 'mailbox'\. Subscription 104 has: plan"):
        do(timeline, EndItem(subscription=SUBSCRIPTION, item=MAILBOX, on=march(9)), march(12))

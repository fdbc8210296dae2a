"""Two plans beside each other: what each is, and what the next bill is with and without the change."""

from datetime import date

import pytest

from ispcore.errors import NotPermittedError, RefusedError
from ispcore.plans import AddItem, ChangePlan, Discount
from ispcore.timeline import Actor
from ispcore.values import ItemId
from tests.catalogues import brl, march
from tests.providers import ANA, Office

LEAP_DAY, END_OF_MARCH = date(2012, 2, 29), date(2012, 3, 31)


@pytest.mark.covers("S2-035")
def test_two_plans_are_compared_by_price_composition_and_speed(office: Office) -> None:
    adsl = office.subscribe(office.register())

    found = office.provider.compare(ChangePlan(subscription=adsl, plan="fibre"), actor=ANA)

    assert (found.present.code, found.present.price) == ("adsl", brl("100.00"))
    assert (found.present.speed, found.present.lines) == (None, ())
    assert found.other.price == brl("120.00")
    assert found.other.speed is not None
    assert found.other.speed.download_kbit == 300_000
    assert {line.id: line.value for line in found.other.lines} == {
        "access": brl("80.00"),
        "films": brl("30.00"),
    }
    assert found.dearer_by == brl("20.00")


@pytest.mark.covers("S2-035")
def test_in_arrears_both_plans_share_the_cycle_and_nothing_is_taken_back(office: Office) -> None:
    adsl = office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.clock.move_to(march(11))

    found = office.provider.compare(ChangePlan(subscription=adsl, plan="fibre"), actor=ANA)

    # 10 of 31 days at 100.00 are 32.26, and 21 at 120.00 are 81.29.
    assert (found.on, found.bill.closing_on) == (march(11), END_OF_MARCH)
    assert (found.bill.charged, found.bill.credited) == (brl("113.55"), brl("0.00"))
    assert found.bill_without.net == brl("100.00")
    assert {one.due_on for one in found.bill.receivables} == {date(2012, 4, 10)}


@pytest.mark.covers("S2-035")
def test_in_advance_the_unused_days_are_taken_back(office: Office) -> None:
    advance = office.subscribe(office.register(), "in-advance")
    office.close(march(1))
    office.clock.move_to(march(11))

    found = office.provider.compare(ChangePlan(subscription=advance, plan="fibre"), actor=ANA)

    # 21 of 31 days of 100.00 come back; of the 120.00 as many are charged.
    assert (found.bill.charged, found.bill.credited) == (brl("81.29"), brl("67.74"))
    assert found.bill.net == brl("13.55")
    assert found.bill_without.net == brl("0.00")


def test_what_is_compared_is_what_then_happens_and_nothing_is_saved(office: Office) -> None:
    customer = office.register()
    advance = office.subscribe(customer, "in-advance")
    office.subscribe(customer, "adsl")
    office.close(march(1))
    office.clock.move_to(march(11))
    change = ChangePlan(subscription=advance, plan="fibre", discount=Discount(amount=brl("10.00")))
    before = office.dump()

    found = office.provider.compare(change, actor=ANA)
    assert office.dump() == before

    successor = office.do(change).successor
    office.close(found.bill.closing_on)
    entries = [*office.charges(advance), *office.charges(successor)]  # type: ignore[arg-type]
    later = [entry for entry in entries if entry.issued_on == found.bill.closing_on]
    assert found.bill.net.minor == sum(entry.signed_minor for entry in later)
    assert found.other.to_pay == brl("110.00")


def test_services_that_go_along_count_and_others_are_told(office: Office) -> None:
    fibre = office.subscribe(office.register(), "fibre")
    for service in ("mailbox", "antivirus"):
        office.do(AddItem(subscription=fibre, service=service))
    change = ChangePlan(subscription=fibre, plan="adsl", drop=frozenset({ItemId("antivirus")}))

    found = office.provider.compare(change, actor=ANA)

    assert (found.present.in_all, found.other.in_all) == (brl("135.00"), brl("110.00"))
    assert (found.dropped, found.dearer_by) == (("antivirus",), brl("-25.00"))


def test_the_closing_can_be_chosen(office: Office) -> None:
    adsl = office.subscribe(office.register())

    found = office.provider.compare(
        ChangePlan(subscription=adsl, plan="fibre"), actor=ANA, closing_on=END_OF_MARCH
    )

    assert found.bill_without.charged == brl("120.69")  # six days of February, and March


def test_a_longer_cycle_is_compared_at_its_own_closing(office: Office) -> None:
    adsl = office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.clock.move_to(march(1))

    found = office.provider.compare(ChangePlan(subscription=adsl, plan="calendar-quarters"), actor=ANA)

    assert (found.other.every.months, found.bill.closing_on) == (3, END_OF_MARCH)


def test_a_change_that_is_refused_is_not_compared(office: Office) -> None:
    adsl = office.subscribe(office.register())

    with pytest.raises(RefusedError, match="does not sell the plan 'hosting'"):
        office.provider.compare(ChangePlan(subscription=adsl, plan="hosting"), actor=ANA)


def test_who_may_not_change_the_plan_may_not_try_it(office: Office) -> None:
    adsl = office.subscribe(office.register())
    reader = Actor("rui", {"subscription.read", "billing.preview"})

    with pytest.raises(NotPermittedError, match=r"'subscription\.change-plan' is missing"):
        office.provider.compare(ChangePlan(subscription=adsl, plan="fibre"), actor=reader)

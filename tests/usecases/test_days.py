"""Instants become days in one place, in the zone of the subscription's business unit."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ispcore.errors import RefusedError
from ispcore.plans import (
    PLAN_ITEM,
    Cancel,
    ChangeAddress,
    ChangeBillingTerms,
    ChangePrice,
    PriceStart,
    Retract,
    SubscriptionCommand,
    Suspend,
)
from ispcore.values import AddressId, SubscriptionId
from tests.catalogues import DOCUMENT, brl
from tests.providers import ANA, Office, address

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)


def at(office: Office, *instant: int) -> None:
    office.clock.instant = datetime(*instant, tzinfo=UTC)  # type: ignore[arg-type, misc]


def in_zone(office: Office, zone: str) -> None:
    office.load(units={"londrina": {**DOCUMENT["units"]["londrina"], "zone": zone}})


@pytest.mark.parametrize(
    ("instant", "zone", "day"),
    [
        ((2012, 3, 10, 2, 59), "America/Sao_Paulo", date(2012, 3, 9)),
        ((2012, 3, 10, 3, 0), "America/Sao_Paulo", date(2012, 3, 10)),
        ((2012, 3, 10, 2, 59), "UTC", date(2012, 3, 10)),
        ((2012, 3, 10, 23, 30), "UTC", date(2012, 3, 10)),
        # Summer time there ended at midnight from 25 to 26 February 2012: that day had 25 hours.
        ((2012, 2, 26, 1, 59), "America/Sao_Paulo", date(2012, 2, 25)),
        ((2012, 2, 26, 2, 59), "America/Sao_Paulo", date(2012, 2, 25)),
        ((2012, 2, 26, 3, 0), "America/Sao_Paulo", date(2012, 2, 26)),
        # It began at midnight on 21 October: that day had 23 hours.
        ((2012, 10, 21, 2, 59), "America/Sao_Paulo", date(2012, 10, 20)),
        ((2012, 10, 21, 3, 0), "America/Sao_Paulo", date(2012, 10, 21)),
        ((2012, 10, 22, 1, 59), "America/Sao_Paulo", date(2012, 10, 21)),
        ((2012, 10, 22, 2, 0), "America/Sao_Paulo", date(2012, 10, 22)),
    ],
)
def test_today_is_the_day_in_the_zone_of_the_unit(
    office: Office, instant: tuple[int, ...], zone: str, day: date
) -> None:
    in_zone(office, zone)
    customer = office.register()
    subscription = office.subscribe(customer)
    at(office, *instant)

    (fact,) = office.do(Suspend(subscription=subscription)).facts

    assert fact.effective_on == day
    assert fact.recorded.at == datetime(*instant, tzinfo=UTC)  # type: ignore[arg-type, misc]


def test_a_day_that_has_not_begun_in_the_unit_is_a_later_day(office: Office) -> None:
    subscription = office.subscribe(office.register())
    at(office, 2012, 3, 10, 2, 59)

    with pytest.raises(RefusedError, match="today is 2012-03-09"):
        office.do(Suspend(subscription=subscription, on=date(2012, 3, 10)))


def test_each_subscription_has_the_day_of_its_own_unit(office: Office) -> None:
    in_zone(office, "Asia/Tokyo")
    londrina = office.subscribe(office.register("Ana", city="Londrina"))
    maringa = office.subscribe(office.register("Bia", city="Maringá"))
    at(office, 2012, 3, 10, 16)

    days = [office.do(Suspend(subscription=one)).facts[0].effective_on for one in (londrina, maringa)]

    assert days == [date(2012, 3, 11), date(2012, 3, 10)]


def test_what_belongs_to_no_unit_has_the_latest_day_of_any(office: Office) -> None:
    in_zone(office, "Asia/Tokyo")
    at(office, 2012, 3, 10, 16)

    customer = office.register()

    assert office.provider.customer(customer, actor=ANA).customer.registered_on == date(2012, 3, 11)


def test_days_that_were_given_never_shift(office: Office) -> None:
    at(office, 2012, 2, 25, 1, 30)
    subscription = office.subscribe(office.register(), on=date(2012, 2, 24))
    for hour in (0, 2, 3, 23):
        at(office, 2012, 2, 29, hour)
        office.provider.close(LEAP_DAY, actor=ANA)

    (charge,) = office.charges(subscription)
    assert (charge.days, charge.issued_on, charge.amount) == (6, LEAP_DAY, brl("20.69"))
    assert office.provider.subscription(subscription, actor=ANA).timeline.last.started_on == date(2012, 2, 24)


# --- what a fact dirties

ID = SubscriptionId(1)
DIRTY: list[tuple[str, SubscriptionCommand, date, date | None]] = [
    ("a price in a closed cycle", ChangePrice(subscription=ID, price=brl("90.00"), on=date(2012, 3, 10)),
     END_OF_MARCH, date(2012, 3, 10)),
    ("a price on the last closed day", ChangePrice(subscription=ID, price=brl("90.00"), on=END_OF_MARCH),
     END_OF_MARCH, END_OF_MARCH),
    ("a price on the first open day", ChangePrice(subscription=ID, price=brl("90.00"), on=date(2012, 4, 1)),
     END_OF_MARCH, None),
    ("a price for later", ChangePrice(subscription=ID, price=brl("90.00"), on=date(2012, 5, 1)),
     END_OF_MARCH, None),
    ("a price from the next cycle",
     ChangePrice(subscription=ID, price=brl("90.00"), on=date(2012, 3, 10), start=PriceStart.NEXT_CYCLE),
     END_OF_MARCH, None),
    ("a back-dated cancellation", Cancel(subscription=ID, reason="moved", on=date(2012, 2, 26)),
     END_OF_MARCH, date(2012, 2, 26)),
    ("a suspension today", Suspend(subscription=ID), date(2012, 4, 10), None),
    ("a retracted fact of a closed cycle", Retract(subscription=ID, fact=2), date(2012, 4, 10),
     date(2012, 3, 5)),
    ("a retracted fact within what was closed", Retract(subscription=ID, fact=2), date(2012, 3, 20),
     date(2012, 3, 5)),
    ("another address", ChangeAddress(subscription=ID, address=AddressId("home"), on=date(2012, 3, 20)),
     END_OF_MARCH, date(2012, 3, 20)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "command", "today", "dirty"), DIRTY, ids=[case[0] for case in DIRTY])
def test_a_command_dirties_what_was_closed_from_the_earliest_day_that_it_moves(
    office: Office, name: str, command: SubscriptionCommand, today: date, dirty: date | None
) -> None:
    subscription = office.subscribe(office.register(addresses=(address("home", "Londrina"),)))
    office.do(ChangePrice(subscription=subscription, price=brl("110.00"), on=date(2012, 3, 5)))
    office.close(END_OF_MARCH)

    office.do(command, today=today)

    assert dirty_from(office, subscription) == dirty
    assert office.findings() == []
    office.close(date(2012, 4, 30))
    assert dirty_from(office, subscription) is None
    assert office.findings() == []


def dirty_from(office: Office, subscription: SubscriptionId) -> date | None:
    return office.provider.subscription(subscription, actor=ANA).row.dirty_from


@pytest.mark.parametrize(
    ("days", "dirty"),
    [
        ([date(2012, 3, 10), date(2012, 3, 20)], date(2012, 3, 10)),
        ([date(2012, 3, 20), date(2012, 3, 10)], date(2012, 3, 10)),
        ([date(2012, 3, 10), date(2012, 4, 2)], date(2012, 3, 10)),
        ([date(2012, 4, 2), date(2012, 2, 28)], date(2012, 2, 28)),
    ],
)
def test_of_several_commands_the_earliest_day_counts(office: Office, days: list[date], dirty: date) -> None:
    subscription = office.subscribe(office.register())
    office.close(END_OF_MARCH)

    for amount, day in enumerate(days, start=50):
        office.do(ChangePrice(subscription=subscription, price=brl(f"{amount}.00"), on=day))

    assert dirty_from(office, subscription) == dirty


def test_a_retracted_end_dirties_the_facts_that_come_back_with_it(office: Office) -> None:
    subscription = office.subscribe(office.register())
    office.close(END_OF_MARCH)
    office.do(ChangePrice(subscription=subscription, price=brl("50.00"), on=date(2012, 3, 15)))
    office.close(END_OF_MARCH)
    before: Any = office.owed(subscription)

    ended = office.do(Cancel(subscription=subscription, reason="moved", on=date(2012, 3, 10)))
    office.close(END_OF_MARCH)
    cut = office.owed(subscription)
    office.do(Retract(subscription=subscription, fact=ended.facts[0].sequence))
    office.close(END_OF_MARCH)

    assert before == {"2012-02": "20.69", "2012-03": "72.58"}
    assert cut == {"2012-02": "20.69", "2012-03": "32.26"}
    assert office.owed(subscription) == before
    assert office.findings() == []


def test_nothing_is_dirty_before_the_first_closing(office: Office) -> None:
    subscription = office.subscribe(office.register())

    office.do(ChangePrice(subscription=subscription, price=brl("50.00")))

    assert dirty_from(office, subscription) is None


def test_a_closing_day_that_moves_after_a_closing_leaves_a_bridge_and_closes_on_its_new_day(
    office: Office,
) -> None:
    subscription = office.subscribe(office.register())
    office.close(LEAP_DAY)

    office.do(ChangeBillingTerms(subscription=subscription, closing_day=15))
    office.close(date(2012, 3, 15))
    office.close(date(2012, 4, 15))

    assert office.owed(subscription) == {"2012-02": "20.69", "2012-03": "51.72", "2012-04": "100.00"}
    bridge = office.charges(subscription)[1]
    assert (str(bridge.key.cycle), bridge.days) == ("16/02/2012 to 15/03/2012, 29 days", 15)
    assert office.findings() == []


def test_a_view_shows_the_state_of_today_and_what_the_catalogue_charges_then(office: Office) -> None:
    versions = DOCUMENT["plans"]["adsl"]["versions"]
    dearer = {**versions[-1], "from": "2012-03-10", "price": "110.00", "existing": "next_cycle"}
    office.load(plans={"adsl": {**DOCUMENT["plans"]["adsl"], "versions": [*versions, dearer]}})
    subscription = office.subscribe(office.register())
    office.do(Cancel(subscription=subscription, on=date(2012, 4, 20), reason="moved"))

    seen = {}
    for day in (date(2012, 3, 31), date(2012, 4, 1), date(2012, 4, 20)):
        office.clock.move_to(day)
        view = office.provider.subscription(subscription, actor=ANA)
        seen[day] = (view.state.status.code, str(view.to_pay[PLAN_ITEM].amount))

    assert seen == {
        date(2012, 3, 31): ("enabled", "100.00"),
        date(2012, 4, 1): ("enabled", "110.00"),
        date(2012, 4, 20): ("cancelled", "110.00"),
    }

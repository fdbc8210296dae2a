"""Fields of commands are checked when a command is made."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from ispcore.customers import Address, AddressType, PersonDetails
from ispcore.errors import InvalidValueError
from ispcore.plans import ChangePrice, Subscribe, Suspend
from ispcore.values import AddressId, CustomerId, Money, SubscriptionId

FIRST = SubscriptionId(1)


def test_a_command_of_the_right_types_is_made() -> None:
    command = Suspend(subscription=FIRST, on=date(2012, 3, 1), note="asked by phone")

    assert command.on == date(2012, 3, 1)


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: Suspend(subscription="1"), r"Suspend\.subscription is '1' \(str\)\. It takes int"),  # type: ignore[arg-type]
        (lambda: Suspend(subscription=True), r"Suspend\.subscription is True \(bool\)"),  # type: ignore[arg-type]
        (lambda: Suspend(subscription=FIRST, on="2012-03-01"), r"Suspend\.on .* It takes date or None"),  # type: ignore[arg-type]
        (lambda: Suspend(subscription=FIRST, on=datetime(2012, 3, 1, tzinfo=UTC)), r"Suspend\.on"),
        (lambda: Suspend(subscription=FIRST, on=date(9999, 1, 1)), "Use a day from 1900-01-01 to 2199-12-31"),
        (lambda: ChangePrice(subscription=FIRST, price=100.0), r"ChangePrice\.price is 100\.0 \(float\)"),  # type: ignore[arg-type]
        (lambda: Subscribe(customer=CustomerId(1), plan="adsl", due_day="10"), r"Subscribe\.due_day"),  # type: ignore[arg-type]
        (lambda: Subscribe(customer=CustomerId(1), plan="adsl", lines="access"), r"Subscribe\.lines"),  # type: ignore[arg-type]
        (lambda: PersonDetails(name=None), r"PersonDetails\.name"),  # type: ignore[arg-type]
        (lambda: Address(id=AddressId("home"), type="home", city="x"), r"Address\.type .* AddressType"),  # type: ignore[arg-type]
    ],
)
def test_a_field_of_another_type_is_named_with_what_it_takes(make: Any, named: str) -> None:
    with pytest.raises(InvalidValueError, match=named):
        make()


def test_what_a_container_holds_is_left_to_the_rules() -> None:
    address = Address(id=AddressId("home"), type=AddressType.OTHER, city="Londrina")

    assert Subscribe(customer=CustomerId(1), plan="adsl", price=Money.of("1.00", "BRL")).lines is None
    assert address.city == "Londrina"

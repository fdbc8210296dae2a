"""Fields of commands are checked when a command is made."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ispcore.catalog import Line, Target
from ispcore.customers import Address, AddressType, PersonDetails
from ispcore.errors import InvalidValueError
from ispcore.plans import ChangePlan, Discount, Subscribe, Suspend
from ispcore.values import AddressId, CustomerId, LineId, Money, SubscriptionId
from ispcore.values.typed import check_length

FIRST = SubscriptionId(1)
LINE = Line(LineId("access"), "Access", 5, Target("3.1", "net", "nfcom"))  # type: ignore[arg-type] # on purpose


def test_a_command_of_the_right_types_is_made() -> None:
    command = Suspend(subscription=FIRST, on=date(2012, 3, 1), note="asked by phone")

    assert command.on == date(2012, 3, 1)


def odd(value: object) -> Any:
    """Return *value* as callers without a type checker see it."""
    return value


ODD_DISCOUNT, ODD_SUSPEND, ODD_PERSON, ODD_ADDRESS = map(odd, (Discount, Suspend, PersonDetails, Address))
ODD_SET = odd({7})


@pytest.mark.parametrize(
    ("make", "named"),
    [
        (lambda: ODD_SUSPEND(subscription="1"), r"Suspend\.subscription is '1' \(str\)\. It takes int"),
        (lambda: ODD_SUSPEND(subscription=True), r"Suspend\.subscription is True \(bool\)"),
        (lambda: suspend(on="2012-03-01"), r"Suspend\.on .* It takes date or None"),
        (lambda: suspend(on=datetime(2012, 3, 1, tzinfo=UTC)), r"Suspend\.on"),
        (lambda: suspend(on=date(9999, 1, 1)), "Use a day from 1900-01-01 to 2199-12-31"),
        (lambda: suspend(note="half \ud800"), r"Suspend\.note is no text"),
        (lambda: suspend(note="x" * 10_001), r"Suspend\.note is no text"),
        (lambda: subscribe(price=100.0), r"Subscribe\.price is 100\.0 \(float\)"),
        (lambda: subscribe(due_day="10"), r"Subscribe\.due_day"),
        (lambda: subscribe(lines="access"), r"Subscribe\.lines"),
        (lambda: subscribe(lines=("x",)), r"Subscribe\.lines is 'x' .* It takes Line"),
        (lambda: subscribe(lines=(LINE,)), r"Line\.value is 5 \(int\)"),
        (lambda: ODD_DISCOUNT(percent=33.3), r"Discount\.percent is 33\.3 \(float\)"),
        (lambda: ODD_DISCOUNT(percent=True), r"Discount\.percent is True"),
        (lambda: ODD_DISCOUNT(percent=Decimal("NaN")), "not between 0 and 100"),
        (lambda: ODD_DISCOUNT(amount=5), r"Discount\.amount is 5 \(int\)"),
        (lambda: ChangePlan(subscription=FIRST, plan="fibre", drop=ODD_SET), r"ChangePlan\.drop is 7"),
        (lambda: ODD_PERSON(name=None), r"PersonDetails\.name"),
        (lambda: ODD_ADDRESS(id="home", type="home", city="x"), r"Address\.type .* AddressType"),
    ],
)
def test_a_field_of_another_type_is_named_with_what_it_takes(make: Any, named: str) -> None:
    with pytest.raises(InvalidValueError, match=named):
        make()


def suspend(**more: Any) -> Suspend:
    return Suspend(subscription=FIRST, **more)


def subscribe(**more: Any) -> Subscribe:
    return Subscribe(customer=CustomerId(1), plan="adsl", **more)


def test_what_a_mapping_holds_is_left_to_the_rules() -> None:
    address = Address(id=AddressId("home"), type=AddressType.OTHER, city="Londrina")

    assert Subscribe(customer=CustomerId(1), plan="adsl", price=Money.of("1.00", "BRL")).lines is None
    assert address.city == "Londrina"


@pytest.mark.parametrize("text", [None, "", "abc"])
def test_a_text_of_the_greatest_length_or_less_is_taken(text: str | None) -> None:
    check_length("note", text, 3)


def test_a_longer_text_is_refused_with_its_length() -> None:
    with pytest.raises(InvalidValueError, match=r"The note 'abcd'\.\.\. has 4 characters") as refused:
        check_length("note", "abcd", 3)

    assert refused.value.hint == "Use up to 3."
